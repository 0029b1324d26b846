using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes a built-in set of sequences ready.</summary>
internal static class SequenceProblem
{
    public static Problem Create(string name, DataSource source)
    {
        var set = BuiltInDatasets.Find(name)!;
        var data = BuiltInDatasets.LoadSequences(name);
        var parts = Parts(data, source.Seed);
        var isPerStep = set.Task == TaskKind.Classification && data.TargetShape.Rank > 0;
        var preparation = new SequencePreparation(set, data.InputShape, isPerStep, source with { Rows = data.Count });
        var goal = set.Task == TaskKind.Regression ? $"regression of '{set.Target}'"
            : $"classification of '{set.Target}' {(isPerStep ? "at each step " : "")}into {set.Classes.Count} classes";
        return new Problem
        {
            Name = name,
            Kind = data.InputShape.Rank > 2 ? ProblemKind.Videos : ProblemKind.Sequences,
            Description = $"{Output.ModelSummary.Number(data.Count)} sequences of {(data.Lengths is null ? "" : "up to ")}{data.InputShape[0]} steps of ({string.Join(", ", data.InputShape.From(1).Sizes.ToArray())}) numbers",
            Goal = goal,
            Train = data.Subset(parts[Split.Train]),
            Validation = data.Subset(parts[Split.Validation]),
            Test = data.Subset(parts[Split.Test]),
            Target = set.Target,
            Example = new Example.None(),
            Preparation = preparation,
        };
    }

    public static int[][] Parts(Dataset data, ulong seed) => Splits.Random(data.Count, Split.Fractions, seed);
}
