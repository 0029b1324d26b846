namespace Glia;

/// <summary>Shapes that do not fit together: the message names the operation or layer, every shape, and the likely fix.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    public ShapeException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>"MatMul expects … but got …. Fix."</summary>
    internal static ShapeException Of(string who, string expects, string got, string? fix = null) =>
        new($"{who} expects {expects} but got {got}.{(fix is null ? "" : " " + fix)}");
}
