using System.Text.RegularExpressions;

namespace Glia.ArchitectureTests;

/// <summary>Habits that hold for every source file.</summary>
public partial class SourceTests
{
    private const int MostLines = 450;

    /// <summary>This folder names what is not to occur.</summary>
    private const string Own = "tests/Glia.ArchitectureTests/";

    private static IEnumerable<(string File, string Text)> Sources => Repository.Texts(".cs").Where(s => !s.File.StartsWith(Own, StringComparison.Ordinal));

    [Fact]
    public void SourceFiles_AreShort()
    {
        var shipped = Sources.Where(s => s.File.StartsWith("src/", StringComparison.Ordinal) || s.File.StartsWith("samples/", StringComparison.Ordinal));
        Assert.DoesNotContain(shipped.Select(s => (s.File, Lines: s.Text.Count(c => c == '\n'))), s => s.Lines > MostLines);
    }

    [Fact]
    public void Nothing_IsUnfinishedOrSkipped()
    {
        var found = Sources.SelectMany(s => Unfinished().Matches(s.Text).Select(m => $"{s.File}: {m.Value}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Namespaces_AreFileScoped() => Assert.Empty(Sources.Where(s => BlockNamespace().IsMatch(s.Text)).Select(s => s.File));

    [Fact]
    public void TrackedFiles_NameNoPackageHostAndNoMachine()
    {
        var found = Repository.Texts().Where(t => !t.File.StartsWith(Own, StringComparison.Ordinal))
            .SelectMany(t => Foreign().Matches(t.Text).Select(m => $"{t.File}: {m.Value}"));
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException|\bSkip\s*=")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^namespace [\w.]+\s*$", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    // Hosts of registries, package sources, and absolute paths into somebody's home or workplace.
    [GeneratedRegex(@"(api|www)\.nuget\.org|packageSources|https?://[\w.-]*(pypi|npmjs|artifactory|nexus)[\w.-]*|/work/|/home/\w+|/Users/\w+|[A-Z]:\\Users\\")]
    private static partial Regex Foreign();
}
