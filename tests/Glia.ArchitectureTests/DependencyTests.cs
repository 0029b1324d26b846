using System.Reflection;

namespace Glia.ArchitectureTests;

/// <summary>Kernels ← Glia ← Interchange ← {Training ← Runs, Data} ← Plots ← Cli, in the project files and in the assemblies.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Glia.Kernels"] = [],
        ["Glia"] = ["Glia.Kernels"],
        ["Glia.Training"] = ["Glia.Kernels", "Glia", "Glia.Interchange"],
        ["Glia.Data"] = ["Glia.Kernels", "Glia", "Glia.Interchange"],
        ["Glia.Interchange"] = ["Glia.Kernels", "Glia"],
        ["Glia.Plots"] = ["Glia.Kernels", "Glia", "Glia.Training", "Glia.Data", "Glia.Interchange"],
        ["Glia.Runs"] = ["Glia.Kernels", "Glia", "Glia.Training", "Glia.Interchange"],
        ["Glia.Cli"] = ["Glia.Kernels", "Glia", "Glia.Training", "Glia.Data", "Glia.Interchange", "Glia.Plots", "Glia.Runs"],
    };

    /// <summary>Packages that a project brings to those who use it; a change here is a decision.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Glia.Kernels"] = ["System.Numerics.Tensors"],
        ["Glia"] = [],
        ["Glia.Training"] = [],
        ["Glia.Data"] = ["CsvHelper", "StbImageSharp", "StbImageWriteSharp", "ZstdSharp.Port"],
        ["Glia.Interchange"] = [],
        ["Glia.Plots"] = ["ScottPlot", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
        ["Glia.Runs"] = ["Microsoft.Data.Sqlite"],
        ["Glia.Cli"] = ["System.CommandLine", "Spectre.Console", "YamlDotNet"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Projects_AreThoseWhoseDirectionIsSaid() => Assert.Equal(Allowed.Keys.Order(), Repository.SourceProjects.Keys.Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_PointOneWay(string project)
    {
        var references = Repository.SourceProjects[project].Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void ReferencedAssemblies_PointOneWay(string project)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(r => r.Name!).Where(n => n.StartsWith("Glia", StringComparison.Ordinal));
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void PackageReferences_AreThoseDecidedOn(string project)
    {
        var packages = Repository.SourceProjects[project].Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value);
        Assert.Equal(Packages[project].Order(), packages.Order());
    }

    [Fact]
    public void Core_NeedsNothingButTensorPrimitives()
    {
        string[] core = ["Glia", "Glia.Kernels"];
        var references = core.SelectMany(name => Assembly.Load(name).GetReferencedAssemblies()).Select(r => r.Name!).Distinct();
        // The runtime's own assemblies lie in its folder, beside System.Private.CoreLib.
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var foreign = references.Where(name => !File.Exists(Path.Combine(runtime, name + ".dll")) && !core.Contains(name));
        Assert.Equal(["System.Numerics.Tensors"], foreign);
    }
}
