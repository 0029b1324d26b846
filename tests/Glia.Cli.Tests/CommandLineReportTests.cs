namespace Glia.Cli.Tests;

public class CommandLineReportTests
{
    [Theory]
    [InlineData("train", "Use a smaller --batch-size, a smaller network, or less data.")]
    [InlineData("filter", "Use a smaller picture, or a smaller kernel.")]
    [InlineData("predict", "Use less data, or a smaller model.")]
    [InlineData(null, "Use less data, or a smaller model.")]
    public void OutOfMemory_SaysWhatTheCommandCanDo(string? command, string advice)
    {
        using var error = new StringWriter { NewLine = "\n" };

        var code = CommandLine.Report(new InsufficientMemoryException(), command, error);

        Assert.Equal(2, code);
        Assert.Equal($"glia: there is not enough memory. {advice}\n", error.ToString());
    }
}
