using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Glia.Docs.Tests;

/// <summary>The files that the guides show for Glia itself compile as part of the core.</summary>
public class GuideTests
{
    private const string Marker = "// src/Glia/";

    [Fact]
    public void FilesShownInGuides_CompileWithTheCore()
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var core = Path.Combine(Repository.Root, "src", "Glia");
        var shown = CodeBlock.All.Where(b => b.Info == "csharp fragment" && b.Text.StartsWith(Marker, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(shown);
        Assert.Empty(shown.Where(b => File.Exists(Path.Combine(Repository.Root, NameOf(b)))).Select(b => $"{NameOf(b)} exists; choose another example"));

        var sources = Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
            .Concat(shown.Select(b => b.Text)).Append(ExampleTests.ImplicitUsings);
        var references = ExampleTests.References.Where(r => Path.GetFileNameWithoutExtension(r.Display) != "Glia");
        // Under the core's own name, as the kernels let nobody else in.
        var compilation = CSharpCompilation.Create(
            "Glia", sources.Select(text => CSharpSyntaxTree.ParseText(text, options)), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
    }

    private static string NameOf(CodeBlock block) => block.Text.Split('\n')[0][3..];
}
