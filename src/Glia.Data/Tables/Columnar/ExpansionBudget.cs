namespace Glia.Data;

/// <summary>
/// What a file is believed to become on one pass over it, in all: compressed data, dictionaries, and texts that share bytes may be many times their size, but a small file must
/// not take much memory or time. Gzip reaches some 1030 times; other compressions reach more, on data that say next to nothing.
/// </summary>
internal sealed class ExpansionBudget(long fileBytes)
{
    private const int MostExpansion = 1100;
    private const int MostSharing = 64;
    private const long AlwaysAllowed = 2 << 20;

    private long _expanded;
    private long _texts;

    /// <summary>How many bytes a file of so many may become.</summary>
    public static long Of(long fileBytes) => AlwaysAllowed + (MostExpansion * fileBytes);

    /// <summary>Notes bytes that are going to be expanded, or cells of a dictionary.</summary>
    /// <exception cref="CorruptDataException">It is more than is believed.</exception>
    public void Expand(long bytes)
    {
        if ((_expanded += bytes) > Of(fileBytes))
            throw TooMuch(_expanded, "write the file without compression");
    }

    /// <summary>Notes the bytes of a text that is going to be read.</summary>
    /// <exception cref="CorruptDataException">It is more than is believed.</exception>
    public void ReadText(int bytes)
    {
        if ((_texts += bytes) > AlwaysAllowed + (MostSharing * fileBytes) + _expanded)
            throw TooMuch(_texts, "write texts that occur often as a dictionary");
    }

    private CorruptDataException TooMuch(long bytes, string advice) => new($"{fileBytes} bytes are said to become {bytes} or more, which is more than is believed; {advice}.");
}
