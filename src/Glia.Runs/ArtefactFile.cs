using System.Security.Cryptography;

namespace Glia.Runs;

/// <summary>Files that runs left, as they are now.</summary>
internal static class ArtefactFile
{
    public static RunArtefact Read(string path, string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(kind);
        using var stream = File.OpenRead(path);
        return new(Path.GetFullPath(path), kind, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
