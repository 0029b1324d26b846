namespace Glia.Cli.Tests.Commands;

public sealed class WhatNextTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("train iris --epochs 2")]
    [InlineData("train digits --epochs 1")]
    [InlineData("train \"my data/table of 'things'.csv\" --target \"the; target\" --epochs 2")]
    [InlineData("train \"my photos\" --epochs 1")]
    [InlineData("train idx --epochs 1")]
    public void CommandsSuggestedAfterTraining_Work(string command)
    {
        _workspace.Write("my data/table of 'things'.csv", "\"the; target\",\"a, b\"\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i % 2 == 0 ? "\"yes, sir\"" : "no")},{i % 4}\n")));
        TestImages.WriteFolder(_workspace, "my photos", 8, 10);
        TestImages.WriteIdx(_workspace, "idx", 8, 30);

        const string Glia = "glia() { $GLIA \"$@\"; }; ";
        var report = CliProcess.Shell(_workspace.Path, Glia + command.Replace("train", "glia train", StringComparison.Ordinal)).Success();
        var next = report.Split("What next\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["predict", "evaluate", "summary", "plot", "train"], next.Select(line => line.Split(' ')[1]));
        var result = CliProcess.Shell(_workspace.Path, $"{Glia} set -e\n{string.Join('\n', next)}").Success();
        Assert.Contains("prediction,probability", result, StringComparison.Ordinal);
        Assert.Contains("the held-out test part", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("book.txt --window 8", "generate evaluate summary plot train", "Don't")]
    [InlineData("co2", "predict evaluate summary plot train", "step,value")]
    [InlineData("adding --hidden 4", "evaluate summary plot train", "the held-out test part")]
    public void CommandsSuggestedAfterTrainingOnSequences_Work(string data, string commands, string shown)
    {
        _workspace.Write("book.txt", string.Concat(Enumerable.Repeat("Don't panic. ", 20)));
        const string Glia = "glia() { $GLIA \"$@\"; }; ";
        var report = CliProcess.Shell(_workspace.Path, $"{Glia}glia train {data} --steps 2").Success();
        var next = report.Split("What next\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(commands, string.Join(' ', next.Select(line => line.Split(' ')[1])));
        Assert.Contains(shown, CliProcess.Shell(_workspace.Path, $"{Glia} set -e\n{string.Join('\n', next)}").Success(), StringComparison.Ordinal);
    }
}
