namespace Glia.Plots;

/// <summary>How often numbers occur in intervals of equal width.</summary>
/// <param name="Low">The lower end of the first interval.</param>
/// <param name="High">The upper end of the last interval.</param>
/// <param name="Counts">How many numbers lie in each interval.</param>
public sealed record ChartHistogram(double Low, double High, IReadOnlyList<long> Counts);

/// <summary>Histograms of the same numbers at several steps; see <see cref="Chart.Histograms"/>.</summary>
/// <param name="Name">What the numbers are.</param>
/// <param name="Steps">When each was taken, rising.</param>
/// <param name="Histograms">One for each step.</param>
public sealed record ChartHistograms(string Name, IReadOnlyList<long> Steps, IReadOnlyList<ChartHistogram> Histograms);
