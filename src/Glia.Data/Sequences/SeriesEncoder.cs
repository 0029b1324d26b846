using System.Numerics.Tensors;

namespace Glia.Data;

/// <summary>
/// How a time series becomes the input of a forecaster, and its output a forecast: everything is seen from the last known value x_t, in units of how far
/// the series usually moves within the horizon. The forecast 0 is then persistence ("it stays as it is"), and a loss of 1 is about as good as that.
/// </summary>
/// <remarks>
/// Inputs are (lookback, features): (x_s − x_t) / scale for the last values s = t − lookback + 1, …, t, and as second feature (x_s − mean) / std where the
/// level itself tells something. It does unless the series has a trend, which would take the level out of the range that was trained on. Targets
/// are (x_{t+h} − x_t) / scale for h = 1, …, horizon.
/// </remarks>
public sealed class SeriesEncoder
{
    private const string Format = "glia.series";
    private const int Version = 1;

    private SeriesEncoder(string column, int lookback, int horizon, double scale, double mean, double std, bool usesLevel)
    {
        (Column, Lookback, Horizon) = (column, lookback, horizon);
        (Scale, Mean, Std, UsesLevel) = (scale, mean, std, usesLevel);
    }

    /// <summary>The column of the table that holds the series.</summary>
    public string Column { get; }

    /// <summary>How many known values the forecast is made from.</summary>
    public int Lookback { get; }

    /// <summary>How many values are forecast.</summary>
    public int Horizon { get; }

    /// <summary>The root mean square of x_{t+h} − x_t over the training part and h = 1, …, horizon.</summary>
    public double Scale { get; }

    /// <summary>The mean of the training part.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation (divisor n) of the training part.</summary>
    public double Std { get; }

    /// <summary>Whether the level is a feature of its own.</summary>
    public bool UsesLevel { get; }

    /// <summary>Features per step: 1, or 2 with the level.</summary>
    public int Features => UsesLevel ? 2 : 1;

    /// <summary>Fits the encoding on the training part of a series.</summary>
    /// <param name="values">The training part, in the order of time.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="lookback">How many known values a forecast is made from; at least 1.</param>
    /// <param name="horizon">How many values to forecast; at least 1.</param>
    /// <param name="usesLevel">
    /// Whether the level is a feature; null to find out: it is where the means of the first and the last third of the values lie less than a standard deviation
    /// apart.
    /// </param>
    /// <exception cref="DataFormatException">The series is too short, or never changes.</exception>
    public static SeriesEncoder Fit(ReadOnlySpan<double> values, string column, int lookback, int horizon, bool? usesLevel = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lookback);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        if (values.Length < lookback + horizon)
            throw new DataFormatException(column, $"the training part has {values.Length} values, but a lookback of {lookback} and a horizon of {horizon} need {lookback + horizon}. Use smaller ones.");
        var (moves, all) = (new RunningMoments(), new RunningMoments());
        for (var t = 0; t < values.Length; t++)
        {
            all.Add(values[t]);
            for (var h = 1; h <= horizon && t + h < values.Length; h++)
                moves.Add((values[t + h] - values[t]) * (values[t + h] - values[t]));
        }
        if (!(moves.Mean > 0))
            throw new DataFormatException(column, "the series never changes, so there is nothing to forecast.");
        var third = Math.Max(1, values.Length / 3);
        var hasTrend = Math.Abs(TensorPrimitives.Sum(values[..third]) - TensorPrimitives.Sum(values[^third..])) / third >= all.StandardDeviation;
        return new SeriesEncoder(column, lookback, horizon, Math.Sqrt(moves.Mean), all.Mean, all.StandardDeviation, usesLevel ?? !hasTrend);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="DataFormatException">The text is not a saved encoder of a known version.</exception>
    public static SeriesEncoder FromJson(string json, string fileName = "series encoder") => JsonNode.Read(json, fileName, Format, Version, root =>
        new SeriesEncoder(
            root.Text("column"), root.Count("lookback"), root.Count("horizon"), root.PositiveNumber("scale"), root.Number("mean"), root.PositiveNumber("std"),
            root.Flag("usesLevel")));

    /// <summary>The input for a forecast made at the last of some known values.</summary>
    /// <param name="known">At least <see cref="Lookback"/> values; the last ones count.</param>
    /// <param name="input">(lookback, features), to be written.</param>
    /// <exception cref="ArgumentException">There are fewer values, or the input has another size.</exception>
    public void Encode(ReadOnlySpan<double> known, Span<float> input)
    {
        if (known.Length < Lookback)
            throw new ArgumentException($"A forecast needs {Lookback} known values, but there are {known.Length}.", nameof(known));
        if (input.Length != Lookback * Features)
            throw new ArgumentException($"The input has {Lookback * Features} numbers, not {input.Length}.", nameof(input));
        var window = known[^Lookback..];
        var last = window[^1];
        for (var s = 0; s < Lookback; s++)
        {
            input[s * Features] = (float)((window[s] - last) / Scale);
            if (UsesLevel)
                input[(s * Features) + 1] = (float)((window[s] - Mean) / Std);
        }
    }

    /// <summary>The target of a forecast made at <paramref name="last"/>.</summary>
    /// <param name="last">x_t.</param>
    /// <param name="future">x_{t+1}, …, x_{t+horizon}.</param>
    /// <param name="target">(horizon,), to be written.</param>
    public void EncodeTarget(double last, ReadOnlySpan<double> future, Span<float> target)
    {
        for (var h = 0; h < Horizon; h++)
            target[h] = (float)((future[h] - last) / Scale);
    }

    /// <summary>A forecast in the units of the series.</summary>
    /// <param name="last">x_t.</param>
    /// <param name="output">What the network made, (horizon,).</param>
    public double[] Decode(double last, ReadOnlySpan<float> output)
    {
        var forecast = new double[output.Length];
        for (var h = 0; h < forecast.Length; h++)
            forecast[h] = last + (output[h] * Scale);
        return forecast;
    }

    /// <summary>The encoding as JSON text, to be saved with the model.</summary>
    public string ToJson() => JsonNode.Write(Format, Version, writer =>
    {
        writer.WriteString("column", Column);
        writer.WriteNumber("lookback", Lookback);
        writer.WriteNumber("horizon", Horizon);
        writer.WriteNumber("scale", Scale);
        writer.WriteNumber("mean", Mean);
        writer.WriteNumber("std", Std);
        writer.WriteBoolean("usesLevel", UsesLevel);
    });
}
