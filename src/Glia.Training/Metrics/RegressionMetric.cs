namespace Glia.Training;

/// <summary>Sums of errors and targets, from which the regression metrics follow.</summary>
public abstract class RegressionMetric : Metric
{
    private double _targetMean;
    private double _targetSquares;

    /// <summary>The number of values.</summary>
    private protected long Count { get; private set; }

    /// <summary>Σ (prediction − target)².</summary>
    private protected double SquaredError { get; private set; }

    /// <summary>Σ |prediction − target|.</summary>
    private protected double AbsoluteError { get; private set; }

    /// <summary>Σ (target − mean target)².</summary>
    private protected double TargetSquares => _targetSquares;

    /// <inheritdoc/>
    public override void Reset()
    {
        Count = 0;
        (SquaredError, AbsoluteError, _targetMean, _targetSquares) = (0, 0, 0, 0);
    }

    /// <inheritdoc/>
    public override void Update(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.Count != target.Count)
            throw new ArgumentException($"{Name} expects one target per prediction but got shapes {prediction.Shape} and {target.Shape}.");
        var p = prediction.Detach().To(DType.Float64).AsSpan<double>();
        var t = target.Detach().To(DType.Float64).AsSpan<double>();
        for (var i = 0; i < t.Length; i++)
        {
            var error = p[i] - t[i];
            SquaredError += error * error;
            AbsoluteError += Math.Abs(error);
            // Welford's update, exact also when the mean is large against the spread.
            Count++;
            var delta = t[i] - _targetMean;
            _targetMean += delta / Count;
            _targetSquares += delta * (t[i] - _targetMean);
        }
    }

    /// <inheritdoc/>
    public override bool SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("count", Count);
        writer.Write("squaredError", SquaredError);
        writer.Write("absoluteError", AbsoluteError);
        writer.Write("targetMean", _targetMean);
        writer.Write("targetSquares", _targetSquares);
        return true;
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Count = reader.ReadInteger("count");
        SquaredError = reader.ReadNumber("squaredError");
        AbsoluteError = reader.ReadNumber("absoluteError");
        _targetMean = reader.ReadNumber("targetMean");
        _targetSquares = reader.ReadNumber("targetSquares");
    }
}
