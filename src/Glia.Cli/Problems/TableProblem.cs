using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes a table ready: task from the target, stratified split, features encoded as the training rows have it.</summary>
internal static class TableProblem
{
    private const int SmallestTable = 10;

    public static Problem Create(Table table, string name, DataSource source)
    {
        var target = source.Target!;
        var all = TargetEncoder.Fit(table, target);
        if (table.RowCount < SmallestTable)
            throw new UserException($"{table.Name}: the table has {table.RowCount} rows, but training, validation and test need at least {SmallestTable} together.");

        var parts = Parts(table, all, source.Seed);
        var train = table.Select(parts[Split.Train]);
        var features = TableEncoder.Fit(train, target);
        // Classes are those of the whole table; the scale of numbers is the training rows' own.
        var encoder = all.Task == TaskKind.Regression ? TargetEncoder.Fit(train, target, TaskKind.Regression) : all;
        var preprocessing = new Preprocessing(features, encoder, source);
        return new Problem
        {
            Name = name,
            Description = $"{Output.ModelSummary.Number(table.RowCount)} rows, {Describe(features)}",
            Task = encoder.Task,
            Train = Encode(train, preprocessing),
            Validation = Encode(table.Select(parts[Split.Validation]), preprocessing),
            Test = Encode(table.Select(parts[Split.Test]), preprocessing),
            Classes = encoder.Classes,
            TargetScale = encoder.Std,
            Target = target,
            Notes = features.Notes,
            Example = Example.Rows.From(table, parts[Split.Test]),
            Preprocessing = preprocessing,
        };
    }

    public static string Describe(TableEncoder features) =>
        $"{Count(features.FeatureNames.Count, "feature")} from {Count(features.ColumnsNeeded.Count, "column")}";

    /// <summary>Rows of training, validation and test; every class is in each in proportion.</summary>
    public static int[][] Parts(Table table, TargetEncoder target, ulong seed) => target.Task == TaskKind.Classification
        ? Splits.Stratified(target.EncodeClasses(table), Split.Fractions, seed)
        : Splits.Random(table.RowCount, Split.Fractions, seed);

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    public static TensorDataset Encode(Table table, Preprocessing preprocessing)
    {
        var inputs = Tensor.From(preprocessing.Features!.Transform(table), (table.RowCount, preprocessing.Features.FeatureNames.Count));
        var targets = preprocessing.Task == TaskKind.Classification
            ? Tensor.From(Array.ConvertAll(preprocessing.Target!.EncodeClasses(table), c => (long)c))
            : Tensor.From(preprocessing.Target!.EncodeValues(table), (table.RowCount, 1));
        return new TensorDataset(inputs, targets);
    }
}
