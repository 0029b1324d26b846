using System.Reflection;
using System.Text.RegularExpressions;

namespace Glia.Docs.Tests.Coverage;

/// <summary>The coverage page is what its table gives, and the table names only what exists.</summary>
public class CoverageTests
{
    private const string Command = "glia ";
    private const string Writing = "GLIA_WRITE_COVERAGE";

    private static readonly Assembly[] Libraries =
        [typeof(Tensor).Assembly, .. new[] { "Glia.Training", "Glia.Data", "Glia.Interchange", "Glia.Plots", "Glia.Runs" }.Select(Assembly.Load)];

    private static readonly Lazy<ILookup<string, Type>> Types = new(() => Libraries.SelectMany(a => a.GetExportedTypes()).ToLookup(t => t.Name.Split('`')[0]));

    private static readonly Lazy<ILookup<string, string>> TestSources = new(() => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText));

    private static IEnumerable<CoverageRow> Rows => CoverageTable.Sections.SelectMany(s => s.Rows);

    [Fact]
    public void Page_IsWhatTheTableGives()
    {
        if (Environment.GetEnvironmentVariable(Writing) == "1")
            File.WriteAllText(CoveragePage.File, CoveragePage.Render());
        var written = File.Exists(CoveragePage.File) ? File.ReadAllText(CoveragePage.File) : "";
        Assert.True(
            written == CoveragePage.Render(),
            $"docs/coverage.md is not what tests/Glia.Docs.Tests/Coverage/CoverageTable.cs gives. Write it anew: {Writing}=1 dotnet test tests/Glia.Docs.Tests -c Release --filter CoverageTests");
    }

    [Fact]
    public void Api_Exists() => Assert.Empty(Rows.SelectMany(r => r.Api.Where(name => !IsApi(name)).Select(name => $"{r.Id}: {name} is no public type, member or command")));

    [Fact]
    public void Tests_Exist() => Assert.Empty(Rows.SelectMany(r => r.Tests.Where(name => !IsTest(name)).Select(name => $"{r.Id}: {name} is no test class or method")));

    [Fact]
    public void Pages_Exist() => Assert.Empty(
        Rows.SelectMany(r => r.Pages.Where(page => !File.Exists(Path.Combine(Repository.Root, "docs", page))).Select(page => $"{r.Id}: there is no docs/{page}")));

    [Fact]
    public void RowWithApi_HasTestsAndPages() => Assert.Empty(
        Rows.Where(r => r.Api.Length > 0 && (r.Tests.Length == 0 || r.Pages.Length == 0)).Select(r => $"{r.Id} names public API, but no tests or no page"));

    [Fact]
    public void EveryRow_IsThereOnce()
    {
        var ids = Rows.Select(r => r.Id).ToList();
        Assert.Equal(ids.Distinct(), ids);
        foreach (var (letter, count) in new[] { ('P', 4), ('M', 6), ('T', 12), ('A', 6), ('I', 6), ('C', 10), ('R', 13), ('U', 5) })
            Assert.Empty(Enumerable.Range(1, count).Select(i => $"{letter}{i}").Except(ids));
        Assert.Empty(new[] { "F", "K", "L" }.Except(ids));
    }

    [Theory]
    [InlineData("Tensor", true)]
    [InlineData("Tensor.MatMul", true)]
    [InlineData("Tensor.MulMat", false)]
    [InlineData("Tensors", false)]
    [InlineData("glia train", true)]
    [InlineData("glia brain", false)]
    public void NameOfApi_IsLookedUp(string name, bool exists) => Assert.Equal(exists, IsApi(name));

    private static bool IsApi(string name)
    {
        if (name.StartsWith(Command, StringComparison.Ordinal))
            return Regex.IsMatch(File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md")), $@"\b{Regex.Escape(name)}\b");
        var parts = name.Split('.');
        return Types.Value[parts[0]].Any(type => parts.Length == 1 || Members(type).Any(m => m.Name == parts[1]));
    }

    private static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy)
            .Where(m => m is not MethodBase { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false } and not FieldInfo { IsPublic: false });

    private static bool IsTest(string name)
    {
        var parts = name.Split('.');
        return TestSources.Value[parts[0]].Any(source =>
            Regex.IsMatch(source, $@"class {parts[0]}\b") && (parts.Length == 1 || Regex.IsMatch(source, $@"\b(void|Task) {Regex.Escape(parts[1])}\(")));
    }
}
