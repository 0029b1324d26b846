using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

/// <summary>Runs that are killed, stopped or damaged, and go on by --resume.</summary>
public sealed class ResumeTests(ResumeTests.KilledRun killed) : IClassFixture<ResumeTests.KilledRun>, IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    /// <summary>A run of iris that was killed after some checkpoints, and the same one that was not.</summary>
    public sealed class KilledRun : IDisposable
    {
        public const string Arguments = "iris --epochs 40 --patience 40";

        private readonly Workspace _workspace = new();

        public KilledRun()
        {
            Cli.Run(["train", .. Arguments.Split(' '), "--quiet", "--out", Whole]).Success();
            using var process = new CliProcess(_workspace.Path, ["train", .. Arguments.Split(' '), "--checkpoint-every", "1", "--out", "killed"]);
            process.WaitFor("epoch   3/");
            process.KillAtOnce();
        }

        public string Whole => _workspace["whole"];

        /// <summary>The killed run in a place of its own.</summary>
        public string CopyTo(Workspace workspace, string name = "run")
        {
            foreach (var file in Directory.GetFiles(_workspace["killed"], "*", SearchOption.AllDirectories))
                workspace.Write(Path.Combine(name, Path.GetRelativePath(_workspace["killed"], file)), File.ReadAllBytes(file));
            return workspace[name];
        }

        public void Dispose() => _workspace.Dispose();
    }

    [Theory]
    [InlineData("breast-cancer --epochs 30 --patience 30", 4)]
    [InlineData("digits --epochs 3 --augment light", 3)]
    [InlineData("co2 --epochs 15 --dropout 0.1", 3)]
    public void KilledAtRandomMoments_EndsWithTheSameModel(string arguments, int kills)
    {
        Cli.Run(["train", .. arguments.Split(' '), "--quiet", "--out", _workspace["whole"]]).Success();
        var rng = new Rng((ulong)Stopwatch.GetTimestamp());
        var pauses = new List<int>();
        for (var i = 0; i < kills; i++)
        {
            var isBegun = Directory.Exists(_workspace["run"]);
            var threads = new Dictionary<string, string> { ["GLIA_THREADS"] = (1 + (i % 2)).ToString(CultureInfo.InvariantCulture) };
            using var process = new CliProcess(_workspace.Path, threads, isBegun ? ["train", "--resume", "run", "--checkpoint-every", "1"] : ["train", .. arguments.Split(' '), "--checkpoint-every", "1", "--out", "run"]);
            process.WaitFor("learning rate");
            pauses.Add(rng.NextInt(500));
            Thread.Sleep(pauses[^1]);
            process.KillAtOnce();
            if (!File.Exists(_workspace["run/run.json"]))
                break;
        }
        if (File.Exists(_workspace["run/run.json"]))
            Cli.Run("train", "--resume", _workspace["run"], "--quiet").Success();
        AssertSame(_workspace["whole"], _workspace["run"], $"killed after {string.Join(", ", pauses)} ms");
    }

    [Fact]
    public void Killed_GoesOnAndSaysFromWhere()
    {
        var run = killed.CopyTo(_workspace);
        var report = Cli.Run("train", "--resume", run).Success();
        Assert.Matches(@"going on from step [\d,]+, after \d+ epochs \(step-\d{9}\.safetensors\)", report);
        AssertSame(killed.Whole, run);
    }

    [Fact]
    public void DamagedCheckpoint_IsNamedAndTheOneBeforeTaken()
    {
        var run = killed.CopyTo(_workspace);
        var newest = Directory.GetFiles(Path.Combine(run, "checkpoints"), "step-*").Order(StringComparer.Ordinal).Last();
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..^7]);
        var result = Cli.Run("train", "--resume", run, "--quiet");
        Assert.StartsWith($"glia: passed over a damaged checkpoint: {newest}: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
        AssertSame(killed.Whole, run);
    }

    [Fact]
    public void AllCheckpointsDamaged_IsBadInputAndTouchesNothing()
    {
        var run = killed.CopyTo(_workspace);
        foreach (var file in Directory.GetFiles(Path.Combine(run, "checkpoints"), "step-*"))
            File.WriteAllText(file, "rubbish");
        var before = _workspace.Snapshot();
        var result = Cli.Run("train", "--resume", run, "--quiet");
        Assert.StartsWith($"glia: All checkpoints in '{Path.Combine(run, "checkpoints")}' are damaged: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(before, _workspace.Snapshot());
    }

    [Fact]
    public void MoreEpochs_EndAsIfTheyHadBeenAskedForAtOnce()
    {
        var run = killed.CopyTo(_workspace);
        Cli.Run("train", "iris", "--epochs", "50", "--patience", "40", "--quiet", "--out", _workspace["longer"]).Success();
        Cli.Run("train", "--resume", run, "--epochs", "50", "--keep-checkpoints", "--quiet").Success();
        AssertSame(_workspace["longer"], run, hasRest: true);
        Assert.Equal("50", JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement.GetProperty("arguments").GetProperty("epochs").GetString());
        // Its last checkpoint was kept, so that it can be given yet more.
        Cli.Run("train", "iris", "--epochs", "55", "--patience", "40", "--quiet", "--out", _workspace["longest"]).Success();
        Cli.Run("train", "--resume", run, "--epochs", "55", "--quiet").Success();
        AssertSame(_workspace["longest"], run);
    }

    [Fact]
    public void UnfinishedRun_IsNoModel()
    {
        var run = killed.CopyTo(_workspace);
        var message = $"glia: The run '{run}' is not finished. Go on with: glia train --resume {run}";
        Cli.Run("evaluate", run, "iris").Fails(message);
        Cli.Run("predict", run, "iris").Fails(message);
        Cli.Run("summary", run).Fails(message);
        Cli.Run("doctor", run).Fails(message);
        Cli.Run("train", "iris", "--out", run).Fails($"glia: The folder '{run}' holds a run that is not finished. Go on with it by 'glia train --resume {run}', or choose another with --out.");
    }

    [Theory]
    [InlineData("train iris --resume run", "the data of the run 'run' are known; leave them out after --resume. Type 'glia train --help' for help.")]
    [InlineData("train --resume run --hidden 5", "--hidden cannot change when a run goes on; only --epochs can. Leave it out, or train anew. Type 'glia train --help' for help.")]
    [InlineData("train --resume run --out other", "--out cannot change when a run goes on; only --epochs can. Leave it out, or train anew. Type 'glia train --help' for help.")]
    [InlineData("train --resume nowhere", "There is no run folder 'nowhere'.")]
    [InlineData("train iris --checkpoint-every often", "--checkpoint-every must be a number of steps such as 500, a time such as 30s or 5m, or off, but is 'often'. Type 'glia train --help' for help.")]
    [InlineData("train iris --checkpoint-every 0", "--checkpoint-every must be a number of steps such as 500, a time such as 30s or 5m, or off, but is '0'. Type 'glia train --help' for help.")]
    public void WrongOptions_AreRefused(string command, string message) => Cli.Run(command.Split(' ')).Fails("glia: " + message);

    [Fact]
    public void OtherFolders_AreRefused()
    {
        Directory.CreateDirectory(_workspace["empty"]);
        Cli.Run("train", "--resume", _workspace["empty"]).Fails($"glia: The folder '{_workspace["empty"]}' holds no run (run.json). Give the folder of a run that 'glia train' has begun.");
        Cli.Run("train", "--resume", killed.Whole).Fails(
            $"glia: The run '{killed.Whole}' is finished, and its checkpoints were not kept. Train anew; with --keep-checkpoints a finished run can be given more epochs.");
        var run = killed.CopyTo(_workspace);
        var manifest = Path.Combine(run, "run.json");
        var text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        Cli.Run("train", "--resume", run).Fails($"glia: {manifest}: the run has format 2, but this version of Glia reads format 1. Use a newer Glia.");
        File.WriteAllText(manifest, text[..^20]);
        Assert.StartsWith($"glia: '{manifest}' is damaged: ", Cli.Run("train", "--resume", run).Error, StringComparison.Ordinal);
        File.WriteAllText(manifest, text.Replace("iris", "wine", StringComparison.Ordinal));
        Assert.Contains("these are not the data", Cli.Run("train", "--resume", run).Error, StringComparison.Ordinal);
        // Options that were changed by hand make another training, which the checkpoint is not of.
        File.WriteAllText(manifest, text.Replace("\"patience\": \"40\"", "\"hidden\": \"5\"", StringComparison.Ordinal));
        var other = Cli.Run("train", "--resume", run, "--quiet");
        Assert.Contains("does not fit this training: layer 1 is", other.Error, StringComparison.Ordinal);
        Assert.Equal(2, other.ExitCode);
    }

    [Fact]
    public void DataThatChanged_AreRefused()
    {
        string Rows(int last) => "a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{i % 7},{(i < 59 ? i % 2 : last)}\n")));
        _workspace.Write("t.csv", Rows(0));
        using (var process = new CliProcess(_workspace.Path, "train", "t.csv", "--target", "y", "--epochs", "100000", "--patience", "100000", "--checkpoint-every", "5", "--out", "run"))
        {
            process.WaitFor("epoch   3/");
            process.KillAtOnce();
        }
        _workspace.Write("t.csv", Rows(1));
        var before = _workspace.Snapshot();
        using var again = new CliProcess(_workspace.Path, "train", "--resume", "run");
        again.Wait().Fails("glia: t.csv: these are not the data that the run 'run' was begun with (60 rows here, 60 there, with other content). Bring them back, or train anew.");
        Assert.Equal(before, _workspace.Snapshot());
        Assert.EndsWith($"The run was begun in '{_workspace.Path}'; go on with it from there.\n", Cli.Run("train", "--resume", _workspace["run"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SearchedLearningRate_IsNotSearchedAgain()
    {
        Cli.Run("train", "iris", "--epochs", "20", "--learning-rate", "auto", "--quiet", "--out", _workspace["whole"]).Success();
        using (var process = new CliProcess(_workspace.Path, "train", "iris", "--epochs", "20", "--learning-rate", "auto", "--checkpoint-every", "1", "--out", "run"))
        {
            process.WaitFor("epoch   2/");
            process.KillAtOnce();
        }
        var report = Cli.Run("train", "--resume", _workspace["run"]).Success();
        Assert.DoesNotContain("learning rate 0.002:", report, StringComparison.Ordinal);
        AssertSame(_workspace["whole"], _workspace["run"]);
        static string Tuning(string run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement.GetProperty("settings").GetProperty("learningRateTuning").GetRawText();
        Assert.Equal(Tuning(_workspace["whole"]), Tuning(_workspace["run"]));
    }

    [Fact]
    public void StoppedByCtrlC_IsSavedAndCanGoOn()
    {
        using (var process = new CliProcess(_workspace.Path, ["train", .. KilledRun.Arguments.Split(' '), "--out", "run"]))
        {
            process.WaitFor("epoch   1/");
            process.Signal(PosixSignal.SIGINT);
            // On a fast machine training may be over before.
            Assert.True(process.Wait().ExitCode is 0 or 130);
        }
        Cli.Run("evaluate", _workspace["run"], "iris").Success();
        if (File.Exists(_workspace["run/run.json"]))
            Cli.Run("train", "--resume", _workspace["run"], "--quiet").Success();
        AssertSame(killed.Whole, _workspace["run"]);
    }

    [Fact]
    public void SecondSignal_LeavesARunThatCanGoOn()
    {
        using var process = new CliProcess(_workspace.Path, "train", "digits", "--hidden", "2048,2048", "--batch-size", "1200", "--epochs", "1000", "--checkpoint-every", "1", "--out", "run");
        process.WaitFor("epoch   1/");
        process.Signal(PosixSignal.SIGINT);
        Thread.Sleep(50);
        process.Signal(PosixSignal.SIGINT);
        var result = process.Wait();
        Assert.Equal(130, result.ExitCode);
        Assert.EndsWith("glia: stopped. Go on with: glia train --resume run\n", result.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(_workspace["run/checkpoints"], "step-*"));
    }

    [Fact]
    public void Off_SavesNothingAndBeginsAnew()
    {
        using (var process = new CliProcess(_workspace.Path, ["train", .. KilledRun.Arguments.Split(' '), "--checkpoint-every", "off", "--out", "run"]))
        {
            process.WaitFor("epoch   2/");
            process.KillAtOnce();
        }
        if (!File.Exists(_workspace["run/run.json"]))
            return;
        Assert.False(Directory.Exists(_workspace["run/checkpoints"]));
        Assert.Contains("there is no checkpoint yet, so training begins anew", Cli.Run("train", "--resume", _workspace["run"], "--checkpoint-every", "off").Success(), StringComparison.Ordinal);
        AssertSame(killed.Whole, _workspace["run"]);
    }

    [Fact]
    public void Perceptron_BeginsAnew()
    {
        var run = killed.CopyTo(_workspace);
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        File.WriteAllText(Path.Combine(run, "run.json"), """
            {"format": 1, "data": "two-clusters", "arguments": {"family": "perceptron"}, "workingFolder": "/",
             "source": {"data": "two-clusters", "target": null, "rows": 400, "fingerprint": "built-in:two-clusters", "seed": 0, "streamed": false}, "learningRate": null, "learningRateTuning": null}
            """);
        Cli.Run("train", "two-clusters", "--family", "perceptron", "--quiet", "--out", _workspace["whole"]).Success();
        Assert.Contains("training begins anew", Cli.Run("train", "--resume", run).Success(), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_workspace["whole/model.safetensors"]), File.ReadAllBytes(Path.Combine(run, "model.safetensors")));
    }

    /// <summary>The model to the byte, the metrics but for the seconds, the same files, and nothing of what is needed to go on.</summary>
    private static void AssertSame(string whole, string run, string? how = null, bool hasRest = false)
    {
        Assert.True(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(run, "model.safetensors"))), $"another model; {how}");
        Assert.Equal(Metrics(whole), Metrics(run));
        static string[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(Names(whole), hasRest ? [.. Names(run).Except(["run.json", "checkpoints"])] : Names(run));

        static IEnumerable<string> Metrics(string folder) => File.ReadLines(Path.Combine(folder, "metrics.csv")).Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 2)));
    }
}
