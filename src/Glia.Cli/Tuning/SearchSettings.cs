namespace Glia.Cli.Tuning;

/// <summary>How a search chooses what it tries.</summary>
internal enum SearchKind
{
    Random,
    Grid,
    Asha,
}

/// <summary>What a search file, and the command line, ask for.</summary>
internal sealed record SearchSettings
{
    public const int DefaultTrials = 20;
    public const int DefaultBudget = 27;

    /// <summary>The search file.</summary>
    public required string Path { get; init; }

    public string? Data { get; init; }

    public SearchKind Method { get; init; }

    /// <summary>How many trials; null for the method's own number.</summary>
    public int? Trials { get; init; }

    /// <summary>Whether successive halving takes the points of the grid.</summary>
    public bool HalvesGrid { get; init; }

    /// <summary>The largest number of epochs of a trial; null for what training would take.</summary>
    public int? Budget { get; init; }

    /// <summary>Epochs after which trials are compared for the first time.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>One of so many trials goes on to the next rung.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>Parts of the data that each judge once; 1 to judge by the validation part.</summary>
    public int Folds { get; init; } = 1;

    public TimeSpan? TimeLimit { get; init; }

    public int? Jobs { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Options of training that all trials share.</summary>
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [];

    public IReadOnlyList<ParameterSettings> Parameters { get; init; } = [];
}
