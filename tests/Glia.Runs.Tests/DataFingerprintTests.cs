using Glia.Data;

namespace Glia.Runs.Tests;

public class DataFingerprintTests
{
    [Fact]
    public void SameSamples_HaveTheSameFingerprint() => Assert.Equal(DataFingerprint.Of(TempStore.Clusters()), DataFingerprint.Of(TempStore.Clusters()));

    [Fact]
    public void OtherSamplesShapesLabelsOrNumbers_HaveAnother()
    {
        var inputs = Tensor.Ones((4, 2));
        Dataset[] sets =
        [
            new TensorDataset(inputs, Tensor.From([0L, 1, 0, 1])),
            new TensorDataset(inputs, Tensor.From([0L, 1, 1, 1])),
            new TensorDataset(Tensor.Ones((4, 1, 2)), Tensor.From([0L, 1, 0, 1])),
            new TensorDataset(Tensor.Zeros((4, 2)), Tensor.From([0L, 1, 0, 1])),
            new TensorDataset(Tensor.Ones((3, 2)), Tensor.From([0L, 1, 0])),
            new TensorDataset(Tensor.Ones((4, 2), DType.Float64), Tensor.From([0L, 1, 0, 1])),
        ];
        Assert.Equal(sets.Length, sets.Select(DataFingerprint.Of).Distinct().Count());
    }

    [Fact]
    public void ManySamples_AreLookedAtInPart()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        DataFingerprint.Of(new TensorDataset(Tensor.Zeros((20_000, 1000)), Tensor.Zeros((20_000, 1))));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
    }
}
