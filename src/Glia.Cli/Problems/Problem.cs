using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Data made ready for training: the three parts of its split, what is to be predicted, and the preprocessing to be saved with the model.</summary>
internal sealed class Problem
{
    /// <summary>What runs and reports are named after.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on the data.</summary>
    public required string Description { get; init; }

    public required TaskKind Task { get; init; }

    public required Dataset Train { get; init; }

    public required Dataset Validation { get; init; }

    public required Dataset Test { get; init; }

    /// <summary>Whether a sample is an image, (channels, rows, columns), rather than a row of features.</summary>
    public bool IsImages => Preprocessing.Images is not null;

    /// <summary>How many numbers a network gives for a sample: one per class, or one.</summary>
    public int OutputCount => Task == TaskKind.Classification ? Classes.Count : 1;

    /// <summary>The classes in the order of the outputs; empty for regression.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What a normalised error is multiplied by to be in the user's units; 1 for classification.</summary>
    public double TargetScale { get; init; } = 1;

    /// <summary>What the target is called.</summary>
    public required string Target { get; init; }

    /// <summary>Things the user should know about the data.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the model can be tried on.</summary>
    public required Example Example { get; init; }

    /// <summary>What to save with the model.</summary>
    public required Preprocessing Preprocessing { get; init; }
}
