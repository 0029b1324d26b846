namespace Glia.Plots;

/// <summary>One of several plots side by side, see <see cref="Chart.Panels"/>.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Curves">Its curves; those of the same place in other panels have the same colour.</param>
public sealed record ChartPanel(string Title, IReadOnlyList<ChartPoints> Curves);
