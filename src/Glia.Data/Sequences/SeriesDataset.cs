namespace Glia.Data;

/// <summary>Windows of a time series: the last known values, and those to be forecast from them, as a <see cref="SeriesEncoder"/> has them.</summary>
public sealed class SeriesDataset : Dataset
{
    private readonly double[] _values;
    private readonly SeriesEncoder _encoder;

    /// <summary>Makes every window whose values to be forecast lie in a part of the series; what is known may lie before it.</summary>
    /// <param name="values">The whole series, in the order of time.</param>
    /// <param name="encoder">How windows are encoded.</param>
    /// <param name="start">The index of the first value that may be forecast.</param>
    /// <param name="end">One more than the index of the last.</param>
    /// <exception cref="ArgumentException">There is no such window.</exception>
    public SeriesDataset(double[] values, SeriesEncoder encoder, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, values.Length);
        (_values, _encoder) = (values, encoder);
        FirstOrigin = Math.Max(encoder.Lookback, start) - 1;
        Count = end - encoder.Horizon - FirstOrigin;
        if (Count < 1)
        {
            throw new ArgumentException(
                $"Values {start} to {end - 1} hold no window: a lookback of {encoder.Lookback} and a horizon of {encoder.Horizon} need more. Use smaller ones or a longer series.");
        }
    }

    /// <summary>The whole series, in the order of time.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The index t of the last known value of window 0; window i has t + i.</summary>
    public int FirstOrigin { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>(lookback, features).</summary>
    public override Shape InputShape => new(_encoder.Lookback, _encoder.Features);

    /// <summary>(horizon,).</summary>
    public override Shape TargetShape => _encoder.Horizon;

    /// <summary>Float32.</summary>
    public override DType TargetDType => DType.Float32;

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        var (size, horizon) = (InputShape.Count, _encoder.Horizon);
        var from = input.AsWritableSpan<float>();
        var to = target.AsWritableSpan<float>();
        for (var i = 0; i < samples.Length; i++)
        {
            var origin = FirstOrigin + samples[i];
            _encoder.Encode(_values.AsSpan(0, origin + 1), from.Slice(i * size, size));
            _encoder.EncodeTarget(_values[origin], _values.AsSpan(origin + 1, horizon), to.Slice(i * horizon, horizon));
        }
    }
}
