using System.Text.RegularExpressions;

namespace Glia.Tests.Coverage;

/// <summary>A PyTorch vector by its operation's name, or the reason why there is none.</summary>
internal sealed record Vector(string? Operation, string? Reason)
{
    public static implicit operator Vector(string operation) => new(operation, null);

    public static Vector None(string reason) => new(null, reason);
}

/// <summary>What speaks for the correctness of a public name: documents and reference vectors, where they are in this repository.</summary>
internal static class Evidence
{
    private static string Root { get; } = FindRoot();

    private static readonly Lazy<string> Documents = new(() => string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) != "coverage.md")
        .Select(File.ReadAllText)));

    private static readonly Lazy<HashSet<string>> Operations = new(() => Directory
        .EnumerateFiles(Path.Combine(Root, "tests", "Glia.Conformance.Tests", "Vectors"), "*.safetensors", SearchOption.AllDirectories)
        .Select(path => Path.GetFileName(path).Split("__")[0])
        .ToHashSet(StringComparer.Ordinal));

    /// <summary>What public names of a kind lack, each with what to add and where.</summary>
    /// <param name="kind">"layer", "loss", …</param>
    /// <param name="names">The public names.</param>
    /// <param name="vectors">The table of their vectors.</param>
    /// <param name="table">Where that table is.</param>
    public static IEnumerable<string> Missing(string kind, IEnumerable<string> names, IReadOnlyDictionary<string, Vector> vectors, string table)
    {
        var all = names.ToHashSet(StringComparer.Ordinal);
        foreach (var name in all.Order(StringComparer.Ordinal))
        {
            if (!Regex.IsMatch(Documents.Value, $@"\b{Regex.Escape(name)}\b"))
                yield return $"The {kind} {name} is mentioned on no page: write about it under docs/, at least a line in docs/operations.md.";
            if (!vectors.TryGetValue(name, out var vector))
                yield return $"The {kind} {name} has no row in {table}: add [\"{name}\"] = \"the operation of a PyTorch vector\", or Vector.None(\"why there is none\").";
            else if (vector.Operation is { } operation && !Operations.Value.Contains(operation))
                yield return $"The {kind} {name} names the vectors '{operation}', but tests/Glia.Conformance.Tests/Vectors has no file {operation}__….safetensors.";
        }
        foreach (var name in vectors.Keys.Where(name => !all.Contains(name)))
            yield return $"{table} has a row [\"{name}\"], but there is no public {kind} of that name: remove or rename the row.";
    }

    /// <summary>Whether a source file of a test project uses a name.</summary>
    public static bool IsNamedInTests(string project, string name) => Directory
        .EnumerateFiles(Path.Combine(Root, "tests", project), "*.cs", SearchOption.AllDirectories)
        .Any(path => !path.Contains("Coverage", StringComparison.Ordinal) && Regex.IsMatch(File.ReadAllText(path), $@"\b{Regex.Escape(name)}\b"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Glia.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("There is no Glia.slnx above the test's folder.");
    }
}
