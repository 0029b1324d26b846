namespace Glia.Conformance;

/// <summary>The case asks for something that Glia, or its adapter here, does not do yet.</summary>
internal sealed class UnsupportedException(string message) : Exception(message)
{
    /// <summary>Refuses a case when a condition holds.</summary>
    public static void ThrowIf(bool condition, string what)
    {
        if (condition)
            throw new UnsupportedException($"unsupported: {what}");
    }
}
