using System.Reflection;
using System.Xml.Linq;

namespace Glia.ArchitectureTests;

/// <summary>How projects are set up.</summary>
public class ProjectTests
{
    private static IEnumerable<string> Projects => Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Projects_AreAllInTheSolution()
    {
        var solution = XDocument.Load(Repository.Full("Glia.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value.Replace('\\', '/')).ToArray();
        // The benchmarks bring libtorch along, and are built when they are run.
        var expected = Projects.Where(p => p != "bench/Glia.Benchmarks/Glia.Benchmarks.csproj").ToArray();
        Assert.Equal(expected.Order(), solution.Order());
    }

    [Fact]
    public void TestProjects_HaveNamesThatTheTestScriptLooksFor()
    {
        // test.sh runs tests/*Tests; what is under tests/ and is no test project says so.
        var others = Projects.Where(p => p.StartsWith("tests/", StringComparison.Ordinal) && !p.EndsWith("Tests.csproj", StringComparison.Ordinal));
        Assert.All(others, p => Assert.Equal("false", XDocument.Load(Repository.Full(p)).Descendants("IsTestProject").Single().Value));
    }

    [Fact]
    public void PackageVersions_StandInOnePlace()
    {
        var central = XDocument.Load(Repository.Full("Directory.Packages.props"));
        Assert.Equal("true", central.Descendants("ManagePackageVersionsCentrally").Single().Value);
        var known = central.Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value).ToHashSet();
        foreach (var file in Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) || f.EndsWith(".props", StringComparison.Ordinal)))
        {
            foreach (var package in XDocument.Load(Repository.Full(file)).Descendants("PackageReference").Where(p => p.Attribute("Include") is not null))
            {
                Assert.True(package.Attribute("Version") is null && package.Attribute("VersionOverride") is null, $"{file} gives a version of its own.");
                Assert.Contains(package.Attribute("Include")!.Value, known);
            }
        }
    }

    [Fact]
    public void Warnings_AreErrors_AndPublicMembersAreDocumented()
    {
        var settings = XDocument.Load(Repository.Full("Directory.Build.props"));
        foreach (var setting in (string[])["TreatWarningsAsErrors", "GenerateDocumentationFile"])
            Assert.Equal("true", settings.Descendants(setting).Single().Value);
        Assert.Equal("enable", settings.Descendants("Nullable").Single().Value);
        // The compiler complains of what has no documentation (CS1591), unless somebody tells it not to.
        Assert.Empty(Repository.SourceProjects.Where(p => p.Value.ToString().Contains("1591", StringComparison.Ordinal)).Select(p => p.Key));
        Assert.DoesNotContain("1591", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DocumentationFiles_NameEveryPublicType()
    {
        foreach (var project in Repository.SourceProjects.Keys)
        {
            var assembly = Assembly.Load(project);
            var documentation = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
            var documented = documentation.Descendants("member").Select(m => m.Attribute("name")!.Value).ToHashSet();
            Assert.DoesNotContain(assembly.GetExportedTypes().Select(t => "T:" + t.FullName!.Replace('+', '.')), t => !documented.Contains(t));
        }
    }

    [Fact]
    public void Version_StandsInOnePlace() => Assert.Equal(
        ["Directory.Build.props"],
        Repository.Texts(".csproj", ".props", ".targets").Where(t => t.Text.Contains("<Version>", StringComparison.Ordinal)).Select(t => t.File));
}
