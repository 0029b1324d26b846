namespace Glia.Training;

/// <summary>A checkpoint is damaged, was written by a newer version, or does not fit the training that is to go on from it. The message names file, cause and remedy.</summary>
public sealed class CheckpointException : FormatException
{
    /// <summary>Creates the exception with a default message.</summary>
    public CheckpointException()
        : base("The checkpoint cannot be used.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what is wrong and what to do.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">The file, what is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public CheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
