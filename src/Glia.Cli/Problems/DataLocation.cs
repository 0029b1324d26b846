using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>What the user means by a name: a built-in data set, a table in a file, a text, an image file, or a folder of images.</summary>
/// <param name="Form">What kind of data.</param>
/// <param name="Path">The file or folder, or the built-in set's name.</param>
internal sealed record DataLocation(DataForm Form, string Path)
{
    private static readonly string[] TextExtensions = [".txt", ".text", ".md"];

    /// <summary>A short name for runs and titles.</summary>
    public string Name => Form switch
    {
        DataForm.BuiltIn => Path,
        DataForm.Folder => new DirectoryInfo(Path).Name,
        _ => System.IO.Path.GetFileNameWithoutExtension(Path),
    };

    /// <summary>Finds the data; files and folders go before built-in sets of the same name.</summary>
    public static DataLocation Find(string name)
    {
        if (Directory.Exists(name))
            return new(DataForm.Folder, name);
        if (File.Exists(name))
            return new(ImageFile.HasKnownExtension(name) ? DataForm.ImageFile : IsText(name) ? DataForm.Text : DataForm.Table, name);
        if (BuiltInDatasets.Find(name) is { } builtIn)
            return new(DataForm.BuiltIn, builtIn.Name);
        string[] known = [.. BuiltInDatasets.All.Select(d => d.Name)];
        var hint = ClosestName.Find(name, known) is { } closest ? $" Did you mean '{closest}'?" : "";
        throw new UserException($"'{name}' is neither a file or folder nor a built-in data set.{hint} Built-in sets: {string.Join(", ", known)}.");
    }

    /// <summary>The same for one who wants a table: a text file may hold one.</summary>
    public DataLocation AsTable() => Form == DataForm.Text ? this with { Form = DataForm.Table } : this;

    private static bool IsText(string name) => TextExtensions.Contains(System.IO.Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}

internal enum DataForm
{
    BuiltIn,
    Table,
    Text,
    ImageFile,
    Folder,
}
