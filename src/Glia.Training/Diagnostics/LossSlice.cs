namespace Glia.Training.Diagnostics;

/// <summary>The loss along a line through the weights, L(w + αd).</summary>
/// <param name="Alphas">α, rising evenly.</param>
/// <param name="Losses">The loss at each; NaN and infinity where it is that.</param>
/// <param name="CenterLoss">The loss of the weights as they are, at α = 0.</param>
public sealed record LossSlice(IReadOnlyList<double> Alphas, IReadOnlyList<double> Losses, double CenterLoss)
{
    /// <summary>
    /// The share of the line, from 0 to 1, that is as flat as the centre: how long the stretch around α = 0 is whose every loss differs from the centre's by at most 1 % of its
    /// size, |L(w + αd) − L(w)| ≤ 0.01·|L(w)|. A loss that is not finite ends it; where the centre's is not, it is 0.
    /// </summary>
    public double Flatness
    {
        get
        {
            if (!double.IsFinite(CenterLoss))
                return 0;
            var points = Alphas.Zip(Losses).ToList();
            var high = points.Where(p => p.First >= 0).TakeWhile(IsLevel).LastOrDefault().First;
            var low = Enumerable.Reverse(points).Where(p => p.First <= 0).TakeWhile(IsLevel).LastOrDefault().First;
            return (high - low) / (Alphas[^1] - Alphas[0]);

            bool IsLevel((double Alpha, double Loss) point) => LossLandscape.IsLevel(point.Loss, CenterLoss);
        }
    }

    /// <summary>
    /// Whether the weights stand on a plateau: <see cref="Flatness"/> is at least one half, so with a range of 1 that changing every filter by half its norm leaves the loss as it
    /// is. One random direction is a hint, not a proof.
    /// </summary>
    public bool IsPlateau => Flatness >= LossLandscape.PlateauShare;
}
