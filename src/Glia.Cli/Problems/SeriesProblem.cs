using System.Globalization;
using Glia.Cli.Commands;
using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes a time series ready for a forecaster: the first 70 % to train, the next 10 % to validate, the last 20 % to test.</summary>
internal static class SeriesProblem
{
    private const int DefaultHorizon = 12;
    private const int DefaultLookback = 48;

    public static Problem Create(DataLocation location, string column, DataSource source, TrainOptions options)
    {
        var values = ReadColumn(location, column);
        var (train, test) = (FirstOf(values.Length, Split.Validation), FirstOf(values.Length, Split.Test));
        var horizon = options.Horizon ?? DefaultHorizon;
        // A short series has a short memory.
        var lookback = options.Lookback ?? (int)Math.Clamp(train - (2L * horizon), 1, DefaultLookback);
        if ((long)lookback + horizon > train || horizon > test - train || horizon > values.Length - test)
        {
            var needed = Math.Max(Math.Ceiling(((double)lookback + horizon) / 0.7), 10.0 * horizon);
            throw new UserException($"{options.Data}: the series has {values.Length} values, but training, validation and test need about {needed:F0} with a lookback of {lookback} and a horizon of {horizon}. Use smaller ones or a longer series.");
        }
        var season = options.Season ?? 0;
        if (season > lookback)
            throw new UserException($"{options.Data}: a season of {season} is longer than the lookback of {lookback}. Use a smaller --season or a larger --lookback.");
        var encoder = SeriesEncoder.Fit(values.AsSpan(0, train), column, lookback, horizon);
        return new Problem
        {
            Name = location.Name,
            Kind = ProblemKind.Series,
            Description = $"a series of {Output.ModelSummary.Number(values.Length)} values, in the order of time",
            Goal = $"forecast of '{column}', {horizon} step{(horizon == 1 ? "" : "s")} ahead from the last {lookback} values",
            Train = new SeriesDataset(values, encoder, 0, train),
            Validation = new SeriesDataset(values, encoder, train, test),
            Test = new SeriesDataset(values, encoder, test, values.Length),
            Target = column,
            Example = new Example.Rows(new Table(location.Name, [Column.FromNumbers(column, values.AsSpan()[^Math.Min(values.Length, 2 * lookback)..])])),
            Preparation = new SeriesPreparation(encoder, season, source with { Rows = values.Length }),
        };
    }

    /// <summary>The index of the first value of a part.</summary>
    public static int FirstOf(int count, int part) => part switch
    {
        Split.Train => 0,
        Split.Validation => (int)Math.Round(count * Split.Fractions[Split.Train]),
        _ => (int)Math.Round(count * (1 - Split.Fractions[Split.Test])),
    };

    /// <summary>The values of a column, none of them missing.</summary>
    public static double[] ReadColumn(DataLocation location, string name)
    {
        location = location.AsTable();
        if (location.Form is not (DataForm.Table or DataForm.BuiltIn))
            throw new UserException($"{location.Path}: a time series is a column of a table. Give a CSV, Parquet or Arrow file.");
        var table = location.Form == DataForm.BuiltIn ? BuiltInDatasets.Load(location.Path) : Table.Read(location.Path);
        var column = table[name];
        if (column.Kind != ColumnKind.Numeric)
            throw new UserException($"{location.Path}: the column '{name}' holds texts such as '{column.Categories[0]}', but a series is numbers.");
        var missing = column.Numbers.IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
        if (missing >= 0)
            throw new UserException(string.Create(CultureInfo.InvariantCulture, $"{location.Path}: row {missing + 1} has no value in the column '{name}'. A series has one at every step: fill it in, or leave the row out."));
        return column.Numbers.ToArray();
    }
}
