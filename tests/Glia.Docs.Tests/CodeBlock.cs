namespace Glia.Docs.Tests;

/// <summary>A fenced block of a Markdown document.</summary>
/// <param name="Document">The document, relative to the root.</param>
/// <param name="Line">The line of the opening fence, from 1.</param>
/// <param name="Info">What stands behind the fence: <c>csharp</c>, or <c>csharp fragment</c> for what is no whole program.</param>
/// <param name="Text">The lines between the fences.</param>
internal sealed record CodeBlock(string Document, int Line, string Info, string Text)
{
    public static IReadOnlyList<CodeBlock> All { get; } = [.. Repository.Documents.SelectMany(Read)];

    private static IEnumerable<CodeBlock> Read(string document)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, document));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
                continue;
            var start = i++;
            while (i < lines.Length && !lines[i].StartsWith("```", StringComparison.Ordinal))
                i++;
            if (i == lines.Length)
                throw new FormatException($"{document}:{start + 1}: the block is not closed.");
            yield return new CodeBlock(document, start + 1, lines[start][3..].Trim(), string.Join('\n', lines[(start + 1)..i]));
        }
    }
}
