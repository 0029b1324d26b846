namespace Glia.Cli.Problems;

/// <summary>How samples are divided: what is learned from, what decides when to stop, and what is measured on at the end.</summary>
internal static class Split
{
    public const int Train = 0;
    public const int Validation = 1;
    public const int Test = 2;

    public static double[] Fractions { get; } = [0.7, 0.1, 0.2];
}
