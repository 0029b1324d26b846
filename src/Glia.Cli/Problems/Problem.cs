using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Data made ready for training: the three parts of its split, what is to be predicted, and the preprocessing to be saved with the model.</summary>
internal sealed class Problem
{
    /// <summary>What runs and reports are named after.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on the data.</summary>
    public required string Description { get; init; }

    /// <summary>What the samples are.</summary>
    public required ProblemKind Kind { get; init; }

    /// <summary>What is to be learned, for people.</summary>
    public required string Goal { get; init; }

    public required Dataset Train { get; init; }

    public required Dataset Validation { get; init; }

    public required Dataset Test { get; init; }

    /// <summary>How many numbers a network gives for a sample, or for a step of it.</summary>
    public int OutputCount => Preparation.ResultShape[-1];

    /// <summary>Whether there is an answer for every step of a sequence.</summary>
    public bool IsPerStep => Preparation.ResultShape.Rank > 1;

    /// <summary>The classes in the order of the outputs; empty where there are none.</summary>
    public IReadOnlyList<string> Classes => Preparation.Classes;

    /// <summary>What the target is called.</summary>
    public required string Target { get; init; }

    /// <summary>Things the user should know about the data.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the model can be tried on.</summary>
    public required Example Example { get; init; }

    /// <summary>What to save with the model.</summary>
    public required Preparation Preparation { get; init; }
}
