namespace Glia.Cli.Problems;

/// <summary>What the samples of a problem are, which decides about the families that fit.</summary>
internal enum ProblemKind
{
    Table,
    Images,
    Text,
    Series,
    Sequences,
    Videos,
}
