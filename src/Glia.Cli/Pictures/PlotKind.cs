using Glia.Plots;

namespace Glia.Cli.Pictures;

/// <summary>A kind of picture that the program draws.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Description">What it shows, in a line.</param>
/// <param name="Needs">What it is drawn from, in a few words.</param>
/// <param name="Missing">Why it cannot be drawn of a run, as the end of a sentence that begins with "it needs"; null where it can.</param>
/// <param name="Draw">Draws it of one run, or of several where <see cref="TakesSeveral"/>.</param>
internal sealed record PlotKind(string Name, string Description, string Needs, Func<PlotSource, string?> Missing, Func<IReadOnlyList<PlotSource>, PlotOptions, Chart> Draw)
{
    /// <summary>Whether several runs can stand in one picture.</summary>
    public bool TakesSeveral { get; init; }

    /// <summary>A kind that is drawn of one run.</summary>
    public static PlotKind Of(string name, string description, string needs, Func<PlotSource, string?> missing, Func<PlotSource, PlotOptions, Chart> draw) =>
        new(name, description, needs, missing, (runs, options) => draw(runs[0], options));
}
