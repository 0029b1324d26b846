using System.CommandLine;

namespace Glia.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of text." };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print the result only." };

    public static Argument<string> Model() => new("model") { Description = "A run folder made by 'glia train', or the model file in it." };
}
