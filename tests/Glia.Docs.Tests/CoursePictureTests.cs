using System.Text.RegularExpressions;
using System.Xml.Linq;
using Glia.Layers;

namespace Glia.Docs.Tests;

/// <summary>Every activation of the library has its row and its picture in the course, and the pictures are those that the sample draws.</summary>
public partial class CoursePictureTests
{
    private static readonly string Course = Path.Combine(Repository.Root, "docs", "course");
    private static readonly string Page = File.ReadAllText(Path.Combine(Course, "03-activations.md"));

    /// <summary>Activations that are layers of their own kind, since they have parameters or look at several numbers.</summary>
    private static readonly Type[] Others = [typeof(PReLU), typeof(GLU), typeof(Softmax), typeof(LogSoftmax)];

    public static TheoryData<string> Activations =>
        [.. typeof(Activation).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Activation))).Concat(Others).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation_HasItsRowAndItsPicture(string name)
    {
        var row = Assert.Single(Page.Split('\n'), line => line.StartsWith($"| {name} | $", StringComparison.Ordinal));
        Assert.Contains($"<img src=\"images/{name.ToLowerInvariant()}.svg\"", row, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation_SaysItsDerivativeAndItsRange(string name)
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(Activation).Assembly.Location, ".xml"));
        var text = documentation.Descendants("member").Single(m => m.Attribute("name")!.Value == $"T:Glia.Layers.{name}").Element("summary")!.Value;
        Assert.Matches(@"\bderivative\b", text);
        Assert.Matches(@"\brange\b", text);
    }

    [Fact]
    public void Pictures_AreThoseOfTheSampleAndAllAreShown()
    {
        var folder = Directory.CreateTempSubdirectory("glia-pictures-");
        try
        {
            var result = ProcessResult.Run("CoursePictures", folder.FullName, folder.FullName);
            Assert.True(result.ExitCode == 0, result.Error);
            var drawn = folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal).ToArray();
            Assert.NotEmpty(drawn);
            foreach (var file in drawn)
                Assert.Equal(Texts(Path.Combine(folder.FullName, file)), Texts(Path.Combine(Course, "images", file)));

            var pages = string.Concat(Directory.GetFiles(Course, "*.md").Select(File.ReadAllText));
            Assert.All(drawn, file => Assert.Contains($"images/{file}", pages, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Gallery_IsThereAndShown()
    {
        var result = ProcessResult.Run("Gallery", Path.GetTempPath(), "--list");
        Assert.True(result.ExitCode == 0, result.Error);
        var files = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(files.Length > 10);
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "plots.md"));
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "images", file)), file));
        Assert.All(files, file => Assert.Contains($"images/{file}", page, StringComparison.Ordinal));
    }

    [Fact]
    public void PicturesInHtml_AreThere()
    {
        foreach (var page in Directory.GetFiles(Course, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md")).Append(Path.Combine(Repository.Root, "README.md")))
            Assert.All(Image().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value), file => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(page)!, file)), file));
    }

    /// <summary>Titles, legends and tick labels, which do not depend on the last digit of a coordinate.</summary>
    private static string[] Texts(string svg) => [.. XDocument.Load(svg).Descendants().Where(e => e.Name.LocalName is "text" or "title").Select(e => e.Value)];

    [GeneratedRegex("<img src=\"([^\"]+)\"")]
    private static partial Regex Image();
}
