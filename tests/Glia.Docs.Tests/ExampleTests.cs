using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace Glia.Docs.Tests;

/// <summary>Every C# program in the documents compiles without a warning, and runs.</summary>
public partial class ExampleTests(ITestOutputHelper log)
{
    internal const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + "global using System.Threading; global using System.Threading.Tasks;";

    internal static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    public static TheoryData<string, int> Programs
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var block in CodeBlock.All.Where(block => block.Info == "csharp"))
                data.Add(block.Document, block.Line);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Program_CompilesAndRuns(string document, int line)
    {
        var block = CodeBlock.All.Single(b => b.Document == document && b.Line == line);
        var assembly = Compile(block);
        var output = Run(assembly);
        log.WriteLine(output);
        Assert.NotEmpty(output);
        foreach (Match promise in Promise().Matches(block.Text))
            Assert.Contains(promise.Groups[1].Value, output, StringComparison.Ordinal);
    }

    [Fact]
    public void CSharpBlocks_AreProgramsOrSayThatTheyAreFragments()
    {
        var others = CodeBlock.All.Where(b => b.Info.StartsWith("cs", StringComparison.OrdinalIgnoreCase) && b.Info is not ("csharp" or "csharp fragment"));
        Assert.Empty(others.Select(b => $"{b.Document}:{b.Line} is '{b.Info}'"));
        Assert.Contains(CodeBlock.All, b => b is { Document: "README.md", Info: "csharp" });
    }

    private static Assembly Compile(CodeBlock block)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            $"{Path.GetFileNameWithoutExtension(block.Document)}-{block.Line}",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(block.Text, options)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        var complaints = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(d => $"{block.Document}:{block.Line + 1 + d.Location.GetLineSpan().StartLinePosition.Line}: {d.Id}: {d.GetMessage()}");
        Assert.Empty(complaints);
        return Assembly.Load(image.ToArray());
    }

    /// <summary>Runs in an empty folder of its own, and returns what was printed.</summary>
    private static string Run(Assembly program)
    {
        var folder = Directory.CreateTempSubdirectory("glia-docs-");
        var (before, console) = (Environment.CurrentDirectory, Console.Out);
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = folder.FullName;
            Console.SetOut(output);
            var main = program.EntryPoint!;
            var result = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. main.GetParameters().Select(_ => Array.Empty<string>())], null);
            Assert.True(result is null or 0);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
        return output.ToString();
    }

    /// <summary>A comment that says what is printed: <c>// → 42</c>.</summary>
    [GeneratedRegex(@"// → (.+)$", RegexOptions.Multiline)]
    private static partial Regex Promise();
}
