namespace Glia.Conformance.Tests;

/// <summary>The reference cases that stand in this repository.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Vectors");

    /// <summary>group/operation__variant, as in the names of the program's lines.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. ConformanceProgram.CasesIn(Folder).Select(path => ConformanceProgram.NameOf(Folder, path))];

    public static string PathOf(string name) => Path.Combine(Folder, name + ".safetensors");
}
