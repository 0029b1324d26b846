using System.Diagnostics;
using System.Xml.Linq;

namespace Glia.ArchitectureTests;

/// <summary>The project's own files.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "runs", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>The files under version control, or where there is none, all that are not generated; relative to the root, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. (Tracked() ?? OnDisk()).Where(f => File.Exists(Full(f)))];

    /// <summary>The projects under src/ by name.</summary>
    public static IReadOnlyDictionary<string, XDocument> SourceProjects { get; } = Files
        .Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => XDocument.Load(Full(f)));

    public static string Full(string file) => Path.Combine(Root, file);

    /// <summary>The texts of files by name, leaving out what is no text.</summary>
    public static IEnumerable<(string File, string Text)> Texts(params string[] extensions) => Files
        .Where(f => extensions.Length == 0 ? !IsBinary(f) : extensions.Contains(Path.GetExtension(f)))
        .Select(f => (f, File.ReadAllText(Full(f))));

    private static bool IsBinary(string file)
    {
        using var stream = File.OpenRead(Full(file));
        var start = new byte[8192];
        return start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)).Contains((byte)0);
    }

    private static string[]? Tracked()
    {
        try
        {
            var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var git = Process.Start(start)!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 && output.Length > 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> OnDisk() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
        .Where(f => !f.Split('/').Any(Generated.Contains));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Glia.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("There is no Glia.slnx above the test's folder.");
    }
}
