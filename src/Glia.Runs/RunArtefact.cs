namespace Glia.Runs;

/// <summary>A file that a run left.</summary>
/// <param name="Path">Where it was, absolute.</param>
/// <param name="Kind">What it is: <c>model</c>, <c>metrics</c>, <c>picture</c>, or a word of the user's.</param>
/// <param name="Size">Its length in bytes when it was recorded.</param>
/// <param name="Hash">The SHA-256 of its bytes, in lower-case hexadecimal.</param>
public sealed record RunArtefact(string Path, string Kind, long Size, string Hash);
