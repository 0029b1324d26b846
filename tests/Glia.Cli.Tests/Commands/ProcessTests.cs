using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

/// <summary>The program among other programs: pipes, default folders, full disks.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("train iris --epochs 3")]
    [InlineData("predict run iris")]
    [InlineData("datasets")]
    public void ReaderThatLeaves_IsNoFailure(string command)
    {
        Cli.Run("train", "iris", "--epochs", "1", "-q", "--out", _workspace["run"]).Success();
        var result = CliProcess.Shell(_workspace.Path, $"$GLIA {command} | head -1; exit ${{PIPESTATUS[0]}}");
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(1, result.Out.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("iris")]
    [InlineData("diabetes")]
    public void Training_PrintsNothingOnStandardErrorAndFillsAFolderUnderRuns(string data)
    {
        using var process = new CliProcess(_workspace.Path, "train", data, "--epochs", "3");
        process.Wait().Success();
        var run = Assert.Single(Directory.GetDirectories(_workspace["runs"]));
        Assert.StartsWith(data + "-", Path.GetFileName(run), StringComparison.Ordinal);
        // The dashed lines of a chart are many short ones.
        var svg = File.ReadAllText(Path.Combine(run, "loss.svg"));
        Assert.Matches("stroke=\"#6E6E6E\"[^>]* d=\"(M[^ML]+L[^ML]+){10,}\"", svg);
    }

    [Fact]
    public void Json_StaysAloneOnStandardOutput()
    {
        using var process = new CliProcess(_workspace.Path, "train", "digits", "--epochs", "1", "--json", "--out", "run");
        Assert.Equal("digits", JsonDocument.Parse(process.Wait().Success()).RootElement.GetProperty("data").GetString());
    }

    [Fact]
    public void FilesThatCannotBeWritten_AreExplainedAndLeaveNothing()
    {
        // No file may have more than 8 KiB: the same as a full disk to the program, and possible for every user.
        const string Limit = "export GLIA_STORE=off; trap '' XFSZ; ulimit -f 8; export DOTNET_EnableWriteXorExecute=0";
        var result = CliProcess.Shell(_workspace.Path, $"{Limit}; $GLIA train digits --epochs 1 --quiet --out new/run");
        Assert.Equal(
            "glia: a checkpoint could not be written: the files would be larger than allowed. Training goes on; the next one is tried when it is due.\n"
            + "glia: Cannot save the run in 'new/run': the files would be larger than allowed. Nothing was saved; make room or choose another folder with --out.\n",
            result.Error);
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Empty(_workspace.Snapshot());
    }

    [Fact]
    public void Launcher_NamesItselfInWhatNext()
    {
        using var process = new CliProcess(_workspace.Path, new Dictionary<string, string> { ["GLIA_COMMAND"] = "./glia" }, "datasets");
        Assert.EndsWith("  ./glia train iris\n", process.Wait().Success(), StringComparison.Ordinal);
    }
}
