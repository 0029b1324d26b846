namespace Glia.Interchange;

/// <summary>
/// An ONNX file is damaged, breaks the format, or needs something that Glia does not have. The message names the file, and where one is to blame, the node, its operator and
/// the version of the operator set.
/// </summary>
public sealed class OnnxException : FormatException
{
    /// <summary>Creates the exception with a default message.</summary>
    public OnnxException()
        : base("The data is not in the ONNX format.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and what was expected.</param>
    public OnnxException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, where, and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public OnnxException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a model that needs what Glia does not have.</summary>
    /// <param name="message">What is missing.</param>
    /// <param name="missing">Each thing that is missing, once.</param>
    public OnnxException(string message, IReadOnlyList<string> missing)
        : base(message) => Missing = missing;

    /// <summary>Everything that the model needs and Glia does not have; empty when something else is wrong.</summary>
    public IReadOnlyList<string> Missing { get; } = [];
}
