using System.Diagnostics;

namespace Glia.Interchange.Tests.Weights;

public class PyTorchNamesTests
{
    private static readonly WeightLoadOptions Options = new() { Names = WeightNames.PyTorch, AllowUnexpected = true };

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.module._orig_mod.")]
    public void WrappersOfAllNames_AreTakenOff(string prefix)
    {
        using var file = Write(prefix + "fc.weight", prefix + "fc.bias", prefix + "module.x");
        Assert.Equal(["fc.bias", "fc.weight"], Network.Input(1).Dense(1, name: "fc").Build().LoadWeights(file, Options).Loaded.Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ManyWrappers_AreTakenOffAtOnce()
    {
        using var file = Write(string.Concat(Enumerable.Repeat("module.", 30_000)) + "w");
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        Assert.Throws<WeightFileException>(() => Network.Input(1).Dense(1, name: "fc").Build().LoadWeights(file, Options));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static SafetensorsFile Write(params string[] names)
    {
        var writer = new SafetensorsWriter();
        foreach (var name in names)
            writer.Add(name, Tensor.Ones(name.EndsWith("weight", StringComparison.Ordinal) ? (1, 1) : 1));
        return SafetensorsFile.Read(writer.ToArray());
    }
}
