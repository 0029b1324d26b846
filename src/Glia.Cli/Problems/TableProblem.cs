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
        var preparation = new TablePreparation(features, encoder, source);
        return new Problem
        {
            Name = name,
            Description = $"{Output.ModelSummary.Number(table.RowCount)} rows, {Describe(features)}",
            Kind = ProblemKind.Table,
            Goal = Goal(encoder),
            Train = Encode(train, preparation),
            Validation = Encode(table.Select(parts[Split.Validation]), preparation),
            Test = Encode(table.Select(parts[Split.Test]), preparation),
            Target = target,
            Notes = [.. table.Notes, .. features.Notes],
            Example = Example.Rows.From(table, parts[Split.Test]),
            Preparation = preparation,
        };
    }

    public static string Describe(TableEncoder features) =>
        $"{Count(features.FeatureNames.Count, "feature")} from {Count(features.ColumnsNeeded.Count, "column")}";

    /// <summary>What is to be learned, in words.</summary>
    public static string Goal(TargetEncoder target) => target.Task == TaskKind.Classification
        ? $"classification of '{target.ColumnName}' into {target.Classes.Count} classes"
        : $"regression of '{target.ColumnName}'";

    /// <summary>Rows of training, validation and test; every class is in each in proportion.</summary>
    public static int[][] Parts(Table table, TargetEncoder target, ulong seed) => target.Task == TaskKind.Classification
        ? Splits.Stratified(target.EncodeClasses(table), Split.Fractions, seed)
        : Splits.Random(table.RowCount, Split.Fractions, seed);

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    public static TensorDataset Encode(Table table, TablePreparation preparation)
    {
        var inputs = Tensor.From(preparation.Features.Transform(table), (table.RowCount, preparation.Features.FeatureNames.Count));
        var targets = preparation.IsRegression
            ? Tensor.From(preparation.Target.EncodeValues(table), (table.RowCount, 1))
            : Tensor.From(Array.ConvertAll(preparation.Target.EncodeClasses(table), c => (long)c));
        return new TensorDataset(inputs, targets);
    }
}
