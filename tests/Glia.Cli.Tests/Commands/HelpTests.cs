namespace Glia.Cli.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData("", "glia train houses.csv --target price", "Exit codes:")]
    [InlineData("train", "glia train iris --hidden 16 --epochs 100", "--learning-rate <rate|auto>")]
    [InlineData("tune rate", "glia tune rate digits --optimizer sgd --out rates", "--learning-rate <rate>")]
    [InlineData("predict", "glia predict runs/digits photo.png", "--out <file>")]
    [InlineData("evaluate", "glia evaluate runs/digits digits", "--all")]
    [InlineData("summary", "glia summary runs/iris", "--json")]
    [InlineData("plot", "glia plot runs/digits grad-cam --out digits.png", "--part <training|validation|both>")]
    [InlineData("filter", "glia filter photo.jpg --kernel sobel --grey --out edges.png", "--edge <replicate|reflect|zero>")]
    [InlineData("import", "glia import weights.pt -o weights.safetensors", "--map <old=new>")]
    [InlineData("runs list", "glia runs list --sort val_loss --limit 5", "--where <condition>")]
    [InlineData("runs export", "glia runs export last > run.json", "--format <json|csv>")]
    [InlineData("datasets", "glia datasets --json", "--json")]
    public void Help_HasExamplesAndOptions(string command, string example, string option)
    {
        var help = Cli.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Success();
        Assert.Contains("Examples:\n", help, StringComparison.Ordinal);
        Assert.Contains(example, help, StringComparison.Ordinal);
        Assert.Contains(option, help, StringComparison.Ordinal);
    }

    [Fact]
    public void ExamplesOfTrain_AreUnderstood()
    {
        var examples = Cli.Run("train", "--help").Success().Split("Examples:\n")[1].Split('\n').TakeWhile(line => line.Length > 0).Select(line => line.Trim()).ToArray();
        Assert.True(examples.Length >= 4);
        // What is wrong with them here is only that the files are missing, or nothing at all.
        foreach (var example in examples.Where(line => line.Contains('.', StringComparison.Ordinal)))
            Assert.Contains("is neither a file or folder nor a built-in data set", Cli.Run(example.Split(' ')[1..]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_IsOneNumber() => Assert.Matches(@"^\d+\.\d+\.\d+\n$", Cli.Run("--version").Success());

    [Fact]
    public void Datasets_ListsNamesAndSources()
    {
        var list = Cli.Run("datasets").Success();
        Assert.All(["iris", "two-moons", "CC BY 4.0", "train iris"], text => Assert.Contains(text, list, StringComparison.Ordinal));
    }
}
