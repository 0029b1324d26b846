using System.Globalization;
using System.Text;
using Glia.Interchange.Onnx.Operators;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>The list of operators in docs/onnx.md is what the table gives.</summary>
public class OnnxPageTests
{
    private const string Writing = "GLIA_WRITE_ONNX";
    private const string Start = "## Operators\n";

    private static string Page { get; } = Path.Combine(Root(), "docs", "onnx.md");

    [Fact]
    public void Operators_AreThoseOfTheTable()
    {
        var text = File.ReadAllText(Page);
        var before = text[..text.IndexOf(Start, StringComparison.Ordinal)];
        var expected = before + Render();
        if (Environment.GetEnvironmentVariable(Writing) == "1")
            File.WriteAllText(Page, expected);
        Assert.True(expected == File.ReadAllText(Page), $"docs/onnx.md does not list the operators that there are. Write it anew: {Writing}=1 dotnet test tests/Glia.Interchange.Tests -c Release --filter OnnxPageTests");
    }

    private static string Render()
    {
        var count = OperatorTable.Families.Sum(f => f.Operators.Length);
        var text = new StringBuilder(Start);
        text.Append(CultureInfo.InvariantCulture, $"\n{count} operators of versions {OperatorTable.OldestOpset} to {OperatorTable.NewestOpset}, with every setting that is understood. *Since* is the version that an operator came with. This list is\n");
        text.Append("written from the table in `src/Glia.Interchange/Onnx/Operators`; do not edit it by hand.\n");
        foreach (var (title, operators) in OperatorTable.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| operator | since | settings |\n| --- | --- | --- |\n");
            foreach (var one in operators)
                text.Append(CultureInfo.InvariantCulture, $"| `{one.Name}` | {one.Since} | {string.Join(", ", one.Attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(Setting))} |\n");
        }
        return text.ToString();
    }

    /// <summary><c>mode:s=a|b</c> as <c>mode</c> (a, b).</summary>
    private static string Setting(string attribute)
    {
        var parts = attribute.Split(':', '=');
        return parts.Length < 3 ? $"`{parts[0]}`" : $"`{parts[0]}` ({parts[2].Replace("|", ", ", StringComparison.Ordinal)})";
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Glia.slnx")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
