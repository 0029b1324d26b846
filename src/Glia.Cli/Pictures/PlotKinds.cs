using Glia.Data;

namespace Glia.Cli.Pictures;

/// <summary>The table of all kinds of pictures.</summary>
internal static class PlotKinds
{
    /// <summary>The kinds, in the order in which they are listed.</summary>
    public static IReadOnlyList<PlotKind> All { get; } =
        [.. CurvePlots.Kinds, .. InsidePlots.Kinds, .. PredictionPlots.Kinds, .. ImagePlots.Kinds, .. RecurrentPlots.Kinds, .. LandscapePlots.Kinds, .. SearchPlots.Kinds];

    public static bool IsKind(string name) => All.Any(k => k.Name == name);

    public static PlotKind Find(string name)
    {
        string[] names = [.. All.Select(k => k.Name)];
        return All.FirstOrDefault(k => k.Name == name)
            ?? throw new UserException($"{ClosestName.Explain("kind of picture", "kinds", name, names)} '{CommandLine.Name} plot --list' says what they show.");
    }
}
