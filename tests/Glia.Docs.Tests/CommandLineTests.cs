using System.Text.RegularExpressions;

namespace Glia.Docs.Tests;

/// <summary>docs/cli.md names the commands and options that the program has, no more and no fewer.</summary>
public partial class CommandLineTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));

    [Fact]
    public void Commands_AreThoseOfTheProgram()
    {
        Assert.Equal(Command().Matches(Help("Commands:", "--help")).Select(m => m.Groups[1].Value).Order(), Heading().Matches(Document).Select(m => m.Groups[1].Value).Order());
    }

    [Theory]
    [InlineData("train")]
    [InlineData("tune rate")]
    [InlineData("tune search")]
    [InlineData("doctor")]
    [InlineData("predict")]
    [InlineData("evaluate")]
    [InlineData("runs list")]
    [InlineData("runs show")]
    [InlineData("runs compare")]
    [InlineData("runs delete")]
    [InlineData("runs export")]
    [InlineData("summary")]
    [InlineData("plot")]
    [InlineData("report")]
    [InlineData("inspect")]
    [InlineData("import")]
    [InlineData("filter")]
    [InlineData("datasets")]
    public void Options_AreThoseOfTheProgram(string command)
    {
        var options = Option().Matches(Help("Options:", [.. command.Split(' '), "--help"])).Select(m => m.Groups[1].Value).Where(o => o != "--help");
        // A command inside another has a heading of the third level.
        var level = new string('#', 1 + command.Split(' ').Length);
        var start = Document.IndexOf($"\n{level} {command}\n", StringComparison.Ordinal);
        var section = Document[start..Ends().Match(Document, start + 1 + level.Length).Index];
        Assert.Equal(options.Order(), Row().Matches(section).Select(m => m.Groups[1].Value).Order());
    }

    /// <summary>One section of the help, without the examples that end it.</summary>
    private static string Help(string section, params string[] arguments)
    {
        var help = ProcessResult.Run("Glia.Cli", Path.GetTempPath(), arguments).Output;
        var from = help.IndexOf(section, StringComparison.Ordinal);
        var to = help.IndexOf("\nExamples:", from, StringComparison.Ordinal);
        return to < 0 ? help[from..] : help[from..to];
    }

    [GeneratedRegex(@"^## |^### [a-z]+ [a-z]+$", RegexOptions.Multiline)]
    private static partial Regex Ends();

    [GeneratedRegex(@"^  ([a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^## ([a-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^  [^<\n]*?(--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\| `(--[a-z-]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}
