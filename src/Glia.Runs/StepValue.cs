namespace Glia.Runs;

/// <summary>A number measured at a step.</summary>
/// <param name="Step">The step since training began, counted from 1.</param>
/// <param name="Value">What was measured; may be NaN or infinite.</param>
public readonly record struct StepValue(long Step, double Value);
