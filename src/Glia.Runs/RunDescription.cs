namespace Glia.Runs;

/// <summary>What is known of a run before its first step.</summary>
public sealed record RunDescription
{
    /// <summary>What the run is called; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>The command line that repeats it; null where there is none.</summary>
    public string? Command { get; init; }

    /// <summary>The folder that will hold what it leaves; null where there is none.</summary>
    public string? Folder { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>What the data are called.</summary>
    public string Data { get; init; } = "";

    /// <summary>A hash that identifies the data; see <see cref="DataFingerprint"/>.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The kind of model, such as <c>convolutional network</c>.</summary>
    public string Family { get; init; } = "";

    /// <summary>The layers of the model, as text.</summary>
    public string Model { get; init; } = "";

    /// <summary>How many numbers the model has.</summary>
    public long Parameters { get; init; }

    /// <summary>The metric that a list of runs shows, such as <c>accuracy</c>.</summary>
    public string Measure { get; init; } = "loss";

    /// <summary>How it is trained: learning rate, batch size and so on.</summary>
    public IReadOnlyDictionary<string, RunValue> Settings { get; init; } = new Dictionary<string, RunValue>();

    /// <summary>Words of the user's own to find the run by.</summary>
    public IReadOnlyDictionary<string, RunValue> Tags { get; init; } = new Dictionary<string, RunValue>();
}
