using System.Text.RegularExpressions;

namespace Glia.Cli.Tests.Commands;

/// <summary>The program in a terminal, for which <c>script</c> stands.</summary>
public sealed partial class TerminalTests : IDisposable
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(120, "train digits --epochs 3 --out run", 0)]
    [InlineData(80, "train diabetes --epochs 50 --out run", 0)]
    [InlineData(45, "train iris --epochs 50 --out run", 0)]
    [InlineData(80, "train iris --epochs 50 --learning-rate 1e30 --out run", 3)]
    public void LiveDisplay_FitsAndGivesTheCursorBack(int columns, string command, int exitCode)
    {
        var (code, screen) = RunInTerminal(columns, command, "");
        Assert.Equal(exitCode, code);
        Assert.Contains(HideCursor, screen, StringComparison.Ordinal);
        Assert.True(screen.LastIndexOf(ShowCursor, StringComparison.Ordinal) > screen.LastIndexOf(HideCursor, StringComparison.Ordinal));
        if (exitCode == 0 && columns >= 80)
            Assert.Matches(@"\u001b\[[0-9;]*(3|9)\d[0-9;]*m━+", screen);
        // What is written outside of our tables and displays, such as errors, is for the terminal to wrap.
        Assert.All(
            EscapeSequence().Replace(screen, "").Split('\n', '\r').Where(line => !line.StartsWith("glia: ", StringComparison.Ordinal)),
            line => Assert.True(line.Length <= columns, line));
    }

    [Fact]
    public void NoColor_IsRespected()
    {
        var (_, screen) = RunInTerminal(100, "train iris --epochs 50 --out run", "NO_COLOR=1");
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*(3|9)[0-7]m", screen);
        Assert.DoesNotContain("[38;", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void TerminalThatCannotMoveItsCursor_GetsPlainLines()
    {
        var (_, screen) = RunInTerminal(100, "train iris --epochs 5 --out run", "TERM=dumb");
        Assert.DoesNotContain(HideCursor, screen, StringComparison.Ordinal);
        Assert.Contains("epoch   5/5", screen, StringComparison.Ordinal);
    }

    private (int ExitCode, string Screen) RunInTerminal(int columns, string command, string environment)
    {
        var result = CliProcess.Shell(
            _workspace.Path, $"TERM=xterm-256color script -qfec \"stty cols {columns} rows 40; env {environment} $GLIA {command}\" /dev/null < /dev/null");
        Assert.Equal("", result.Error);
        return (result.ExitCode, result.Out);
    }

    [GeneratedRegex(@"\u001b[\[\]?()=>][0-9;?]*[A-Za-z=>]?")]
    private static partial Regex EscapeSequence();
}
