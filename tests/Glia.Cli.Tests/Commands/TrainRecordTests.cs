using System.Globalization;
using Glia.Cli.Commands.History;
using Glia.Runs;

namespace Glia.Cli.Tests.Commands;

/// <summary>How <c>glia train</c> records what it does.</summary>
public sealed class TrainRecordTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Store => _workspace["own.db"];

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Training_IsRecordedWithoutBeingAsked()
    {
        Cli.Run("train", "iris", "--epochs", "2", "--seed", "12345", "-q", "--out", _workspace["run"]).Success();
        using var store = RunStore.OpenRead(TestStore.Path);
        var run = store.Find(_workspace["run"]);
        Assert.Equal(("run", "iris", "built-in:iris", 12345UL, RunState.Completed), (run.Description.Name, run.Description.Data, run.Description.Fingerprint, run.Description.Seed, run.State));
        Assert.Equal(Directory.GetFiles(_workspace["run"]).Order(StringComparer.Ordinal), store.Artefacts(run.Id).Select(a => a.Path));
        Assert.Equal("model", store.Artefacts(run.Id).Single(a => a.Path.EndsWith(".safetensors", StringComparison.Ordinal)).Kind);
        Assert.Equal(run.Steps, store.Steps(run.Id, RunRecorder.Loss).Count);
    }

    [Fact]
    public void Perceptron_IsRecordedByItsPasses()
    {
        Cli.Run("train", "two-clusters", "--family", "perceptron", "-q", "--out", _workspace["run"], "--store", Store).Success();
        using var store = RunStore.OpenRead(Store);
        var run = store.Find("last");
        Assert.Equal(0.0, run.Results["mistakes"].Number);
        Assert.Equal(run.Epochs, store.Epochs(run.Id).Count);
        Assert.Equal(1.0, run.Results["test_accuracy"].Number);
        Assert.Contains("mistakes", Cli.Run("runs", "show", "last", "--store", Store).Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void NoStore_RecordsNothing()
    {
        Cli.Run("train", "iris", "--epochs", "1", "-q", "--out", _workspace["run"], "--no-store").Success();
        using var store = RunStore.Open(TestStore.Path);
        Assert.Throws<RunStoreException>(() => store.Find(_workspace["run"]));
        using var process = new CliProcess(
            _workspace.Path, new Dictionary<string, string> { [StoreLocation.Variable] = StoreLocation.Off, ["XDG_DATA_HOME"] = _workspace["home"] }, "train", "iris", "--epochs", "1", "-q", "--out", "off");
        process.Wait().Success();
        Assert.False(Directory.Exists(_workspace["home"]));
    }

    [Fact]
    public void UsersOwnStore_IsInTheFolderForData()
    {
        var environment = new Dictionary<string, string> { [StoreLocation.Variable] = "", ["XDG_DATA_HOME"] = _workspace["home"] };
        using var empty = new CliProcess(_workspace.Path, environment, "runs", "list");
        Assert.Equal("No run was recorded yet. 'glia train' records every training.\n", empty.Wait().Success());
        using var train = new CliProcess(_workspace.Path, environment, "train", "iris", "--epochs", "1", "-q", "--out", "run");
        train.Wait().Success();
        using var store = RunStore.OpenRead(_workspace["home/glia/runs.db"]);
        Assert.Equal("run", store.Find("last").Description.Name);
    }

    [Fact]
    public void UsersOwnStoreThatIsDamaged_IsAWarningOnly()
    {
        var text = string.Concat(Enumerable.Repeat("this is a text\n", 100));
        var file = _workspace.Write("home/glia/runs.db", text);
        var environment = new Dictionary<string, string> { [StoreLocation.Variable] = "", ["XDG_DATA_HOME"] = _workspace["home"] };
        using var train = new CliProcess(_workspace.Path, environment, "train", "iris", "--epochs", "1", "-q", "--out", "run");
        var result = train.Wait();
        Assert.Equal((0, "run/model.safetensors\n"), (result.ExitCode, result.Out));
        Assert.Equal($"glia: warning: This run is not recorded. The run store '{file}' is not an SQLite database. Choose another file.\n", result.Error);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("--store", "text.db", "glia: The run store '{0}' is not an SQLite database. Choose another file.")]
    [InlineData("--store", ".", "glia: '{0}' is a folder, not a run store. Give the name of a file.")]
    [InlineData("--tensorboard", "text.db", "glia: Cannot create the folder '{0}/run' for TensorBoard: '{0}' is a file, not a folder. Choose another with --tensorboard.")]
    public void PlaceThatCannotBeUsed_IsRefusedBeforeTraining(string option, string name, string message)
    {
        _workspace.Write("text.db", string.Concat(Enumerable.Repeat("this is a text\n", 100)));
        var place = name == "." ? _workspace.Path : _workspace[name];
        var before = _workspace.Snapshot();
        Cli.Run("train", "iris", "--epochs", "1", "--out", _workspace["run"], option, place).Fails(message.Replace("{0}", place, StringComparison.Ordinal));
        Assert.Equal(before, _workspace.Snapshot());
    }

    [Fact]
    public void StoreAndNoStore_ExcludeEachOther()
    {
        var result = Cli.Run("train", "iris", "--store", Store, "--no-store");
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("glia: --store and --no-store exclude each other. Leave one out.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereItIsRecorded_ChangesNothingOfTheModelAndIsNoPartOfTheCommand()
    {
        Cli.Run("train", "iris", "--epochs", "3", "-q", "--out", _workspace["a"], "--no-store").Success();
        Cli.Run("train", "iris", "--epochs", "3", "-q", "--out", _workspace["b"], "--store", Store, "--tensorboard", _workspace["tb"]).Success();
        Assert.Equal(File.ReadAllBytes(_workspace["a/model.safetensors"]), File.ReadAllBytes(_workspace["b/model.safetensors"]));
        using var store = RunStore.OpenRead(Store);
        Assert.Equal("glia train iris --epochs 3", store.Find("last").Description.Command);
        Assert.Single(Directory.GetFiles(_workspace["tb/b/train"], "events.out.tfevents.*"));
        Assert.Single(Directory.GetFiles(_workspace["tb/b/validation"], "events.out.tfevents.*"));
    }

    [Fact]
    public void FourProcessesAtOnce_AllComplete()
    {
        const int Processes = 4;
        var environment = new Dictionary<string, string> { [StoreLocation.Variable] = Store };
        var all = Enumerable.Range(0, Processes)
            .Select(i => new CliProcess(_workspace.Path, environment, "train", "diabetes", "--epochs", "60", "--patience", "60", "--seed", i.ToString(CultureInfo.InvariantCulture), "-q", "--out", $"run{i}"))
            .ToArray();
        foreach (var process in all)
        {
            process.Wait().Success();
            process.Dispose();
        }
        using var store = RunStore.OpenRead(Store);
        var runs = store.List();
        Assert.Equal(Processes, runs.Count);
        Assert.All(runs, run => Assert.Equal((RunState.Completed, 60, run.Steps), (run.State, run.Epochs, (long)store.Steps(run.Id, RunRecorder.Loss).Count)));
        Assert.Equal(Enumerable.Range(0, Processes).Select(i => (ulong)i), runs.Select(r => r.Description.Seed).Order());
    }

    [Fact]
    public void KilledProcess_LeavesAReadableRecordMarkedInterrupted()
    {
        var environment = new Dictionary<string, string> { [StoreLocation.Variable] = Store };
        using (var process = new CliProcess(_workspace.Path, environment, "train", "diabetes", "--epochs", "2000000", "--learning-rate", "1e-7", "--patience", "2000000", "--out", "run"))
        {
            process.WaitFor("epoch   2/");
            using (var watching = RunStore.OpenRead(Store))
            {
                Assert.Equal(RunState.Running, watching.Find("last").State);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                while (watching.Find("last").Epochs < 2 && clock.Elapsed < TimeSpan.FromSeconds(30))
                    Thread.Sleep(50);
                Cli.Run("runs", "delete", "last", "--yes", "--store", Store).Fails($"glia: The run {watching.Find("last").Id} is being trained. Stop it before it is deleted.");
            }
            // SIGKILL
            process.Kill();
        }
        using var store = RunStore.OpenRead(Store);
        var run = store.Find("last");
        Assert.Equal(RunState.Interrupted, run.State);
        Assert.True(run.Epochs >= 2 && run.Ended is not null);
        var losses = store.Steps(run.Id, RunRecorder.Loss);
        Assert.Equal(run.Steps, losses.Count);
        Assert.Equal(Enumerable.Range(1, losses.Count).Select(i => (long)i), losses.Select(l => l.Step));
        Assert.Contains("│ interrupted ", Cli.Run("runs", "list", "--state", "interrupted", "--store", Store).Success(), StringComparison.Ordinal);
        Assert.Contains("interrupted, ", Cli.Run("runs", "show", "last", "--store", Store).Success(), StringComparison.Ordinal);
    }
}
