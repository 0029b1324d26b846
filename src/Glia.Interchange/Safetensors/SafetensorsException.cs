namespace Glia.Interchange;

/// <summary>
/// A safetensors file breaks the format, or does not hold what was asked of it. The message names the file, what is wrong and what was
/// expected.
/// </summary>
public sealed class SafetensorsException : WeightFileException
{
    /// <summary>Creates the exception with a default message.</summary>
    public SafetensorsException()
        : base("The data is not in the safetensors format.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what is wrong and what was expected.</param>
    public SafetensorsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">The file, what is wrong and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public SafetensorsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
