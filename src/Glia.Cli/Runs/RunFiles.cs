using System.Security.Cryptography;
using Glia.Runs;

namespace Glia.Cli.Runs;

/// <summary>Removes what a run left, and nothing else: files that it recorded and that are as it left them.</summary>
internal static class RunFiles
{
    /// <summary>Removes the files of a run, and its folder if nothing else is in it; says what was done.</summary>
    public static string Remove(RunInfo run, IReadOnlyList<RunArtefact> artefacts)
    {
        if (run.Description.Folder is not { } folder || !Directory.Exists(folder))
            return "; it has no folder any more";
        RunArtefact[] inside = [.. artefacts.Where(a => Path.GetDirectoryName(a.Path) == folder)];
        if (!inside.Any(a => Path.GetFileName(a.Path) == RunFolder.SummaryName) || !File.Exists(Path.Combine(folder, RunFolder.SummaryName)))
            return $"; '{folder}' does not look like the folder of this run, so it stays";
        foreach (var artefact in inside.Where(IsAsItWas))
            File.Delete(artefact.Path);
        var left = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
        if (left.Length > 0)
            return $"; in '{folder}' stays what was changed or added: {string.Join(", ", left)}";
        Directory.Delete(folder);
        return $" and its folder '{folder}'";
    }

    private static bool IsAsItWas(RunArtefact artefact)
    {
        var file = new FileInfo(artefact.Path);
        if (!file.Exists || file.LinkTarget is not null || file.Length != artefact.Size)
            return false;
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == artefact.Hash;
    }
}
