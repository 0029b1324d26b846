using System.Globalization;
using Glia.Training;

namespace Glia.Cli.Problems;

/// <summary>The number by which people follow training, beside the loss: how it is computed, shown and drawn.</summary>
/// <param name="Create">The metric; null where the number follows from the loss.</param>
/// <param name="Key">Under which name training records it.</param>
/// <param name="Label">What it is called beside its value.</param>
/// <param name="Scale">What a recorded value is multiplied by, to be in the user's units.</param>
/// <param name="Format">How it is written, as a .NET format.</param>
internal sealed record Measure(Func<Metric>? Create, string Key, string Label, double Scale, string Format)
{
    /// <summary>The name of the chart's files.</summary>
    public required string File { get; init; }

    /// <summary>What the chart's axis says.</summary>
    public required string Axis { get; init; }

    /// <summary>What the chart's values are multiplied by.</summary>
    public double ChartScale { get; init; } = 1;

    public static Measure Accuracy { get; } = new(() => new Accuracy(), "accuracy", "accuracy", 1, "P1") { File = "accuracy", Axis = "accuracy (%)", ChartScale = 100 };

    public static Measure Bits { get; } = new(null, "loss", "bits/character", 1 / Math.Log(2), "F3") { File = "bits", Axis = "bits per character", ChartScale = 1 / Math.Log(2) };

    public static Measure Error(string target, double scale) =>
        new(() => new RootMeanSquaredError(), "rmse", "rmse", scale, "G4") { File = "error", Axis = $"RMSE of {target}", ChartScale = scale };

    public string Text(IReadOnlyDictionary<string, double> values) => $"{Label} {(values[Key] * Scale).ToString(Format, CultureInfo.InvariantCulture)}";
}
