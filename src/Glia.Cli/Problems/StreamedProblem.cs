using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes a table ready that is too large for memory: encoders are fitted piece by piece, and encoded rows go to a temporary file.</summary>
internal static class StreamedProblem
{
    private const int ChunkRows = 20_000;

    public static Problem Create(CsvStream stream, string name, DataSource source)
    {
        var target = source.Target!;
        var seed = source.Seed;
        var all = TargetEncoder.Fit(stream.ReadChunks(ChunkRows), target);
        var features = TableEncoder.Fit(Chunks(stream, Split.Train, seed), target);
        var encoder = all.Task == TaskKind.Regression
            ? TargetEncoder.Fit(Chunks(stream, Split.Train, seed), target, TaskKind.Regression)
            : all;
        var preprocessing = new Preprocessing(features, encoder, source with { Rows = stream.RowCount });
        return new Problem
        {
            Name = name,
            Description = $"{stream.RowCount:N0} rows read from the file piece by piece, {features.FeatureNames.Count} features from {features.ColumnsNeeded.Count} columns",
            Task = encoder.Task,
            Train = Encode(Chunks(stream, Split.Train, seed), features, encoder),
            Validation = Encode(Chunks(stream, Split.Validation, seed), features, encoder),
            Test = Encode(Chunks(stream, Split.Test, seed), features, encoder),
            Classes = encoder.Classes,
            TargetScale = encoder.Std,
            Target = target,
            Notes = features.Notes,
            Preprocessing = preprocessing,
        };
    }

    public static EncodedRowsFile Encode(IEnumerable<Table> chunks, TableEncoder features, TargetEncoder target)
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

    private static IEnumerable<Table> Chunks(CsvStream stream, int part, ulong seed) => stream.ReadChunks(ChunkRows, Split.Fractions, part, seed);
}
