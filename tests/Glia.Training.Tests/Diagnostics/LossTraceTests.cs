using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class LossTraceTests
{
    [Fact]
    public void FewSteps_AreKeptEachByItself()
    {
        var trace = new LossTrace();
        Assert.Empty(trace.ToList());
        for (var i = 0; i < 1000; i++)
            trace.Add(i);
        Assert.Equal(1, trace.Stride);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i), trace.ToList());
    }

    [Fact]
    public void MillionSteps_AreMeansInBoundedMemory()
    {
        const int Steps = 1_000_003;
        var trace = new LossTrace();
        for (var i = 0; i < Steps; i++)
            trace.Add(i);

        var (means, stride) = (trace.ToList(), trace.Stride);
        Assert.InRange(means.Count, 512, 1025);
        Assert.Equal((int)Math.Ceiling((double)Steps / stride), means.Count);
        for (var i = 0; i < means.Count - 1; i++)
            Assert.Equal((i * (double)stride) + ((stride - 1) / 2.0), means[i], 6);
        var rest = (means.Count - 1) * stride;
        Assert.Equal((rest + Steps - 1) / 2.0, means[^1], 6);
    }

    [Fact]
    public void MillionSteps_TakeNoMemoryBeyondTheFirstThousand()
    {
        var trace = new LossTrace();
        for (var i = 0; i < 3000; i++)
            trace.Add(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000_000; i++)
            trace.Add(1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void NaN_StaysVisible()
    {
        var trace = new LossTrace();
        for (var i = 0; i < 5000; i++)
            trace.Add(i == 1234 ? double.NaN : 1);
        Assert.Equal(1, trace.ToList().Count(double.IsNaN));
    }
}
