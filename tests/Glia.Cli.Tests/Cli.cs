namespace Glia.Cli.Tests;

/// <summary>What a command printed and returned.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>The output of a command that must have succeeded without a word on standard error.</summary>
    public string Success()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return Out;
    }

    /// <summary>Asserts that a command failed as bad input must: exit code 2, nothing on standard output, one line on standard error.</summary>
    public void Fails(string message)
    {
        Assert.Equal(message + "\n", Error);
        Assert.Equal("", Out);
        Assert.Equal(2, ExitCode);
    }
}

/// <summary>The program, run inside the test's process.</summary>
internal static class Cli
{
    public static CliResult Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(args, output, error);
        return new CliResult(code, output.ToString(), error.ToString());
    }
}
