namespace Glia.Cli;

/// <summary>Something the user can mend: one clear sentence, shown without a stack trace.</summary>
internal sealed class UserException(string message, Exception? innerException = null) : Exception(message, innerException);
