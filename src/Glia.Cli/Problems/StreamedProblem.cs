using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes a table ready that is too large for memory: encoders are fitted piece by piece, and encoded rows go to a temporary file.</summary>
internal static class StreamedProblem
{
    private const int ChunkRows = 20_000;

    public static Problem Create(TableStream stream, string name, DataSource source)
    {
        var target = source.Target!;
        var seed = source.Seed;
        var all = TargetEncoder.Fit(stream.ReadChunks(ChunkRows), target);
        var features = TableEncoder.Fit(Part(stream, Split.Train, seed), target);
        var encoder = all.Task == TaskKind.Regression
            ? TargetEncoder.Fit(Part(stream, Split.Train, seed), target, TaskKind.Regression)
            : all;
        return new Problem
        {
            Name = name,
            Description = $"{Output.ModelSummary.Number(stream.RowCount)} rows read from the file piece by piece, {TableProblem.Describe(features)}",
            Kind = ProblemKind.Table,
            Goal = TableProblem.Goal(encoder),
            Train = Encode(Part(stream, Split.Train, seed), features, encoder),
            Validation = Encode(Part(stream, Split.Validation, seed), features, encoder),
            Test = Encode(Part(stream, Split.Test, seed), features, encoder),
            Target = target,
            Notes = [.. stream.Notes, .. features.Notes],
            Example = new Example.Rows(stream.ReadChunks(5, Split.Fractions, Split.Test, seed).First()),
            Preparation = new TablePreparation(features, encoder, source with { Rows = stream.RowCount, IsStreamed = true }),
        };
    }

    /// <summary>All rows, for a trained model.</summary>
    public static Dataset EncodeAll(TableStream stream, TablePreparation model) => Encode(stream.ReadChunks(ChunkRows), model.Features, model.Target);

    /// <summary>The rows that a trained model was not shown in training.</summary>
    public static Dataset EncodeTest(TableStream stream, TablePreparation model) =>
        Encode(Part(stream, Split.Test, model.Source.Seed), model.Features, model.Target);

    private static EncodedRowsFile Encode(IEnumerable<Table> chunks, TableEncoder features, TargetEncoder target)
    {
        var rows = new EncodedRowsFile(features.FeatureNames.Count, target.Task);
        foreach (var chunk in chunks)
        {
            var targets = target.Task == TaskKind.Classification
                ? Array.ConvertAll(target.EncodeClasses(chunk), c => (float)c)
                : target.EncodeValues(chunk);
            rows.Append(features.Transform(chunk), targets);
        }
        return rows;
    }

    private static IEnumerable<Table> Part(TableStream stream, int part, ulong seed) => stream.ReadChunks(ChunkRows, Split.Fractions, part, seed);
}
