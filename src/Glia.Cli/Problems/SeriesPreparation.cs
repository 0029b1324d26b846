using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>The last values of a time series become the input; the answer is the values that follow.</summary>
internal sealed class SeriesPreparation(SeriesEncoder encoder, int season, DataSource source) : Preparation(source)
{
    private const string SeriesKey = "glia.series";
    private const string SeasonKey = "glia.season";

    /// <summary>How values are encoded.</summary>
    public SeriesEncoder Encoder { get; } = encoder;

    /// <summary>The length of the season to compare with; 0 for none.</summary>
    public int Season { get; } = season;

    public override string Task => "forecasting";

    public override Loss Loss => Loss.MeanSquaredError;

    public override Measure Measure => Measure.Error(Encoder.Column, Encoder.Scale);

    public override string Expects => $"a table whose column '{Encoder.Column}' is the series in the order of time, at least {Encoder.Lookback} values";

    public override Shape InputShape => (Encoder.Lookback, Encoder.Features);

    public override Shape ResultShape => Encoder.Horizon;

    protected override IEnumerable<(string Key, string Text)> Parts =>
        [(SeriesKey, Encoder.ToJson()), (SeasonKey, JsonNode.Write(SeasonKey, 1, writer => writer.WriteNumber("season", Season)))];

    public static SeriesPreparation? Read(IReadOnlyDictionary<string, string> metadata, DataSource source, string path) =>
        metadata.TryGetValue(SeriesKey, out var series) && metadata.TryGetValue(SeasonKey, out var text)
            ? new(SeriesEncoder.FromJson(series, path), JsonNode.Read(text, path, SeasonKey, 1, root => (int)root.Number("season")), source)
            : null;

    public override string Predicts(SequentialNetwork network) => $"the next {Encoder.Horizon} values of {Encoder.Column}";

    public override Evaluation Evaluate(SequentialNetwork network, Dataset data) => ForecastEvaluation.Of(network, (SeriesDataset)data, this);

    public override (Dataset Samples, string Part) Open(string data, bool all)
    {
        var location = DataLocation.Find(data);
        var values = SeriesProblem.ReadColumn(location, Encoder.Column);
        if (values.Length < Encoder.Lookback + Encoder.Horizon)
            throw new UserException($"{data}: the series has {values.Length} values, but the model needs {Encoder.Lookback} known ones and {Encoder.Horizon} to compare with.");
        if (!all && ProblemLoader.SourceOf(location, Source.Target, Source.Seed, values.Length).IsSameDataAs(Source))
            return (new SeriesDataset(values, Encoder, SeriesProblem.FirstOf(values.Length, Split.Test), values.Length), HeldOut);
        return (new SeriesDataset(values, Encoder, 0, values.Length), Everything);
    }

    /// <summary>Forecasts of the values that follow; those beyond the horizon are made from forecasts.</summary>
    public double[] Forecast(SequentialNetwork network, double[] known, int count)
    {
        var values = known.ToList();
        while (values.Count < known.Length + count)
        {
            var input = new float[InputShape.Count];
            Encoder.Encode(values.ToArray(), input);
            values.AddRange(Encoder.Decode(values[^1], network.Predict(Tensor.From(input, InputShape.Prepend(1))).AsSpan<float>()));
        }
        return [.. values.Skip(known.Length).Take(count)];
    }
}
