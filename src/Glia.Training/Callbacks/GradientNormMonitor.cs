using Glia.Optimizers;

namespace Glia.Training;

/// <summary>
/// Records the norm of the gradients at every step, before they are clipped by norm, and suggests a limit for <see cref="Trainer.ClipNorm"/>.
/// </summary>
public sealed class GradientNormMonitor : Callback
{
    private readonly List<double> _norms = [];

    /// <summary>The norms, step by step.</summary>
    public IReadOnlyList<double> Norms => _norms;

    /// <summary>
    /// The 90th percentile of the norms: a limit that shortens only the largest tenth of the gradients. NaN before the first step.
    /// </summary>
    public double SuggestedClipNorm => Percentile(0.9);

    /// <summary>The norm that a share of the steps stay below, interpolated between neighbours; NaN before the first step.</summary>
    /// <param name="share">From 0 (the smallest norm) to 1 (the largest).</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in [0, 1].</exception>
    public double Percentile(double share)
    {
        if (!(share >= 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share must be in [0, 1].");
        if (_norms.Count == 0)
            return double.NaN;
        var sorted = _norms.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <inheritdoc/>
    public override void OnTrainingStart(TrainingState state) => _norms.Clear();

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _norms.Add(double.IsNaN(state.GradientNorm) ? GradientClipping.Norm(state.Model.Parameters) : state.GradientNorm);
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("norms", _norms);
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _norms.Clear();
        _norms.AddRange(reader.ReadNumbers("norms"));
    }
}
