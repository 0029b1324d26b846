using System.Runtime.InteropServices;
using System.Text;

namespace Glia.Cli.Tests.Commands;

public sealed class SignalTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public void OneSignal_SavesTheBestWeights(PosixSignal signal, int exitCode)
    {
        using var process = new CliProcess(_workspace.Path, "train", "diabetes", "--epochs", "2000000", "--learning-rate", "1e-7", "--out", "new/run");
        process.WaitFor("epoch   2/");
        process.Signal(signal);
        var result = process.Wait();
        Assert.Equal("glia: stopping after this step; the best weights are kept. Ctrl-C again ends at once.\n", result.Error);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("stopped as asked in epoch", result.Out, StringComparison.Ordinal);
        Assert.Equal(["run"], Directory.GetFileSystemEntries(_workspace["new"]).Select(Path.GetFileName));
        // Beside the twelve files of a run, what it needs to go on.
        Assert.Equal(13, Directory.GetFiles(_workspace["new/run"]).Length);
        Assert.Single(Directory.GetFiles(_workspace["new/run/checkpoints"]));
        Cli.Run("evaluate", _workspace["new/run"], "diabetes").Success();
    }

    [Fact]
    public void SecondSignal_EndsAtOnceAndLeavesNothing()
    {
        // One step over all samples takes long enough for two signals to fall into it.
        _workspace.Write("t.csv", Table(8000));
        var before = _workspace.Snapshot();
        using var process = new CliProcess(
            _workspace.Path, "train", "t.csv", "--target", "y", "--hidden", "2048,2048,2048", "--batch-size", "8000", "--epochs", "1000", "--out", "new/run");
        process.WaitFor("AdamW, learning rate");
        process.Signal(PosixSignal.SIGINT);
        Thread.Sleep(200);
        process.Signal(PosixSignal.SIGINT);
        var result = process.Wait();
        Assert.Equal(
            "glia: stopping after this step; the best weights are kept. Ctrl-C again ends at once.\nglia: stopped; nothing was saved.\n", result.Error);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(before, _workspace.Snapshot());
    }

    [Fact]
    public void SignalWhileLoading_EndsAtOnceAndLeavesNothing()
    {
        _workspace.Write("large.csv", Table(2_000_000));
        var before = _workspace.Snapshot();
        using var process = new CliProcess(_workspace.Path, "train", "large.csv", "--target", "y", "--out", "run");
        Thread.Sleep(700);
        process.Signal(PosixSignal.SIGINT);
        var result = process.Wait();
        Assert.Equal("", result.Out);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(before, _workspace.Snapshot());
    }

    private static string Table(int rows)
    {
        var text = new StringBuilder("a,b,c,y\n", rows * 16);
        for (var i = 0; i < rows; i++)
            text.Append(i % 97).Append(',').Append(i % 89).Append(',').Append(i % 83).Append(',').Append(i % 2).Append('\n');
        return text.ToString();
    }
}
