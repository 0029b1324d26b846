using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Glia.Cli.Tests.Commands;

[Collection(TrainedModelsCollection.Name)]
public sealed partial class ReportCommandTests(TrainedModels models) : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("iris", "Classification of 'species' in iris: multi-layer perceptron", "the most frequent class always: 33.33 %", "petal_length_cm")]
    [InlineData("diabetes", "Regression of 'progression' in diabetes: multi-layer perceptron", "always predicting the mean: ", "bmi")]
    [InlineData("digits", "Classification of 'class' in digits: convolutional network", "guessing evenly: 2.3026", "conv2d1")]
    public void Report_IsTheOneThatTrainingWrote(string name, params string[] parts)
    {
        var folder = name == "iris" ? models.Iris : name == "diabetes" ? models.Diabetes : models.Digits;
        var file = _workspace["again.html"];
        Assert.Equal(file + "\n", Cli.Run("report", folder, "--out", file).Success());
        var text = File.ReadAllText(file);
        // What is made from the files of the run says the same as what was made while all was at hand.
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "report.html")), text);
        var page = Parse(file);
        Assert.Equal(
            ["Summary", "Curves", "Findings of the doctor", .. name == "diabetes" ? Array.Empty<string>() : ["Classes"], "Predictions on held-out data", "Worst and best examples", "Model", "Settings", "Environment", "How to repeat it", "Files of the run"],
            page.Descendants("h2").Select(h => h.Value));
        Assert.All(parts, part => Assert.Contains(part, page.Value, StringComparison.Ordinal));
        Assert.StartsWith($"glia train {name} --epochs ", page.Descendants("code").Single().Value, StringComparison.Ordinal);
        Assert.All(["processor", "instruction set", "threads", ".NET", "Glia", "system"], fact => Assert.Contains(fact, page.Descendants("dt").Select(d => d.Value)));
        Assert.DoesNotContain(Environment.MachineName + "<", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 20_000, 2_000_000);
    }

    [Fact]
    public void Images_AreShownWithTruthAndPrediction()
    {
        var page = Parse(Path.Combine(models.Digits, "report.html"));
        var images = page.Descendants("div").Where(d => d.Attribute("class")?.Value == "images").Select(d => d.Descendants("img").Select(i => i.Attribute("alt")!.Value).ToArray()).ToArray();
        Assert.Equal([12, 12], images.Select(i => i.Length));
        Assert.Matches(@"^✗ is \d \((< )?\d+\.\d\s%\), taken for \d \(\d+\.\d\s%\)$", images[0][0]);
        Assert.Matches(@"^✓ \d \((> )?99\.\d\s%\)$", images[1][0]);
        // As many are wrong as the summary says.
        var accuracy = JsonDocument.Parse(File.ReadAllText(Path.Combine(models.Digits, "summary.json"))).RootElement.GetProperty("test").GetProperty("accuracy").GetDouble();
        Assert.Contains($"{Math.Round((1 - accuracy) * 359)} of 359 samples are classified wrongly.", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_AreShownAsTheyAreInTheTable()
    {
        var rows = Parse(Path.Combine(models.Diabetes, "report.html")).Descendants("table")
            .Where(t => t.Descendants("th").First().Value == "truth").SelectMany(t => t.Descendants("tr").Skip(1)).Select(r => r.Elements("td").Select(d => d.Value).ToArray()).ToArray();
        Assert.Equal(16, rows.Length);
        Assert.True(Math.Abs(double.Parse(rows[0][2], null)) > Math.Abs(double.Parse(rows[^1][2], null)));
        // age, sex, bmi and so on of a row with this target.
        var table = Data.BuiltInDatasets.Load("diabetes");
        Assert.All(rows, row => Assert.Contains(Enumerable.Range(0, table.RowCount), i =>
            table["progression"].GetText(i) == row[0] && table["age"].GetText(i) == row[3] && Math.Abs(table["bmi"].Numbers[i] - double.Parse(row[5], null)) < 1e-3));
    }

    [Theory]
    [InlineData("perceptron", "output of the truth", "two-clusters", "--family", "perceptron")]
    [InlineData("series", "everything stays as it is: ", "co2", "--epochs", "1")]
    [InlineData("videos", "taken for ", "moving-digits", "--steps", "2", "--epochs", "1")]
    [InlineData("steps", "mean probability of the truth", "copy", "--steps", "2", "--epochs", "1", "--hidden", "8")]
    [InlineData("numbers", "prediction", "adding", "--steps", "2", "--epochs", "1", "--hidden", "8")]
    public void EveryTask_HasAReport(string name, string part, params string[] arguments)
    {
        Cli.Run(["train", .. arguments, "--out", _workspace[name]]).Success();
        var page = Parse(_workspace[name + "/report.html"]);
        Assert.Contains(part, page.Value, StringComparison.Ordinal);
        Assert.Contains("Worst", page.Descendants("h3").Select(h => h.Value));
        Assert.DoesNotContain("There is no picture", page.Value, StringComparison.Ordinal);
        Assert.InRange(page.Descendants("svg").Count(), 2, 40);
    }

    [Fact]
    public void Text_IsShownCharacterByCharacter()
    {
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => i % 7 == 0 ? "one <two> &amp; three\n" : "four 😀 five "));
        Cli.Run("train", _workspace.Write("book.txt", text), "--steps", "20", "--hidden", "16", "--window", "32", "--out", _workspace["book"]).Success();
        var page = Parse(_workspace["book/report.html"]);
        Assert.Contains("bits per character", page.Value, StringComparison.Ordinal);
        var passages = page.Descendants("pre").Where(p => p.Attribute("class")?.Value == "text").Skip(1).ToArray();
        Assert.Equal(8, passages.Length);
        Assert.All(passages, p => Assert.Equal(32, p.Elements("span").Count()));
        Assert.All(passages, p => Assert.Contains(p.Value.Replace("⏎", "", StringComparison.Ordinal), text, StringComparison.Ordinal));
    }

    [Fact]
    public void HostileNames_AreShownAsTheyAre()
    {
        const string Column = "a<b> & \"c\"";
        string[] classes = ["<script>alert(1)</script>", "مرحبا & 😀"];
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 2}.{i},x{i % 3},{classes[i % 2]}\n"));
        var file = _workspace.Write("da<ta>.csv", $"\"{Column.Replace("\"", "\"\"", StringComparison.Ordinal)}\",kind,<target>\n{rows}");
        Cli.Run("train", file, "--target", "<target>", "--epochs", "2", "--out", _workspace["<run>"]).Success();
        var page = Parse(_workspace["<run>/report.html"]);
        Assert.DoesNotContain("<script", File.ReadAllText(_workspace["<run>/report.html"]), StringComparison.Ordinal);
        Assert.Equal("<run>", page.Descendants("h1").Single().Value);
        Assert.All([Column, "kind"], name => Assert.Contains(name, page.Descendants("th").Select(h => h.Value)));
        Assert.All([.. classes, "x1"], name => Assert.Contains(name, page.Descendants("td").Select(h => h.Value)));
        Assert.Equal($"glia train '{file}' --target '<target>' --epochs 2", page.Descendants("code").Single().Value);
    }

    [Fact]
    public void DataThatAreGoneOrChanged_LeaveTheRest()
    {
        var data = _workspace.Write("iris.csv", Csv(150));
        Cli.Run("train", data, "--target", "species", "--epochs", "2", "--out", _workspace["run"]).Success();
        File.Delete(data);
        Cli.Run("report", _workspace["run"]).Success();
        var page = Parse(_workspace["run/report.html"]);
        Assert.Contains($"There are no examples: The data that the model was trained on, '{data}', are not here.", page.Value, StringComparison.Ordinal);
        Assert.Contains("Which classes are taken for which", page.Value, StringComparison.Ordinal);
        Assert.Contains("Environment", page.Descendants("h2").Select(h => h.Value));

        _workspace.Write("iris.csv", Csv(140));
        Cli.Run("report", _workspace["run"]).Success();
        Assert.Contains($"The data in '{data}' are not those of the training any more, so there are no examples.", Parse(_workspace["run/report.html"]).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void FailedTraining_SaysWhatHappened_AndWhatToDo()
    {
        Assert.Equal(3, Cli.Run("train", "iris", "--optimizer", "sgd", "--learning-rate", "1e30", "--out", _workspace["bad"]).ExitCode);
        var page = Parse(_workspace["bad/report.html"]);
        Assert.Contains("Training failed", page.Descendants("h3").Select(h => h.Value));
        Assert.Contains("glia train iris --optimizer sgd --learning-rate 0.1", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("Worst and best examples", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void BadInput_IsExplained_AndChangesNothing()
    {
        var unfinished = Path.GetDirectoryName(_workspace.Write("unfinished/run.json", "{}"))!;
        var empty = Path.GetDirectoryName(_workspace.Write("empty/notes.txt", ""))!;
        var damaged = Path.GetDirectoryName(_workspace.Write("damaged/summary.json", "{\"data\": 3}"))!;
        var before = _workspace.Snapshot();
        Cli.Run("report", unfinished).Fails($"glia: The run '{unfinished}' is not finished. Go on with: glia train --resume {unfinished}");
        Cli.Run("report", empty).Fails($"glia: '{empty}' holds no summary.json, which 'glia train' writes. Give the folder of a run.");
        Assert.StartsWith($"glia: '{Path.Combine(damaged, "summary.json")}' is damaged: ", Cli.Run("report", damaged).Error, StringComparison.Ordinal);
        Cli.Run("report", _workspace["none"]).Fails($"glia: There is no run '{_workspace["none"]}'. Give the folder of a run or of a search, or a model file.");
        Cli.Run("report", models.Iris, "--out", _workspace["a.pdf"]).Fails($"glia: --out must be a file that ends in .html but is '{_workspace["a.pdf"]}'.");
        Cli.Run("report", models.Iris, "--out", _workspace["none/a.html"]).Fails($"glia: Cannot write '{_workspace["none/a.html"]}': its folder does not exist. Choose another place with --out.");
        Assert.Equal(before, _workspace.Snapshot());
    }

    [Fact]
    public void Json_NamesTheFile()
    {
        var json = JsonDocument.Parse(Cli.Run("report", models.Iris, "--out", _workspace["a.html"], "--json").Success()).RootElement;
        Assert.Equal((models.Iris, _workspace["a.html"]), (json.GetProperty("run").GetString(), json.GetProperty("file").GetString()));
    }

    private static string Csv(int rows)
    {
        var table = Data.BuiltInDatasets.Load("iris");
        return string.Join(',', table.Columns.Select(c => c.Name)) + "\n" + string.Concat(Enumerable.Range(0, rows).Select(r => string.Join(',', table.Columns.Select(c => c.GetText(r))) + "\n"));
    }

    /// <summary>The page as XML, once it is clear that it loads nothing and that its names are unique.</summary>
    private static XElement Parse(string file)
    {
        var text = File.ReadAllText(file);
        Assert.DoesNotMatch(Loads(), text);
        var root = XDocument.Parse(text["<!DOCTYPE html>".Length..], LoadOptions.PreserveWhitespace).Root!;
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "script" or "link" or "iframe" or "object");
        var names = root.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        return root;
    }

    [GeneratedRegex("https?://|url\\((?!#)|(src|href)=\"(?!data:|#)")]
    private static partial Regex Loads();
}
