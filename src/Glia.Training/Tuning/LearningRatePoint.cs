namespace Glia.Training;

/// <summary>One step of a range test.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">The loss of the step's batch.</param>
/// <param name="Smoothed">The smoothed loss up to here.</param>
public readonly record struct LearningRatePoint(double Rate, double Loss, double Smoothed);
