namespace Glia.Training;

/// <summary>What <see cref="ReduceOnPlateau"/> remembers, to be saved with a checkpoint.</summary>
/// <param name="Best">The best value so far.</param>
/// <param name="BadReports">How many values since then were no improvement.</param>
/// <param name="CooldownLeft">How many values are not counted yet.</param>
public readonly record struct PlateauState(double Best, int BadReports, int CooldownLeft);
