using Glia.Layers;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>What changes with the number of steps or samples moves in the file, or is fixed or refused and said; it never stands still.</summary>
public class ExportSizesTests
{
    private static readonly Tensor Kernel = Tensor.Normal(new Rng(5), (8, 3, 4));

    private static readonly float[] Numbers = [.. Enumerable.Range(0, 20)];

    // Sample, whether the number of steps is free, and the computation.
    private static readonly Dictionary<string, (Shape Sample, bool IsFree, Func<Tensor, Tensor> Compute)> Rows = new(StringComparer.Ordinal)
    {
        ["mean over patches by hand"] = ((16, 3), false, x => Patch(x) is var y ? y.Sum([1]) * (1.0 / y.Shape[1]) : y),
        ["last of the patches"] = ((16, 3), true, x => Patch(x) is var y ? y.Slice(1, y.Shape[1] - 1, 1) : y),
        ["mean over patches"] = ((16, 3), true, x => Patch(x).Mean([1])),
        ["positions of patches"] = ((16, 3), false, x => new PositionalEncoding().Forward(Patch(x), ForwardContext.Inference)),
        ["the last 64 steps"] = ((20, 3), false, x => x.Slice(1, Math.Max(0, x.Shape[1] - 64), Math.Min(x.Shape[1], 64)).Sum([1])),
        ["every second step"] = ((20, 3), true, x => x.Slice(1, 0, (x.Shape[1] + 1) / 2, step: 2)),
        ["every third step from the second"] = ((20, 3), true, x => x.Slice(1, 1, (x.Shape[1] + 1) / 3, step: 3).Sum([1])),
        ["extremes by parity"] = ((20, 3), false, x => x.Shape[1] % 2 == 0 ? x.Max([1]) : x.Min([1])),
        ["dilation by length"] = ((20, 3), false, x => Tensor.Conv1D(x.Transpose(1, 2), Tensor.Ones((2, 3, 2)), null, new() { Dilation = x.Shape[1] > 40 ? 3 : 2 }).Sum([2])),
        ["as many steps as a program has numbers for"] = ((20, 3), false, x => x * (1 + Numbers[x.Shape[1] - 1])),
        ["a batch's own first axis"] = ((20, 3), true, x => Tensor.From([1f, 2, 3]).BroadcastTo((x.Shape[0], x.Shape[1], 3)) + x),
        ["largest, same size"] = Pooled(new MaxPool1D(3, 2, Padding.Same)),
        ["largest, same size, by 2"] = Pooled(new MaxPool1D(2, padding: Padding.Same)),
        ["largest, rounded up"] = Pooled(new MaxPool1D(2, ceilMode: true)),
        ["mean, rounded up"] = Pooled(new AvgPool1D(2, ceilMode: true)),
        ["mean, rounded up, padded"] = Pooled(new AvgPool1D(3, 2, 1, ceilMode: true)),
        ["mean, rounded up, padding not counted"] = Pooled(new AvgPool1D(3, 2, 1, ceilMode: true, countIncludePad: false)),
        ["largest, rounded up, padded"] = Pooled(new MaxPool1D(2, padding: 1, ceilMode: true)),
        ["mean, rounded up, padded by half"] = Pooled(new AvgPool1D(2, padding: 1, ceilMode: true)),
        ["mean, same size, by 2"] = Pooled(new AvgPool1D(2, padding: Padding.Same)),
        ["mean, same size"] = Pooled(new AvgPool1D(3, 2, Padding.Same)),
        ["mean, same size, padding not counted"] = Pooled(new AvgPool1D(3, 2, Padding.Same, countIncludePad: false)),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NumberOfSteps_MovesInTheFile_OrIsFixedAndSaidSo(string name)
    {
        var (sample, isFree, compute) = Rows[name];
        foreach (var operatorSet in (ReadOnlySpan<int>)[OnnxExportOptions.OldestOperatorSet, 19, OnnxExportOptions.NewestOperatorSet])
            Holds($"{name}, operators {operatorSet}", new Computation(compute), sample, isFree, operatorSet);
    }

    [Fact]
    public void ComputationThatChangesWithTheBatch_IsRefused()
    {
        foreach (var compute in (ReadOnlySpan<Func<Tensor, Tensor>>)
            [
                x => x.Shape[0] % 2 == 0 ? x.Max([1]) : x.Min([1]), x => x.Shape[0] == 1 ? x : x * 2, x => x * Math.Min(x.Shape[0], 6), x => x.Shape[0] > 6 ? x.CumulativeSum(1) : x.CumulativeSum(2),
            ])
        {
            var error = Assert.Throws<OnnxException>(() => OnnxExport.Of(new Computation(compute), (3, 2), options: new() { SequenceName = null }));
            Assert.Contains("size of the input", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SequenceOfOneStep_IsFixedAndSaidSo()
    {
        var export = OnnxExport.Of(Network.Sequence(1, 3).Flatten().Dense(2).Build(seed: 1));
        Assert.StartsWith("The number of steps is fixed: ", Assert.Single(export.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void LengthsWithALimit_AreFreeAndSaidSo()
    {
        var network = Network.Sequence(8, 4).PositionalEmbedding().Dense(2).Build(seed: 1);
        var export = ExportCheck.Holds("learned positions", network, (8, 4), freeSequence: true, fewer: 0);
        var note = Assert.Single(export.Notes);
        Assert.StartsWith("The number of steps is free up to that of the sample: ", note, StringComparison.Ordinal);
        Assert.Contains("at most 8 steps", note, StringComparison.Ordinal);
    }

    private static void Holds(string name, Module module, Shape sample, bool isFree, int operatorSet)
    {
        var export = OnnxExport.Of(module, sample, options: new() { OperatorSet = operatorSet });
        var model = export.ToModel();
        Assert.True(isFree == (model.Inputs[0].Sizes![1].Symbol == "sequence"), $"{name}: {string.Join(' ', export.Notes)}");
        if (!isFree)
            Assert.StartsWith("The number of steps is fixed: ", Assert.Single(export.Notes), StringComparison.Ordinal);
        var own = model.ToModule();
        foreach (var (batch, more) in (ReadOnlySpan<(int, int)>)[(1, 0), (2, 1), (7, 2), (1, 3), (3, 18), (1, 150)])
        {
            var x = Tensor.Normal(new Rng((ulong)more), sample.With(0, sample[0] + (isFree ? more : 0)).Prepend(batch));
            var y = module.Predict(x);
            OnnxRuntime.Close(y, OnnxRuntime.Run(export.ToArray(), ("input", x))["output"], $"{name}, {x.Shape}");
            OnnxRuntime.Close(y, own.Predict(x), $"{name} read by Glia, {x.Shape}");
        }
    }

    private static (Shape Sample, bool IsFree, Func<Tensor, Tensor> Compute) Pooled(Layer pool) =>
        ((20, 3), true, x => pool.Forward(x.Transpose(1, 2), ForwardContext.Inference));

    private static Tensor Patch(Tensor x) => Tensor.Conv1D(x.Transpose(1, 2), Kernel, null, new() { Stride = 4 }).Transpose(1, 2);

    private sealed class Computation(Func<Tensor, Tensor> compute) : Module
    {
        public override Tensor Forward(Tensor input, ForwardContext context) => compute(input);
    }
}
