using System.Globalization;
using System.Text.RegularExpressions;

namespace Glia.Docs.Tests;

/// <summary>The samples run, and learn what they set out to.</summary>
public partial class SampleTests
{
    [Theory]
    [InlineData("Iris", 90)]
    [InlineData("Digits", 97)]
    [InlineData("Xor", 100)]
    [InlineData("MovingDigits", 95)]
    [InlineData("DateFormats", 95, "2")]
    public void Sample_ReachesItsAccuracy(string sample, double percent, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("glia-sample-");
        try
        {
            var result = ProcessResult.Run(sample, folder.FullName, arguments);
            Assert.True(result.ExitCode == 0, result.Error);
            var accuracy = Accuracy().Match(result.Output);
            Assert.True(accuracy.Success, result.Output);
            Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), percent, 100);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Samples_AreUnder100Lines()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs", SearchOption.AllDirectories);
        Assert.All(files, file => Assert.InRange(File.ReadAllLines(file).Length, 1, 99));
    }

    [GeneratedRegex(@"accuracy (\d+(\.\d+)?) %")]
    private static partial Regex Accuracy();
}
