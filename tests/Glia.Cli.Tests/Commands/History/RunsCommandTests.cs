using System.Text.Json;
using Glia.Runs;

namespace Glia.Cli.Tests.Commands.History;

/// <summary><c>glia runs</c> over a store of two trainings, and one that diverged.</summary>
public sealed class RunsCommandTests(RunsCommandTests.Trained trained) : IClassFixture<RunsCommandTests.Trained>, IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void List_HasALineForEachRunTheNewestFirst()
    {
        var lines = Run("list").Success().Split('\n').Where(l => l.StartsWith("│ ", StringComparison.Ordinal)).Skip(1).ToArray();
        Assert.Equal(["bad", "slow", "fast"], lines.Select(l => l.Split('│')[2].Trim()));
        Assert.Matches(@"^│ [0-9a-f]{8} │ fast +│ iris +│ mlp +│ completed +│ +30 │ test_accuracy \S+ +│ \d{4}-\d\d-\d\d \d\d:\d\d │$", lines[2]);
        Assert.Contains("│ failed ", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slow fast", "--state", "completed")]
    [InlineData("bad", "--state", "failed")]
    [InlineData("bad slow fast", "--data", "IRIS")]
    [InlineData("", "--data", "digits")]
    [InlineData("fast", "--where", "learning-rate=0.01", "--where", "optimizer~adam")]
    [InlineData("bad slow fast", "--where", "family=mlp")]
    [InlineData("fast slow", "--sort", "val_loss", "--limit", "2")]
    [InlineData("fast slow bad", "--reverse")]
    public void List_Filters(string names, params string[] options)
    {
        var runs = JsonDocument.Parse(Run(["list", .. options, "--json"]).Success()).RootElement.EnumerateArray().Select(r => r.GetProperty("name").GetString());
        Assert.Equal(names, string.Join(' ', runs));
        // A second format agrees.
        var csv = Run(["list", .. options, "--csv"]).Success().Split('\n')[1..^1].Select(l => l.Split(',')[1]);
        Assert.Equal(names, string.Join(' ', csv));
    }

    [Fact]
    public void List_SaysWhenNothingFits()
    {
        Assert.Equal("No run is like that.\n", Run("list", "--data", "x").Success());
        using (RunStore.Open(_workspace["empty.db"]))
        {
        }
        Assert.Equal("No run was recorded yet. 'glia train' records every training.\n", Cli.Run("runs", "list", "--store", _workspace["empty.db"]).Success());
    }

    [Fact]
    public void Show_TellsAllAboutOne()
    {
        var text = Run("show", Id("fast")).Success();
        string[] parts =
        [
            "fast: mlp on iris, seed 0", "completed (Completed)", "30 epochs, 210 steps", "val_accuracy", "training   ● validation", "learningRate", "0.01", "instructionSet", "built-in:iris",
            "model.safetensors", "glia train iris --epochs 30 --learning-rate 0.01",
        ];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.DoesNotContain("(gone)", text, StringComparison.Ordinal);
        // By its folder it is the same.
        Assert.Equal(text, Run("show", trained["fast"]).Success());
    }

    [Fact]
    public void Show_OfAFailure_TellsWhyAndWhatHelps()
    {
        var text = Run("show", "last").Success();
        Assert.Contains("The loss became NaN", text, StringComparison.Ordinal);
        Assert.Contains("Doctor: 1 finding", text, StringComparison.Ordinal);
        Assert.Equal("failed", JsonDocument.Parse(Run("show", "last", "--json").Success()).RootElement[0].GetProperty("state").GetString());
    }

    [Fact]
    public void Compare_ShowsWhatDiffersAndTheResults()
    {
        var text = Run("compare", Id("fast"), Id("slow")).Success();
        Assert.Matches(@"│ learningRate +│ 0\.01 +│ 0\.0001 +│", text);
        Assert.Matches(@"│ maxEpochs +│ 30 +│ 5 +│", text);
        Assert.Contains("test_accuracy", text, StringComparison.Ordinal);
        Assert.DoesNotContain("batchSize", text, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Run("compare", Id("fast"), Id("slow"), "--json").Success()).RootElement;
        Assert.Equal([0.01, 0.0001], json.GetProperty("differences").GetProperty("learningRate").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(2, json.GetProperty("results").GetProperty("val_loss").GetArrayLength());
    }

    [Fact]
    public void Export_WritesJsonAndCsv()
    {
        var json = JsonDocument.Parse(Run("export", Id("fast")).Success()).RootElement;
        Assert.Equal(210, json.GetProperty("steps").GetProperty("loss").GetProperty("value").GetArrayLength());
        // The epochs are those of the run folder, to the last digit.
        var metrics = File.ReadAllLines(Path.Combine(trained["fast"], "metrics.csv"));
        Run("export", Id("fast"), "--format", "csv", "--out", _workspace["epochs.csv"]).Success();
        var csv = File.ReadAllLines(_workspace["epochs.csv"]);
        Assert.Equal(metrics[0].Split(',').Order(), csv[0].Split(',').Order());
        foreach (var column in metrics[0].Split(','))
            Assert.Equal(Column(metrics, column), Column(csv, column));
        Assert.Equal(211, Run("export", Id("fast"), "--format", "csv", "--steps").Success().Count(c => c == '\n'));
    }

    [Fact]
    public void Delete_AsksOrIsToldNotTo()
    {
        using (var store = RunStore.Open(_workspace["own.db"]))
        {
            using var run = store.Begin(new RunDescription { Name = "old" });
            run.Complete();
        }
        var id = JsonDocument.Parse(Cli.Run("runs", "list", "--json", "--store", _workspace["own.db"]).Success()).RootElement[0].GetProperty("id").GetString()!;
        Cli.Run("runs", "delete", "last", "--store", _workspace["own.db"]).Fails($"glia: Nobody is there to be asked whether to delete {id} (old). Add --yes.");
        // A wrong name among them deletes nothing.
        Assert.Equal(2, Cli.Run("runs", "delete", "last", "nonsense", "--yes", "--store", _workspace["own.db"]).ExitCode);
        Assert.Equal($"deleted {id} old\n", Cli.Run("runs", "delete", "last", "--yes", "--store", _workspace["own.db"]).Success());
        Cli.Run("runs", "show", "last", "--store", _workspace["own.db"]).Fails($"glia: There is no run 'last' in the run store '{_workspace["own.db"]}'; it is empty.");
    }

    [Fact]
    public void DeleteWithFiles_RemovesWhatTheRunLeftAndNothingElse()
    {
        string Train(string name)
        {
            Cli.Run("train", "iris", "--epochs", "1", "-q", "--out", _workspace[name], "--store", _workspace["own.db"]).Success();
            return _workspace[name];
        }
        string Delete() => Cli.Run("runs", "delete", "last", "--files", "--yes", "--store", _workspace["own.db"]).Success();
        var clean = Train("clean");
        Assert.EndsWith($" clean and its folder '{clean}'\n", Delete(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(clean));
        var noted = Train("noted");
        File.WriteAllText(Path.Combine(noted, "notes.txt"), "mine");
        File.AppendAllText(Path.Combine(noted, "metrics.csv"), "changed");
        Assert.EndsWith($" noted; in '{noted}' stays what was changed or added: metrics.csv, notes.txt\n", Delete(), StringComparison.Ordinal);
        var other = Train("other");
        File.Delete(Path.Combine(other, "summary.json"));
        Assert.EndsWith($" other; '{other}' does not look like the folder of this run, so it stays\n", Delete(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(other, "model.safetensors")));
    }

    [Theory]
    [InlineData("glia: No run has a 'val_los'; what runs have:", "list", "--where", "val_los<1")]
    [InlineData("glia: 'val_loss' is no condition; write", "list", "--where", "val_loss")]
    [InlineData("glia: --state must be running or completed or failed or interrupted but is 'x'.", "list", "--state", "x")]
    [InlineData("glia: --json and --csv exclude each other. Leave one out.", "list", "--json", "--csv")]
    [InlineData("glia: There is no run 'zz' in the run store", "show", "zz")]
    [InlineData("glia: --steps is for --format csv; JSON has all steps anyway. Leave it out.", "export", "last", "--steps")]
    public void BadInput_IsRefusedOnALine(string message, params string[] arguments)
    {
        var result = Run(arguments);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((2, "", 1), (result.ExitCode, result.Out, result.Error.Count(c => c == '\n')));
    }

    [Fact]
    public void SameRunTwice_IsNothingToCompare() =>
        Run("compare", "last", Id("bad")).Fails($"glia: All of these are the run {Id("bad")}. Name another to compare it with.");

    [Fact]
    public void StoreThatIsNone_IsRefused()
    {
        _workspace.Write("text.db", string.Concat(Enumerable.Repeat("this is a text\n", 100)));
        Cli.Run("runs", "list", "--store", _workspace["text.db"]).Fails($"glia: The run store '{_workspace["text.db"]}' is not an SQLite database. Choose another file.");
        Cli.Run("runs", "list", "--store", _workspace["missing.db"]).Fails($"glia: There is no run store '{_workspace["missing.db"]}'.");
    }

    private CliResult Run(params string[] arguments) => Cli.Run(["runs", .. arguments, "--store", trained["runs.db"]]);

    private string Id(string name) => JsonDocument.Parse(Run("list", "--where", $"name={name}", "--json").Success()).RootElement[0].GetProperty("id").GetString()!;

    private static IEnumerable<string> Column(string[] lines, string name)
    {
        var place = Array.IndexOf(lines[0].Split(','), name);
        return lines[1..].Select(l => l.Split(',')[place]);
    }

    public sealed class Trained : IDisposable
    {
        private readonly Workspace _workspace = new();

        public Trained()
        {
            Train("fast", 0, "--epochs", "30", "--learning-rate", "0.01");
            Train("slow", 0, "--epochs", "5", "--learning-rate", "0.0001");
            Train("bad", 3, "--learning-rate", "1e30");
        }

        public string this[string name] => _workspace[name];

        public void Dispose() => _workspace.Dispose();

        private void Train(string name, int exitCode, params string[] options) =>
            Assert.Equal(exitCode, Cli.Run(["train", "iris", "-q", .. options, "--out", _workspace[name], "--store", _workspace["runs.db"]]).ExitCode);
    }
}
