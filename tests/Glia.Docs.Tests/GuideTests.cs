namespace Glia.Docs.Tests;

/// <summary>
/// The guides show parts of Glia as they are: a fragment that begins with a path is that whole file, one that begins with "in" and a path stands in it.
/// </summary>
public class GuideTests
{
    private static IEnumerable<CodeBlock> Fragments => CodeBlock.All.Where(b => b.Info == "csharp fragment");

    public static TheoryData<string, int> Shown
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var block in Fragments)
                data.Add(block.Document, block.Line);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void Fragment_IsWhatStandsInItsFile(string document, int line)
    {
        var lines = Fragments.Single(b => b.Document == document && b.Line == line).Text.Split('\n');
        var isPart = lines[0].StartsWith("// in ", StringComparison.Ordinal);
        var path = lines[0][(isPart ? "// in " : "// ").Length..];
        var actual = Trimmed(File.ReadAllLines(Path.Combine(Repository.Root, path)));
        var shown = Trimmed(lines[1..]);
        if (isPart)
            Assert.Contains(shown, actual, StringComparison.Ordinal);
        else
            Assert.Equal(actual.Trim(), shown.Trim());
    }

    /// <summary>Lines without their indentation, which a part does not show.</summary>
    private static string Trimmed(IEnumerable<string> lines) => string.Concat(lines.Select(l => l.Trim() + "\n"));
}
