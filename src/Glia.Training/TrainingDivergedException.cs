using System.Globalization;
using Glia.Diagnostics;

namespace Glia.Training;

/// <summary>The loss or the gradients became NaN or infinite; the model's parameters are those before that step. They are finite, unless the step before was so long that they overflowed themselves.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TrainingDivergedException(string what, double value, int epoch, long step, double learningRate, NonFiniteOrigin? origin)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The {what} became {(double.IsNaN(value) ? "NaN" : "infinite")} in epoch {epoch}, step {step}, at learning rate {learningRate}{(origin is null ? "" : $": {origin}")}. {Advice(origin)}"))
    {
        Epoch = epoch;
        Step = step;
        LearningRate = learningRate;
        Origin = origin;
    }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step since training began, counted from 1.</summary>
    public long Step { get; }

    /// <summary>The learning rate of the step.</summary>
    public double LearningRate { get; }

    /// <summary>Where the first such number appeared: layer and operation. Null when doing the step again showed none.</summary>
    public NonFiniteOrigin? Origin { get; }

    private static string Advice(NonFiniteOrigin? origin) => origin switch
    {
        { Layer: null, Operation: null } => "Remove the samples with such values, or fill in what is missing.",
        { Operation: "Log" or "Divide" or "Reciprocal" or "Sqrt" or "Rsqrt" or "Pow" } => $"Keep the operand of {origin.Operation} away from where it is not defined, and try a learning rate ten times smaller.",
        _ => "Try a learning rate ten times smaller, and check that the inputs are finite and scaled.",
    };
}
