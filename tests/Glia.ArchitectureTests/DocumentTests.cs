using System.Text.RegularExpressions;

namespace Glia.ArchitectureTests;

/// <summary>Links in Markdown files lead somewhere, and paths that they name are there.</summary>
public partial class DocumentTests
{
    [Fact]
    public void Links_Resolve()
    {
        var broken = new List<string>();
        foreach (var (file, text) in Repository.Texts(".md"))
        {
            foreach (Match link in Link().Matches(WithoutCode(text)))
            {
                var target = link.Groups[1].Value;
                if (!target.Contains("://", StringComparison.Ordinal) && !Leads(file, target))
                    broken.Add($"{file}: {target}");
            }
        }
        Assert.Empty(broken);
    }

    [Fact]
    public void PathsInText_Exist()
    {
        var missing = Repository.Texts(".md")
            .SelectMany(t => SourcePath().Matches(WithoutCode(t.Text)).Select(m => (t.File, Path: m.Groups[1].Value)))
            .Where(p => !File.Exists(Repository.Full(p.Path)) && !Directory.Exists(Repository.Full(p.Path)));
        Assert.Empty(missing);
    }

    private static bool Leads(string file, string target)
    {
        var parts = target.Split('#');
        var path = parts[0].Length == 0 ? Repository.Full(file) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.Full(file))!, parts[0]));
        if (!File.Exists(path) && !Directory.Exists(path))
            return false;
        return parts.Length == 1 || Heading().Matches(WithoutCode(File.ReadAllText(path))).Any(m => Anchor(m.Groups[1].Value) == parts[1]);
    }

    /// <summary>What a heading is called in links: lower case, words joined by hyphens, marks left out.</summary>
    private static string Anchor(string heading) =>
        Mark().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string WithoutCode(string text) => Fence().Replace(text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|samples|bench)/[\w./-]+)`")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
