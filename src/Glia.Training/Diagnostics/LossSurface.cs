namespace Glia.Training.Diagnostics;

/// <summary>The loss over a plane through the weights, L(w + αd + βe).</summary>
/// <param name="Alphas">α, rising evenly.</param>
/// <param name="Betas">β, rising evenly.</param>
/// <param name="Losses">The loss for each β (the row) and α (the column); NaN and infinity where it is that.</param>
/// <param name="CenterLoss">The loss of the weights as they are, at α = β = 0.</param>
public sealed record LossSurface(IReadOnlyList<double> Alphas, IReadOnlyList<double> Betas, IReadOnlyList<IReadOnlyList<double>> Losses, double CenterLoss)
{
    /// <summary>
    /// The share of the points, from 0 to 1, whose loss differs from the centre's by at most 1 % of its size; 0 where the centre's is not finite.
    /// </summary>
    public double Flatness => double.IsFinite(CenterLoss)
        ? Losses.Sum(row => row.Count(loss => LossLandscape.IsLevel(loss, CenterLoss))) / ((double)Alphas.Count * Betas.Count)
        : 0;

    /// <summary>Whether the weights stand on a plateau: <see cref="Flatness"/> is at least one half.</summary>
    public bool IsPlateau => Flatness >= LossLandscape.PlateauShare;
}
