namespace Glia.Fuzz;

/// <summary>A reader to be fuzzed. A new one is a line in <see cref="TargetTable"/>, and files in Seeds/&lt;name&gt;.</summary>
/// <param name="Name">What it is called, and the folder of its seeds.</param>
/// <param name="Read">Reads the input, whose bytes are also in the file.</param>
/// <param name="Documented">The exceptions that its documentation names for damaged files.</param>
internal sealed record FuzzTarget(string Name, Action<byte[], string> Read, params Type[] Documented)
{
    /// <summary>How the end of the file's name is to be.</summary>
    public string Extension { get; init; } = "";

    /// <summary>Small inputs made by the writers, beside those in files.</summary>
    public Func<IEnumerable<byte[]>> Seeds { get; init; } = () => [];

    /// <summary>Words of the format, which mutations put in.</summary>
    public IReadOnlyList<byte[]> Tokens { get; init; } = [];

    /// <summary>A way into the format: takes an input apart, has a part changed, and puts it together with right lengths and checksums.</summary>
    public IStructure? Structure { get; init; }

    /// <summary>Whether the path is needed, so that the bytes must be written to a file.</summary>
    public bool NeedsFile { get; init; } = true;

    /// <summary>What any input may cost.</summary>
    public long AllowedBytes { get; init; } = 4 << 20;

    /// <summary>What each byte of an input may cost on top.</summary>
    public long AllowedBytesPerByte { get; init; } = 64;

    /// <summary>Whether an exception is one that the reader's documentation names.</summary>
    public bool IsDocumented(Exception e) => Documented.Any(t => t.IsInstanceOfType(e));

    /// <summary>The inputs to begin with: files, and what the writers give.</summary>
    public IReadOnlyList<byte[]> AllSeeds()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Seeds", Name);
        var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
        return [.. files.Concat(Seeds()).Where(s => s.Length <= Mutator.LongestInput)];
    }
}

/// <summary>Takes an input apart and puts it together again.</summary>
internal interface IStructure
{
    /// <summary>The input with a part changed; null if it cannot be taken apart.</summary>
    byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random);
}
