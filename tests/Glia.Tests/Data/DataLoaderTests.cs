using Glia.Data;

namespace Glia.Tests.Data;

public class DataLoaderTests
{
    private static TensorDataset Numbered(int count) =>
        new(Tensor.Arange(count * 2).Reshape(count, 2), Tensor.Arange(count, DType.Int64));

    private static long[][] Targets(DataLoader loader, int epoch = 0) => [.. loader.Epoch(epoch).Select(b => b.Target.ToArray<long>())];

    [Theory]
    [InlineData(10, 3, false, 4, 1)]
    [InlineData(10, 3, true, 3, 3)]
    [InlineData(9, 3, true, 3, 3)]
    [InlineData(10, 100, false, 1, 10)]
    [InlineData(10, 10, true, 1, 10)]
    [InlineData(0, 3, false, 0, 0)]
    public void Epoch_BatchCountAndLastSize(int samples, int batchSize, bool dropLast, int batches, int last)
    {
        foreach (var prefetch in new[] { 0, 1, 2, 9 })
        {
            var loader = new DataLoader(Numbered(samples), batchSize, dropLast: dropLast, prefetch: prefetch);
            var targets = Targets(loader);
            Assert.Equal((batches, batches), (loader.BatchCount, targets.Length));
            Assert.Equal(last, targets.LastOrDefault()?.Length ?? 0);
            Assert.Equal(targets.Sum(t => t.Length), targets.SelectMany(t => t).Distinct().Count());
        }
    }

    [Fact]
    public void Epoch_EverySampleOnce_InputsAndTargetsTogether()
    {
        foreach (var batch in new DataLoader(Numbered(11), 4).Epoch())
        {
            for (var i = 0; i < batch.Size; i++)
                Assert.Equal([batch.Target[i] * 2, (batch.Target[i] * 2) + 1], [batch.Input[i, 0], batch.Input[i, 1]]);
        }
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (long)i), Targets(new DataLoader(Numbered(11), 4)).SelectMany(t => t).Order());
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (long)i), Targets(new DataLoader(Numbered(11), 4, shuffle: false)).SelectMany(t => t));
    }

    [Fact]
    public void Epoch_OrderDependsOnSeedAndEpochOnly()
    {
        DataLoader Loader(ulong seed, int prefetch = 0) => new(Numbered(50), 7, seed: seed, prefetch: prefetch);
        var loader = Loader(1);
        var third = Targets(loader, 3);
        _ = Targets(loader, 0);
        Assert.Equal(third, Targets(loader, 3));
        Assert.Equal(third, Targets(Loader(1, prefetch: 3), 3));
        Assert.NotEqual(third, Targets(loader, 4));
        Assert.NotEqual(third, Targets(Loader(2), 3));
    }

    [Fact]
    public void ReadAhead_DataSetFails_ExceptionReachesTheLoopAfterTheGoodBatches()
    {
        var loader = new DataLoader(new Failing(at: 6), 2, shuffle: false, prefetch: 2);
        var seen = 0;
        var e = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var _ in loader.Epoch())
                seen++;
        });
        Assert.Equal(("sample 6", 3), (e.Message, seen));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Epoch_LeftEarly_ThreadEndsAndTheNextIsWhole(int prefetch)
    {
        var data = new Failing(at: -1);
        var loader = new DataLoader(data, 2, prefetch: prefetch);
        foreach (var _ in loader.Epoch())
            break;
        var filled = data.Filled;
        Thread.Sleep(30);
        Assert.Equal(filled, data.Filled);
        Assert.Equal(10, loader.Epoch(1).Sum(b => b.Size));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Epoch_ReaderFarAhead_LeavesTheBatchInUseAlone(int prefetch)
    {
        var loader = new DataLoader(Numbered(60), 2, shuffle: false, prefetch: prefetch);
        var next = 0;
        foreach (var batch in loader.Epoch())
        {
            // Time for the reader to fill whatever it may.
            if (next % 20 == 0)
                Thread.Sleep(5);
            Assert.Equal([next, next + 1], batch.Target.ToArray<long>());
            next += 2;
        }
        Assert.Equal(60, next);
    }

    [Fact]
    public void Epoch_AfterTheFirst_TakesNoNewMemory()
    {
        var loader = new DataLoader(Numbered(10), 3, prefetch: 2);
        var first = loader.Epoch().Select(b => b.Input.Block).ToHashSet();
        Assert.Subset(first, loader.Epoch(1).Select(b => b.Input.Block).ToHashSet());
        Assert.InRange(first.Count, 1, 3);
        var left = loader.Epoch(2).First().Input.Block;
        Assert.Contains(left, first);
        Assert.Subset(first, loader.Epoch(3).Select(b => b.Input.Block).ToHashSet());
    }

    [Fact]
    public void Subset_GivesItsSamplesInOrder()
    {
        var subset = Numbered(10).Subset([7, 2, 2]);
        Assert.Equal([7, 2, 2], Targets(new DataLoader(subset, 5, shuffle: false))[0]);
        Assert.Equal("Subset expects samples from 0 to 9 but got 10.", Assert.Throws<ArgumentException>(() => Numbered(10).Subset([10])).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void WeightsAndLengths_GoWithTheirSamples_AlsoThroughSubsetAndJoined(int prefetch)
    {
        var plain = Numbered(10);
        var full = new TensorDataset(plain.Inputs, plain.Targets, plain.Targets.To(DType.Float32), Tensor.From([.. Enumerable.Range(0, 10).Select(i => i % 3L)]));
        var joined = new JoinedDataset([full.Subset([9, 3, 4]), plain.Subset([7])]);
        foreach (var data in new[] { full, full.Subset([4, 2, 9, 1]), joined })
        {
            foreach (var batch in new DataLoader(data, 3, seed: 2, prefetch: prefetch).Epoch())
            {
                for (var i = 0; i < batch.Size; i++)
                {
                    var sample = (int)batch.Target[i];
                    Assert.Equal(sample == 7 && data == joined ? (1, 2) : (sample, sample % 3), ((int)batch.SampleWeights![i], (int)batch.Lengths![i]));
                }
                Assert.Equal((batch.Size, batch.Size), (batch.SampleWeights!.Count, batch.Lengths!.Count));
            }
        }
        Assert.All(new DataLoader(plain, 3, prefetch: prefetch).Epoch(), b => Assert.True(b.SampleWeights is null && b.Lengths is null));
    }

    [Fact]
    public void WeightsAndLengths_OutOfRange_Refused()
    {
        var (x, y) = (Tensor.Zeros((2, 3)), Tensor.Zeros(2));
        string Message(Tensor? weights, Tensor? lengths) => Assert.ThrowsAny<ArgumentException>(() => new TensorDataset(x, y, weights, lengths)).Message;
        Assert.Equal("TensorDataset expects one sample weight for each sample, (2,), but got (3,).", Message(Tensor.Zeros(3), null));
        Assert.Equal("TensorDataset expects sample weights that are finite numbers of 0 or more, but that of sample 1 is -1.", Message(Tensor.From(new float[] { 0, -1 }), null));
        Assert.Equal("TensorDataset expects sample weights that are finite numbers of 0 or more, but that of sample 0 is NaN.", Message(Tensor.From(new float[] { float.NaN, 1 }), null));
        Assert.Equal("TensorDataset expects one length for each sample, (2,), but got (1,).", Message(null, Tensor.Zeros(1, DType.Int64)));
        Assert.Equal("TensorDataset expects lengths of type Int64 but got Float32. Convert them with To(DType.Int64).", Message(null, Tensor.Zeros(2)));
        Assert.Equal("TensorDataset expects lengths from 0 to the 3 time steps of the inputs (2, 3), but that of sample 1 is 4.", Message(null, Tensor.From(new long[] { 3, 4 })));
        Assert.Equal(
            "TensorDataset expects inputs (count, time, …) where there are lengths but got inputs (2,).",
            Assert.Throws<ShapeException>(() => new TensorDataset(y, y, lengths: Tensor.Zeros(2, DType.Int64))).Message);
    }

    [Fact]
    public void Constructor_OutOfRange_Refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(Numbered(3), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(Numbered(3), 1, prefetch: -1));
        Assert.Equal(
            "dropLast leaves nothing of 3 samples in batches of 4. Use a smaller batchSize, or keep the last batch.",
            Assert.Throws<ArgumentException>(() => new DataLoader(Numbered(3), 4, dropLast: true)).Message);
        Assert.Equal(
            "TensorDataset expects inputs and targets with the same number of rows but got (3, 2) and (4,).",
            Assert.Throws<ShapeException>(() => new TensorDataset(Tensor.Zeros((3, 2)), Tensor.Zeros(4))).Message);
    }

    private sealed class Failing(int at) : Dataset
    {
        private int _filled;

        public int Filled => Volatile.Read(ref _filled);

        public override int Count => 10;

        public override Shape InputShape => 1;

        public override Shape TargetShape => Shape.Scalar;

        public override DType TargetDType => DType.Int64;

        public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
        {
            if (samples.Contains(at))
                throw new InvalidDataException($"sample {at}");
            Interlocked.Increment(ref _filled);
        }
    }
}
