using System.Runtime.CompilerServices;
using Glia.Cli.Commands.History;

namespace Glia.Cli.Tests;

/// <summary>The run store of all tests and of the programs that they start: never the user's own.</summary>
internal static class TestStore
{
    public static string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("glia-cli-store-").FullName, "runs.db");

    [ModuleInitializer]
    internal static void Use()
    {
        Environment.SetEnvironmentVariable(StoreLocation.Variable, Path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
    }
}
