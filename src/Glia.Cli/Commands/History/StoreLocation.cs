using System.CommandLine;
using Glia.Runs;

namespace Glia.Cli.Commands.History;

/// <summary>Which run store is meant: the option's, else that of the environment variable, else the user's own.</summary>
/// <param name="Path">The file.</param>
/// <param name="IsChosen">Whether the user chose it, so that it must not be passed over in silence.</param>
internal sealed record StoreLocation(string Path, bool IsChosen)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "GLIA_STORE";

    /// <summary>The value of the variable with which nothing is recorded.</summary>
    public const string Off = "off";

    public static Option<string?> Option() => new("--store") { Description = $"The run store; by default ${Variable}, else runs.db in the user's data folder.", HelpName = "file" };

    /// <summary>The store that is meant; null where there is to be none.</summary>
    /// <exception cref="RunStoreException">The user has no folder for data.</exception>
    public static StoreLocation? Find(string? option)
    {
        var path = option ?? Environment.GetEnvironmentVariable(Variable);
        if (option is null && path == Off)
            return null;
        return string.IsNullOrEmpty(path) ? new(RunStore.DefaultPath, false) : new(path, true);
    }

    /// <summary>Opens a store that is there already; null where nothing was ever recorded in the user's own.</summary>
    public static RunStore? OpenRead(string? option)
    {
        var location = Find(option) ?? throw new UserException($"{Variable} is '{Off}', so there is no run store. Give one with --store.");
        return location.IsChosen || File.Exists(location.Path) ? RunStore.OpenRead(location.Path) : null;
    }

    /// <summary>Opens a store in which there must be something.</summary>
    public static RunStore Require(string? option) =>
        OpenRead(option) ?? throw new UserException($"No run was recorded yet. '{CommandLine.Name} train' records every training; another store is given with --store.");
}
