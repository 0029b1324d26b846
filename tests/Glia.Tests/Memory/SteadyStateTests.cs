using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Memory;
using Glia.Models;
using Glia.Optimizers;

namespace Glia.Tests.Memory;

public class SteadyStateTests
{
    [Fact]
    public void TrainingLoop_AfterWarmUp_CreatesNoBlocksAndLittleGarbage()
    {
        var model = Network.Input(1, 12, 12).Conv2D(4, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Dropout(0.2).Flatten().Dense(16).Tanh().Dense(3).Build(seed: 1);
        var optimizer = new Adam(1e-3).Attach(model.Parameters);
        var labels = Tensor.From(Enumerable.Range(0, 64).Select(i => (long)(i % 3)).ToArray());
        var loader = new DataLoader(new TensorDataset(Numbers.Normal((64, 1, 12, 12), 2, DType.Float32), labels), batchSize: 16);
        var step = 0UL;
        void Epochs(int count)
        {
            for (var epoch = 0; epoch < count; epoch++)
            {
                foreach (var batch in loader.Epoch(epoch))
                {
                    using var scope = new TensorScope();
                    Loss.CrossEntropy.Compute(model.Forward(batch.Input, ForwardContext.Training(new Rng(1).Split(step++))), batch.Target).Backward();
                    optimizer.Step();
                    optimizer.ZeroGrad();
                }
            }
        }

        Epochs(10);
        var created = MemoryPool.Created;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Epochs(75);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (75 * 4), 0, 24_000);
        Assert.Equal(created, MemoryPool.Created);
    }

    public static TheoryData<string> SequenceModels => [.. Sequences.Keys];

    private static Dictionary<string, Func<Module>> Sequences { get; } = new(StringComparer.Ordinal)
    {
        ["Lstm in plain operations"] = () => Network.Input(12, 8).Lstm(16, returnSequences: false, new() { Peephole = true, RecurrentDropout = 0.1 }).Dense(3).Build(seed: 1),
        ["attention"] = () => Network.Input(12, 8).MultiHeadAttention(2).Flatten().Dense(3).Build(seed: 1),
        ["Transformer"] = () => Network.Input(12, 8).PositionalEncoding().TransformerEncoder(2, 16, layers: 2, new() { Causal = true, Dropout = 0.1 }).Flatten().Dense(3).Build(seed: 1),
    };

    [Theory]
    [MemberData(nameof(SequenceModels))]
    public void TrainingOnSequences_AfterWarmUp_CreatesNoBlocks(string name)
    {
        var model = Sequences[name]();
        var inputs = Numbers.Normal((64, 12, 8), 2, DType.Float32);
        var labels = Tensor.From(Enumerable.Range(0, 64).Select(i => (long)(i % 3)).ToArray());
        var lengths = Tensor.From(Enumerable.Range(0, 64).Select(i => (long)(5 + (i % 8))).ToArray());
        var loader = new DataLoader(new TensorDataset(inputs, labels, lengths: lengths), batchSize: 16);
        HoldsSteady(model, loader, Loss.CrossEntropy);
    }

    [Theory]
    [InlineData(AttentionScore.Dot, 1)]
    [InlineData(AttentionScore.Additive, 0.5)]
    public void TrainingAnEncoderDecoder_AfterWarmUp_CreatesNoBlocks(AttentionScore attention, double teacherForcing)
    {
        var model = new EncoderDecoder(9, 9, new() { EmbeddingSize = 8, HiddenSize = 16, Attention = attention, TeacherForcing = teacherForcing, Dropout = 0.1 }, seed: 1);
        var rng = new Rng(3);
        // Seven symbols of the source, the start, five of the target.
        var inputs = Tensor.From([.. Enumerable.Range(0, 64 * 13).Select(i => i % 13 == 7 ? 1L : 3 + rng.NextInt(6))], (64, 13));
        var targets = Tensor.From([.. Enumerable.Range(0, 64 * 6).Select(_ => (long)rng.NextInt(9))], (64, 6));
        var lengths = Tensor.From(Enumerable.Range(0, 64).Select(i => (long)(3 + (i % 5))).ToArray());
        var loader = new DataLoader(new TensorDataset(inputs, targets, lengths: lengths), batchSize: 16);
        HoldsSteady(model, loader, new CrossEntropyLoss(classAxis: -1, ignoreIndex: EncoderDecoder.PaddingSymbol));
    }

    public static TheoryData<string> Recurrent => ["SimpleRnn", "Lstm", "Gru", "Bidirectional", "Stateful"];

    [Theory]
    [MemberData(nameof(Recurrent))]
    public void RecurrentTraining_AfterWarmUp_CreatesNoBlocks(string kind)
    {
        var input = Network.Input(12, 3);
        var model = (kind switch
        {
            "SimpleRnn" => input.SimpleRnn(8),
            "Lstm" => input.Lstm(8, returnSequences: true).Lstm(8),
            "Gru" => input.Gru(8),
            "Bidirectional" => input.Bidirectional(b => b.Lstm(8)),
            _ => input.Lstm(8, options: new() { Stateful = true }),
        }).Dense(2).Build(seed: 1);
        var optimizer = new Adam(1e-3).Attach(model.Parameters);
        var (x, y) = (Numbers.Normal((16, 12, 3), 2, DType.Float32), Tensor.From([.. Enumerable.Range(0, 16).Select(i => (long)(i % 2))]));
        var context = ForwardContext.Inference.WithLengths(Tensor.From([.. Enumerable.Range(0, 16).Select(i => 12L - (i % 4))]));
        void Steps(int count)
        {
            for (var step = 0; step < count; step++)
            {
                using var scope = new TensorScope();
                Loss.CrossEntropy.Compute(model.Forward(x, context), y).Backward();
                GradientClipping.ByNorm(model.Parameters, 1);
                optimizer.Step();
                optimizer.ZeroGrad();
            }
        }

        Steps(10);
        var created = MemoryPool.Created;
        Steps(40);
        Assert.Equal(created, MemoryPool.Created);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(5_000)]
    [InlineData(1_000_001)]
    public void Pool_ReturnedBlock_ServesTheNextOfItsSize(long bytes)
    {
        var block = MemoryPool.Rent(bytes);
        var version = block.Version;
        Assert.InRange(block.Bytes, bytes, Math.Max(320, bytes * 5 / 4 + 64));
        MemoryPool.Return(block);
        Assert.Same(block, MemoryPool.Rent(bytes));
        Assert.NotEqual(version, block.Version);
    }

    [Fact]
    public unsafe void Blocks_OfScopes_AreAlignedToCacheLines()
    {
        using var scope = new TensorScope();
        foreach (var count in new[] { 1, 100, 5_000, 100_000 })
        {
            fixed (float* first = Tensor.Zeros(count).AsSpan<float>())
                Assert.Equal(0, (nint)first % 64);
        }
    }

    private static void HoldsSteady(Module model, DataLoader loader, Loss loss)
    {
        var optimizer = new Adam(1e-3).Attach(model.Parameters);
        var step = 0UL;
        void Epochs(int count)
        {
            for (var epoch = 0; epoch < count; epoch++)
            {
                foreach (var batch in loader.Epoch(epoch))
                {
                    using var scope = new TensorScope();
                    var context = ForwardContext.Training(new Rng(1).Split(step++)).WithLengths(batch.Lengths!);
                    loss.Compute(model.Forward(batch.Input, context), batch.Target).Backward();
                    optimizer.Step();
                    optimizer.ZeroGrad();
                }
            }
        }

        Epochs(5);
        var created = MemoryPool.Created;
        Epochs(10);
        Assert.Equal(created, MemoryPool.Created);
    }
}
