namespace Glia.Cli.Pictures;

/// <summary>What the user says of a picture; null where the program chooses.</summary>
internal sealed record PlotOptions
{
    /// <summary>The weight of the past in a moving average of curves.</summary>
    public double Smooth { get; init; }

    public bool LogY { get; init; }

    public bool LogX { get; init; }

    public CurvePart? Part { get; init; }

    public string? Layer { get; init; }

    public int? Sample { get; init; }

    public string? Class { get; init; }

    public int? Channel { get; init; }

    /// <summary>Two columns of a table.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The data to look at, in place of those that the model was trained on.</summary>
    public string? Data { get; init; }
}

/// <summary>Which curves of a training.</summary>
internal enum CurvePart
{
    Training,
    Validation,
    Both,
}
