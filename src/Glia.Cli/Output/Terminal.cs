using Spectre.Console;

namespace Glia.Cli.Output;

/// <summary>Where a command writes: for people (colours and live displays on a terminal, plain lines elsewhere), or JSON for machines.</summary>
internal sealed class Terminal
{
    /// <summary>Wide enough for every table of ours; a file or pipe has no width of its own.</summary>
    private const int PlainWidth = 110;

    public Terminal(TextWriter output, TextWriter error, bool json, bool quiet)
    {
        Out = output;
        Json = json;
        Quiet = quiet || json;
        IsInteractive = !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out);
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Quiet ? TextWriter.Null : output),
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        // A terminal that cannot move its cursor gets plain lines.
        IsInteractive &= Ansi.Profile.Capabilities.Ansi;
        if (!IsInteractive)
            Ansi.Profile.Width = PlainWidth;
        Error = error;
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>Whether to print one JSON document instead of text.</summary>
    public bool Json { get; }

    /// <summary>Whether to print nothing but the result itself.</summary>
    public bool Quiet { get; }

    public bool IsInteractive { get; }

    /// <summary>Text for people; it goes nowhere when quiet.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>Brings back the cursor that a live display hides.</summary>
    public void ShowCursor()
    {
        if (IsInteractive)
            Ansi.Cursor.Show();
    }

    /// <summary>A line of text, without markup; it is wrapped on a terminal only.</summary>
    public void Line(string text = "")
    {
        if (IsInteractive)
            Ansi.WriteLine(text);
        else if (!Quiet)
            Out.WriteLine(text);
    }

    /// <summary>A heading above a part of the output.</summary>
    public void Heading(string text)
    {
        Ansi.WriteLine();
        Ansi.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
    }
}
