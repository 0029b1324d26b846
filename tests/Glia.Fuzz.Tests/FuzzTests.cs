namespace Glia.Fuzz.Tests;

/// <summary>Every reader on its seeds, inputs that once failed among them, and on some thousand changes of them; tests/fuzz.sh does the same a million times.</summary>
public class FuzzTests
{
    private const int Inputs = 2000;

    public static TheoryData<string> Targets => [.. TargetTable.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Reader_ThrowsDocumentedExceptionsInBoundedMemoryAndTime(string name)
    {
        var target = TargetTable.All.Single(t => t.Name == name);
        using var run = new FuzzRun(target);
        var seeds = target.AllSeeds();
        Assert.NotEmpty(seeds);
        foreach (var seed in seeds)
            Assert.Null(run.Try(seed));
        Assert.Contains("read", run.Outcomes.Keys);
        var mutator = new Mutator(target, new Random(20));
        for (var i = 0; i < Inputs; i++)
        {
            var input = mutator.Next(seeds);
            if (run.Try(input) is { } failure)
                Assert.Fail($"{failure}\n{Convert.ToBase64String(input)}");
        }
    }

    [Fact]
    public void Failures_AreSeen()
    {
        Assert.StartsWith("threw System.InvalidOperationException", Try(_ => throw new InvalidOperationException()), StringComparison.Ordinal);
        Assert.StartsWith("allocated ", Try(_ => GC.KeepAlive(new byte[6 << 20])), StringComparison.Ordinal);
        Assert.StartsWith("took ", Try(_ => Thread.Sleep(1100)), StringComparison.Ordinal);
        Assert.Equal("", Try(_ => throw new FormatException()));
    }

    [Fact]
    public void SameSeed_MakesTheSameInputs()
    {
        var target = TargetTable.All.Single(t => t.Name == "safetensors");
        var seeds = target.AllSeeds();
        var (one, other) = (new Mutator(target, new Random(3)), new Mutator(target, new Random(3)));
        for (var i = 0; i < 100; i++)
            Assert.Equal(one.Next(seeds), other.Next(seeds));
    }

    private static string Try(Action<byte[]> read)
    {
        using var run = new FuzzRun(new FuzzTarget("test", (bytes, _) => read(bytes), typeof(FormatException)) { NeedsFile = false });
        return run.Try([1, 2, 3]) ?? "";
    }
}
