using System.Globalization;
using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

public sealed class TextModelTests : IDisposable
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 120).Select(i => $"line {i % 7} of the book.\n"));

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Text_IsLearnedMeasuredAndWritten()
    {
        var file = _workspace.Write("book.txt", Text);
        var run = _workspace["run"];
        var report = Cli.Run("train", file, "--window", "16", "--hidden", "24", "--steps", "60", "--out", run).Success();
        string[] parts =
        [
            "task: language model, each character from the ones before it, in windows of 16", "Model: LSTM network", "OneHot", "the number of steps may differ from call to call",
            "Adam, learning rate 0.003, gradients clipped at norm 5, batch size 32, at most 60 steps in rounds of 60", "bits/character", "all 60 steps done",
            "bits per character   perplexity", "A text of the model's own", "bits.png/.svg", $"glia generate {run} --prompt line",
        ];
        Assert.All(parts, part => Assert.Contains(part, report, StringComparison.Ordinal));

        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement;
        Assert.Equal("language-model", summary.GetProperty("task").GetString());
        var bits = summary.GetProperty("test").GetProperty("bitsPerCharacter").GetDouble();
        Assert.InRange(bits, 0, 3);
        Assert.Equal(Math.Pow(2, bits), summary.GetProperty("test").GetProperty("perplexity").GetDouble(), 1e-9);

        var same = JsonDocument.Parse(Cli.Run("evaluate", run, file, "--json").Success()).RootElement;
        Assert.Equal("the held-out test part of the data the model was trained on", same.GetProperty("part").GetString());
        Assert.Equal(bits, same.GetProperty("bitsPerCharacter").GetDouble());
        var other = _workspace.Write("other.txt", "book of the line, the line of the book 3.\n".Replace(",", "", StringComparison.Ordinal));
        Assert.Matches(@"^bits \d\.\d{4}\n$", Cli.Run("evaluate", run, other, "--quiet").Success());
        Cli.Run("evaluate", run, _workspace.Write("new.txt", "line 9 of the book, and more of it")).Fails(
            $"glia: {_workspace["new.txt"]}: the character '9' (U+0039) is not among the 20 that the model was trained on.");
        Cli.Run("evaluate", run, _workspace.Write("short.txt", "line")).Fails(
            $"glia: {_workspace["short.txt"]}: the text has 4 characters, but the model reads windows of 16 and the one after them.");
        Cli.Run("evaluate", run, "iris").Fails("glia: iris: the model was trained on a text. Give a text file.");
        Cli.Run("predict", run, file).Fails($"glia: {run}/model.safetensors: this model writes text. Use: glia generate {run}/model.safetensors --prompt \"…\"");
        Assert.Contains("a text; 20 characters are known", Cli.Run("summary", run).Success(), StringComparison.Ordinal);
        Assert.Equal("language-model", JsonDocument.Parse(Cli.Run("summary", run, "--json").Success()).RootElement.GetProperty("task").GetString());

        var text = Cli.Run("generate", run, "--prompt", "line ", "--length", "40", "--seed", "3").Success();
        Assert.StartsWith("line ", text, StringComparison.Ordinal);
        Assert.Equal(46, text.Length);
        Assert.Equal(text, Cli.Run("generate", run, "--prompt", "line ", "--length", "40", "--seed", "3").Success());
        Assert.NotEqual(text, Cli.Run("generate", run, "--prompt", "line ", "--length", "40", "--seed", "4").Success());
        var json = JsonDocument.Parse(Cli.Run("generate", run, "--prompt", "line ", "--length", "40", "--seed", "3", "--json").Success()).RootElement;
        Assert.Equal(text, json.GetProperty("text").GetString() + "\n");
        Assert.Equal("line \n", Cli.Run("generate", run, "--prompt", "line ", "--length", "0").Success());
        Cli.Run("generate", run, "--prompt", "Zeile").Fails("glia: prompt: the character 'Z' (U+005A) is not among the 20 that the model was trained on.");
        Cli.Run("generate", run, "--top-p", "1.5").Fails("glia: --top-p must be at most 1 but is '1.5'.");
        Cli.Run("generate", run, "--temperature", "-1").Fails("glia: --temperature must be a number of at least 0 but is '-1'. Type 'glia generate --help' for help.");
    }

    [Theory]
    [InlineData("rnn", "SimpleRnn", "16,8")]
    [InlineData("gru", "Gru", "16")]
    [InlineData("transformer", "TransformerEncoder", "8,8")]
    public void OtherFamilies_WriteToo(string family, string layer, string hidden)
    {
        var file = _workspace.Write("book.md", Text);
        var report = Cli.Run("train", file, "--family", family, "--window", "12", "--hidden", hidden, "--steps", "5", "--batch-size", "4", "--out", _workspace["run"]).Success();
        Assert.Contains(layer, report, StringComparison.Ordinal);
        Assert.Equal(31, Cli.Run("generate", _workspace["run"], "--length", "30", "--top-k", "3", "--top-p", "0.9").Success().Length);
    }

    [Fact]
    public void Threads_DoNotChangeTheModel()
    {
        _workspace.Write("book.txt", Text);
        foreach (var threads in new[] { "1", "2" })
        {
            var environment = new Dictionary<string, string> { ["GLIA_THREADS"] = threads };
            using var process = new CliProcess(_workspace.Path, environment, "train", "book.txt", "--window", "16", "--steps", "20", "--quiet", "--out", "threads" + threads);
            process.Wait().Success();
        }
        Assert.Equal(File.ReadAllBytes(_workspace["threads1/model.safetensors"]), File.ReadAllBytes(_workspace["threads2/model.safetensors"]));
    }

    [Fact]
    public void TextFileWithTarget_IsATable()
    {
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 10},{(i % 10 < 5 ? "low" : "high")}\n")));
        var file = _workspace.Write("table.txt", "x,y\n" + rows);
        Assert.Contains("classification of 'y' into 2 classes", Cli.Run("train", file, "--target", "y", "--epochs", "2", "--out", _workspace["run"]).Success(), StringComparison.Ordinal);
        Assert.StartsWith("row,prediction,probability\n", Cli.Run("predict", _workspace["run"], file).Success(), StringComparison.Ordinal);
        Assert.Contains("held-out", Cli.Run("evaluate", _workspace["run"], file).Success(), StringComparison.Ordinal);
        Cli.Run("generate", _workspace["run"]).Fails($"glia: {_workspace["run"]}/model.safetensors: this model was not trained on a text, so it writes none. Train one with: glia train book.txt");
    }
}
