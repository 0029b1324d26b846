using Glia.Data;
using Glia.Layers;
using Glia.Memory;
using Glia.Optimizers;

namespace Glia.Tests.Memory;

public class SteadyStateTests
{
    [Fact]
    public void TrainingLoop_AfterWarmUp_CreatesNoBlocksAndCausesNoOldCollections()
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
        // The test runner allocates too, on threads of its own: the loop causes no old collection if it once gets by without one.
        Assert.Contains(Enumerable.Range(0, 3), _ =>
        {
            GC.Collect();
            var (young, old) = (GC.CollectionCount(1), GC.CollectionCount(2));
            Epochs(75);
            return (young, old) == (GC.CollectionCount(1), GC.CollectionCount(2));
        });
        Assert.Equal(created, MemoryPool.Created);
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
}
