using Glia.Layers;
using Glia.Losses;
using Glia.Models;
using Glia.Optimizers;

namespace Glia.Tests.Models;

public class TransformerLanguageModelTests
{
    private const int Vocabulary = 8, Context = 12;

    [Fact]
    public void PeriodicText_IsContinuedAfterTraining()
    {
        var model = TransformerLanguageModel.Create(Vocabulary, Context, modelSize: 16, heads: 2, layers: 2, dropout: 0, seed: 1);
        Assert.Equal((Context, Vocabulary), model.ResultShape);
        var (loss, optimizer) = (new CrossEntropyLoss(classAxis: -1), new Adam(0.01).Attach(model.Parameters));
        var last = 0.0;
        for (var step = 0; step < 500; step++)
        {
            var (x, y) = Batch(16, new Rng(7).Split((ulong)step));
            var value = loss.Compute(model.Forward(x, ForwardContext.Training(new Rng(2).Split((ulong)step))), y);
            value.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            last = value.Item();
        }
        Assert.InRange(last, 0, 0.8);

        // What comes before the first repetition cannot be known; from the second period on every token follows.
        var (unseen, next) = Batch(64, new Rng(99));
        var predicted = model.Predict(unseen).ArgMax();
        var right = 0;
        for (var i = 0; i < 64; i++)
            right += Enumerable.Range(4, Context - 4).Count(t => predicted[i, t] == next[i, t]);
        Assert.True(right > 0.95 * 64 * (Context - 4), $"{right} of {64 * (Context - 4)}");
    }

    [Fact]
    public void Logits_DoNotDependOnLaterTokens()
    {
        var model = TransformerLanguageModel.Create(Vocabulary, Context, modelSize: 16, heads: 2, seed: 1);
        var (x, _) = Batch(1, new Rng(1));
        var changed = x.Clone();
        changed.AsWritableSpan<long>()[7..].Clear();
        Numbers.Close(model.Predict(x).Slice(1, 0, 7), model.Predict(changed).Slice(1, 0, 7), 1e-6, 1e-6);
    }

    /// <summary>Texts of period 4 over random tokens, and the same shifted by one.</summary>
    private static (Tensor Tokens, Tensor Next) Batch(int count, Rng rng)
    {
        var (x, y) = (new long[count * Context], new long[count * Context]);
        for (var i = 0; i < count; i++)
        {
            var period = rng.Permutation(Vocabulary).Take(4).ToArray();
            for (var t = 0; t < Context; t++)
                (x[(i * Context) + t], y[(i * Context) + t]) = (period[t % 4], period[(t + 1) % 4]);
        }
        return (Tensor.From(x, (count, Context)), Tensor.From(y, (count, Context)));
    }
}
