using System.Text.RegularExpressions;

namespace Glia.Docs.Tests;

/// <summary>docs/cli.md names the commands and options that the program has, no more and no fewer.</summary>
public partial class CommandLineTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));

    [Fact]
    public void Commands_AreThoseOfTheProgram()
    {
        var help = ProcessResult.Run("Glia.Cli", Path.GetTempPath(), "--help").Output;
        var commands = help[help.IndexOf("Commands:", StringComparison.Ordinal)..];
        Assert.Equal(Command().Matches(commands).Select(m => m.Groups[1].Value).Order(), Heading().Matches(Document).Select(m => m.Groups[1].Value).Order());
    }

    [Theory]
    [InlineData("train")]
    [InlineData("predict")]
    [InlineData("evaluate")]
    [InlineData("summary")]
    [InlineData("datasets")]
    public void Options_AreThoseOfTheProgram(string command)
    {
        var help = ProcessResult.Run("Glia.Cli", Path.GetTempPath(), command, "--help").Output;
        var options = Option().Matches(help[help.IndexOf("Options:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).Where(o => o != "--help");
        var start = Document.IndexOf($"\n## {command}\n", StringComparison.Ordinal);
        var section = Document[start..Document.IndexOf("\n## ", start + 4, StringComparison.Ordinal)];
        Assert.Equal(options.Order(), Row().Matches(section).Select(m => m.Groups[1].Value).Order());
    }

    [GeneratedRegex(@"^  ([a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^## ([a-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^  [^<\n]*?(--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\| `(--[a-z-]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}
