using System.Runtime.InteropServices;
using System.Text.Json;

namespace Glia.Cli.Tests.Commands.Tune;

public sealed class TuneSearchCommandTests : IDisposable
{
    private const string Space = """
        data: iris
        trials: 4
        budget: 3
        parameters:
          learning-rate: { from: 0.001, to: 0.1, scale: log }
          hidden: [[8], [8, 4], 0]
          optimizer: [adam, sgd]
        """;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    private CliResult Search(string yaml, params string[] more) => Cli.Run(["tune", "search", _workspace.Write("space.yaml", yaml), .. more]);

    private void Refused(string yaml, string message, params string[] more) => Search(yaml, ["--out", _workspace["out"], .. more]).Fails($"glia: {message}");

    [Fact]
    public void Search_LeavesTheBestModel_AndTheCommandThatTrainsItAgain()
    {
        var output = Search(Space, "--out", _workspace["runs/s"]).Success();
        Assert.Contains("random search: 4 trials over learning-rate, hidden, optimizer; judged by the loss on the validation part", output, StringComparison.Ordinal);
        Assert.Equal(4, output.Split('\n').Count(line => line.StartsWith("trial ", StringComparison.Ordinal)));
        Assert.Equal(
            ["confusion.png", "confusion.svg", "importance.png", "importance.svg", "model.safetensors", "parallel-coordinates.png", "parallel-coordinates.svg", "results.csv", "search.json", "search.jsonl"],
            Directory.GetFiles(_workspace["runs/s"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var json = JsonDocument.Parse(File.ReadAllText(_workspace["runs/s/search.json"]));
        var accuracy = json.RootElement.GetProperty("test").GetProperty("accuracy").GetDouble();

        // The line that is printed trains the same model, to the bit.
        var line = json.RootElement.GetProperty("command").GetString()!;
        Assert.Contains("  " + line, output, StringComparison.Ordinal);
        Assert.StartsWith("glia train iris --learning-rate ", line, StringComparison.Ordinal);
        Cli.Run([.. line.Split(' ')[1..], "--out", _workspace["runs/again"]]).Success();
        using var again = JsonDocument.Parse(File.ReadAllText(_workspace["runs/again/summary.json"]));
        Assert.Equal(accuracy, again.RootElement.GetProperty("test").GetProperty("accuracy").GetDouble());
        Assert.Equal(Weights(_workspace["runs/again/model.safetensors"]), Weights(_workspace["runs/s/model.safetensors"]));
        Assert.Equal(line + "\n", Search(Space, "--out", _workspace["runs/quiet"], "--quiet", "--jobs", "1").Success());
    }

    /// <summary>What follows the header, which names the search's trial.</summary>
    private static byte[] Weights(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[(8 + (int)BitConverter.ToInt64(bytes))..];
    }

    [Theory]
    [InlineData("--method", "asha", "--trials", "6")]
    [InlineData("--folds", "3")]
    public void SearchCutShort_GoesOnToTheSameResult(params string[] options)
    {
        static string Essence(string json)
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return $"{root.GetProperty("command")} {root.GetProperty("test")} {root.GetProperty("steps")} "
                + string.Join('|', root.GetProperty("trials").EnumerateArray().Select(t => $"{t.GetProperty("trial")} {t.GetProperty("validationLoss")} {t.GetProperty("values")}"));
        }
        var whole = Essence(Search(Space, [.. options, "--out", _workspace["s"], "--json", "--jobs", "2"]).Success());
        var lines = File.ReadAllLines(_workspace["s/search.jsonl"]);
        foreach (var kept in new[] { 1, 3, lines.Length })
        {
            // As after a kill: some results, half a line, and a model of some trial or none.
            File.WriteAllText(_workspace["s/search.jsonl"], string.Concat(lines[..kept].Select(l => l + "\n")) + (kept < lines.Length ? lines[kept][..20] : ""));
            if (kept == 3)
                File.Delete(_workspace["s/model.safetensors"]);
            Assert.Equal(whole, Essence(Search(Space, [.. options, "--out", _workspace["s"], "--json", "--resume"]).Success()));
        }
    }

    [Fact]
    public void CtrlC_KeepsTheTrialsThatAreDone_AndSaysHowToGoOn()
    {
        _workspace.Write("space.yaml", Space.Replace("trials: 4", "trials: 100000", StringComparison.Ordinal));
        using var process = new CliProcess(_workspace.Path, "tune", "search", "space.yaml", "--out", "s");
        process.WaitFor("trial   3");
        process.Signal(PosixSignal.SIGINT);
        var result = process.Wait();
        Assert.Equal(130, result.ExitCode);
        Assert.StartsWith("glia: stopping; trials that are done are kept. Ctrl-C again ends at once.\nglia: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(" trials kept. Go on with: glia tune search space.yaml --out s --resume\n", result.Error, StringComparison.Ordinal);
        var kept = File.ReadAllLines(_workspace["s/search.jsonl"]).Length - 1;
        Assert.InRange(kept, 4, 99_999);
        Assert.Contains(FormattableString.Invariant($"glia: {kept} trials kept."), result.Error, StringComparison.Ordinal);
        Cli.Run("evaluate", _workspace["s"], "iris").Success();
    }

    [Fact]
    public void TimeLimit_EndsWithTheBestSoFar()
    {
        var output = Search(Space.Replace("trials: 4", "trials: 1000000", StringComparison.Ordinal), "--time-limit", "3s", "--out", _workspace["s"]).Success();
        Assert.Contains("The time is up: ", output, StringComparison.Ordinal);
        Assert.Contains(" --resume", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_workspace["s/model.safetensors"]));
    }

    [Fact]
    public void FailedTrials_AreToldAndRanLast()
    {
        var output = Search("data: iris\nbudget: 3\nmethod: grid\noptions: { optimizer: sgd }\nparameters: { learning-rate: [0.01, 1e30] }", "--out", _workspace["s"]).Success();
        Assert.Contains("trial   1  failed: The loss became ", output, StringComparison.Ordinal);
        Assert.Contains("2 trials, 1 failed", output, StringComparison.Ordinal);
        Assert.Contains(",\"The loss became ", File.ReadAllLines(_workspace["s/results.csv"])[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void OtherSearch_DoesNotGoOnFromTheJournal()
    {
        Search(Space, "--out", _workspace["s"]).Success();
        var path = _workspace["s/search.jsonl"];
        var result = Search(Space.Replace("0.1,", "0.2,", StringComparison.Ordinal), "--out", _workspace["s"], "--resume");
        Assert.StartsWith($"glia: {path}: the journal is of another search: its space is ", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Search(Space, "--out", _workspace["s"]).Fails($"glia: The folder '{_workspace["s"]}' holds a search already. Go on with it by --resume, or choose another folder with --out.");
    }

    public static TheoryData<string, string> BadFiles => new()
    {
        { "", "{0}: a search file is one mapping of keys to values, such as 'data: digits'." },
        { "- a\n- b", "{0}: a search file is one mapping of keys to values, such as 'data: digits'." },
        { "data: iris", "{0}: there is nothing to search. Give 'parameters', such as 'learning-rate: {{ from: 0.0001, to: 0.1, scale: log }}'." },
        { "data: iris\nparametres:\n  epochs: [1]", "{0} line 3: there is no key 'parametres' (did you mean 'parameters'?); the keys are: data, method, trials, budget, minimum, reduction, folds, time-limit, jobs, seed, options, parameters." },
        { "method: best", "{0} line 1: 'method' must be random, grid or asha but is 'best'." },
        { "trials: many", "{0} line 1: 'trials' must be a whole number of at least 1 but is 'many'." },
        { "trials: [1]", "{0} line 1: 'trials' expects one value." },
        { "data:", "{0} line 1: 'data' expects one value." },
        { "time-limit: soon", "{0} line 1: 'time-limit' expects a time such as 90s, 10m or 2h, but got 'soon'." },
        { "parameters: 3", "{0} line 1: 'parameters' expects names with values below it." },
        { "parameters:\n  learning-rate: 3", "{0} line 2: the parameter 'learning-rate' expects a list of values, such as [16, 32], or a range, such as {{ from: 0.001, to: 0.1, scale: log }}." },
        { "parameters:\n  learning-rate: [auto, 0.1]", "{0} line 2: a search tries learning rates itself, so 'auto' means nothing in it. Give a list or a range." },
        { "parameters:\n  target: [a, b]", "{0} line 2: 'target' says what the data are, which must be the same for all trials. Put it under 'options'." },
        { "parameters:\n  batch-size: [16, none]", "{0} line 2: --batch-size must be a whole number of at least 1 but is 'none'." },
        { "parameters:\n  batch-size: [16, 16]", "{0} line 2: 'batch-size' has the value '16' twice." },
        { "parameters:\n  optimizer: { from: 1, to: 2 }", "{0} line 2: 'optimizer' has no numbers, so that it cannot have a range. Give a list of values." },
        { "parameters:\n  dropout: { from: 0, to: 2 }", "{0} line 2: --dropout must be a number of at least 0 and below 1 but is '2'." },
        { "parameters:\n  dropout:\n    from: 0\n    upto: 2", "{0} line 4: there is no key 'upto' (did you mean 'to'?); the keys of the range 'dropout' are: from, to, scale, steps." },
        { "parameters:\n  learning-rate: { from: 1 }", "{0} line 2: the range 'learning-rate' expects a smaller 'from' and a larger 'to'." },
        { "parameters:\n  dropout: { from: 0, to: 0.5, scale: log }", "{0} line 2: the range 'dropout' has a logarithmic scale, so 'from' must be above 0." },
        { "parameters:\n  batch-size: { from: 1.5, to: 4 }", "{0} line 2: 'from' of the range 'batch-size' must be a whole number but is '1.5'." },
        { "parameters:\n  dropout: { from: 0, to: 0.5, scale: cubic }", "{0} line 2: the 'scale' of 'dropout' must be linear or log but is 'cubic'." },
        { "options: { seed: 1 }\nparameters: { seed: [1, 2] }", "{0}: 'seed' stands under 'options' and under 'parameters'. Leave one of them out." },
        { "parameters: &all\n  seed: [1, 2]", "{0} line 1: anchors and aliases (& and *) are not read. Write the values out." },
        { "a: &a [x]\nb: *a", "{0} line 1: anchors and aliases (& and *) are not read. Write the values out." },
        { "data: !!str iris", "{0} line 1: tags (!) are not read. Leave them out." },
        { "a: [[[[[[[[[1]]]]]]]]]", "{0} line 1: values are nested more than 6 deep." },
        { "data: iris\n---\ndata: iris", "{0} line 2: a second document begins here, but a search file has one." },
        { "parameters: { seed: [1, 2] }", "{0}: which data? Name them in the file, such as 'data: digits', or after it." },
        { "data: iris\nmethod: grid\ntrials: 3\nparameters: { patience: [1, 2] }", "{0}: a grid has as many trials as it has points. Leave the number of trials out." },
        { "data: iris\ntrials: grid\nparameters: { patience: [1, 2] }", "{0}: 'trials: grid' is for method asha. Give a number, or use method grid." },
        { "data: iris\nmethod: asha\nparameters: { epochs: [1, 2] }", "{0}: method asha chooses the number of epochs itself, up to 'budget'. Leave 'epochs' and 'steps' out." },
        { "data: iris\nmethod: asha\nbudget: 2\nminimum: 3\nparameters: { patience: [1, 2] }", "{0}: the budget of 2 epochs is smaller than the minimum of 3." },
        { "data: two-clusters\nparameters: { family: [perceptron] }", "A perceptron learns by its own rule and has no loss to judge it by, so it cannot be searched. Leave the family perceptron out." },
        { "data: iris\nparameters: { family: [lstm] }", "iris: --family lstm does not fit a table; what fits: mlp, perceptron." },
        { "data: airline\nparameters: { patience: [1, 2] }\nfolds: 1\nseed: -1", "{0} line 4: 'seed' must be a whole number of at least 0 but is '-1'." },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void BadFile_IsRefusedWithLineAndKey(string yaml, string message)
    {
        Refused(yaml, message.Replace("{0}", _workspace["space.yaml"], StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_workspace["out"]));
    }

    [Fact]
    public void BrokenYaml_NamesItsLine()
    {
        var result = Search("data: iris\nparameters: [1, 2\n");
        Assert.Matches(@"^glia: .*space\.yaml line \d: this is not YAML: ", result.Error);
        Assert.Equal(2, result.ExitCode);
        Assert.Matches("line 2: this is not YAML: .*[Dd]uplicate", Search("data: iris\ndata: digits\n").Error);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Cli.Run("tune", "search", _workspace["none.yaml"]).Fails($"glia: There is no search file '{_workspace["none.yaml"]}'.");
        Cli.Run("tune", "search", _workspace.Path).Fails($"glia: '{_workspace.Path}' is a folder, not a search file.");
        _workspace.Write("bytes.yaml", [0x64, 0xFF, 0xFE]);
        Cli.Run("tune", "search", _workspace["bytes.yaml"]).Fails($"glia: {_workspace["bytes.yaml"]}: the file is not text in UTF-8.");
        _workspace.Write("large.yaml", new byte[(1 << 20) + 1]);
        Cli.Run("tune", "search", _workspace["large.yaml"]).Fails($"glia: {_workspace["large.yaml"]}: a search file of 1,048,577 bytes is too large; at most 1,048,576 are read.");
        Search(Space, "--resume").Fails("glia: --resume goes on with the search in a folder. Name it with --out.");
        Search(Space, "--resume", "--out", _workspace["none"]).Fails($"glia: The folder '{_workspace["none"]}' holds no search (search.jsonl). Leave --resume out to begin one.");
        Search(Space, "--time-limit", "5").Fails("glia: --time-limit expects a time such as 90s, 10m or 2h, but got '5'.");
        Search(Space, "--method", "bayes").Fails("glia: --method must be random or grid or asha but is 'bayes'. Type 'glia tune search --help' for help.");
        Cli.Run("tune", "serch").Fails("glia: there is no command 'serch' (did you mean 'search'?); the commands are: rate, search. Type 'glia tune --help' for help.");
    }

    [Fact]
    public void TrainOptions_ThatASearchVaries_DoWhatTheySay()
    {
        var output = Cli.Run(
            "train", "digits", "--family", "mlp", "--epochs", "2", "--schedule", "one-cycle", "--momentum", "0.8", "--weight-decay", "0.1", "--clip-norm", "2", "--dropout", "0.1",
            "--activation", "leaky-relu", "--patience", "7", "--out", _workspace["r"]).Success();
        Assert.Contains(
            "AdamW, learning rate 0.002 by a one-cycle schedule, momentum 0.8, weight decay 0.1, gradients clipped at norm 2, batch size 32, at most 2 epochs, stops after 7 without improvement",
            output, StringComparison.Ordinal);
        Assert.Contains("LeakyReLU", output, StringComparison.Ordinal);
        Assert.Contains("Dropout", output, StringComparison.Ordinal);
        Cli.Run("train", "digits", "--dropout", "1", "--out", _workspace["x"]).Fails("glia: --dropout must be a number of at least 0 and below 1 but is '1'. Type 'glia train --help' for help.");
        Cli.Run("train", "two-clusters", "--family", "perceptron", "--dropout", "0.1", "--out", _workspace["x"]).Fails(
            "glia: --dropout means nothing for a perceptron, which has one neuron and learns sample by sample with its own rule. Leave it out, or use --family mlp.");
        Cli.Run("train", "adding", "--activation", "tanh", "--out", _workspace["x"]).Fails("glia: --activation is for mlp and cnn, but this is lstm, whose cells have their own. Leave it out.");
    }
}
