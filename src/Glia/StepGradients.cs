namespace Glia;

/// <summary>What <see cref="TrainingStep.ComputeGradients"/> found; the gradients themselves are in the parameters.</summary>
/// <param name="Prediction">The model's output for the batch; its memory is used again by the next step.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Weight">How much the batch counts when losses are averaged: see <see cref="Glia.Loss.ComputeWithWeight"/>.</param>
public readonly record struct StepGradients(Tensor Prediction, double Loss, double Weight);
