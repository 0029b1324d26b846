namespace Glia.Interchange;

/// <summary>
/// A file of weights breaks its format, holds what Glia does not read, or does not fit the model. The message names the file, what is wrong, what was expected and what
/// to do.
/// </summary>
public class WeightFileException : FormatException
{
    /// <summary>Creates the exception with a default message.</summary>
    public WeightFileException()
        : base("The file of weights cannot be used.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what is wrong and what was expected.</param>
    public WeightFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">The file, what is wrong and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public WeightFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
