using System.Globalization;
using Glia.Layers;

namespace Glia.Training;

/// <summary>
/// After every step, shortens the incoming weights of each unit (a row of a weight (out, in, …)) to a largest length (Srebro et al. 2005; with dropout,
/// Srivastava et al. 2014). Biases and normalisations are left alone.
/// </summary>
public sealed class MaxNorm : Callback
{
    private readonly double _limit;

    /// <summary>Creates the callback.</summary>
    /// <param name="limit">The largest 2-norm of a unit's weights; 3 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not a positive finite number.</exception>
    public MaxNorm(double limit = 3)
    {
        if (!(limit > 0 && double.IsFinite(limit)))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The largest norm must be a positive finite number.");
        _limit = limit;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        foreach (var weight in state.Model.Parameters.Where(p => p.Decays && p.IsTrainable && p.Rank > 1 && p.Count > 0))
            Shorten(weight);
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("limit", Limit);
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.Require("limit", Limit);
    }

    private string Limit => _limit.ToString("R", CultureInfo.InvariantCulture);

    private void Shorten(Parameter weight)
    {
        var rows = weight.Detach().Reshape(weight.Shape[0], weight.Count / weight.Shape[0]);
        var norms = rows.Square().Sum([1], keepDims: true).Sqrt();
        var limit = Tensor.Scalar(_limit, weight.DType, weight.Device);
        // The larger of norm and limit divides, so that short rows are multiplied by exactly 1.
        weight.CopyFrom((rows * (limit / Tensor.Maximum(norms, limit))).Reshape(weight.Shape));
    }
}
