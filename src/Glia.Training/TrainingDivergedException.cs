using System.Globalization;

namespace Glia.Training;

/// <summary>The loss or the gradients became NaN or infinite.</summary>
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

    internal TrainingDivergedException(string what, double value, int epoch, long step, double learningRate)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The {what} became {(double.IsNaN(value) ? "NaN" : "infinite")} in epoch {epoch}, step {step}, at learning rate {learningRate}. Try a learning rate ten times smaller, and check that the inputs are finite and scaled."))
    {
    }
}
