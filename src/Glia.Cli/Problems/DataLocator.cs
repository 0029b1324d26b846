using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Finds out what the user means by a name: a built-in data set, a CSV file, a folder of IDX files, or a folder of images.</summary>
internal static class DataLocator
{
    public static LocatedData Locate(string name)
    {
        if (BuiltInDatasets.All.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } builtIn && !Path.Exists(name))
            return new LocatedData(name.ToLowerInvariant(), DataForm.BuiltIn, builtIn.Name);
        if (File.Exists(name))
        {
            if (ImageFile.Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
                return new LocatedData(Path.GetFileNameWithoutExtension(name), DataForm.Image, name);
            if (IdxFile.HasIdxName(name))
                throw new UserException($"{name}: this is one IDX file, but images and their labels are two. Give the folder that holds both.");
            return new LocatedData(Path.GetFileNameWithoutExtension(name), DataForm.Csv, name);
        }
        if (Directory.Exists(name))
        {
            var folder = new DirectoryInfo(name).Name;
            return new LocatedData(folder, ImageSet.IsIdxFolder(name) ? DataForm.IdxFolder : DataForm.ImageFolder, name);
        }
        var known = BuiltInDatasets.All.Select(d => d.Name).ToList();
        var hint = ClosestName.Find(name, known) is { } closest ? $" Did you mean '{closest}'?" : "";
        throw new UserException($"'{name}' is neither a file or folder nor a built-in data set.{hint} Built-in sets: {string.Join(", ", known)}.");
    }
}

internal enum DataForm
{
    BuiltIn,
    Csv,
    IdxFolder,
    ImageFolder,
    Image,
}

/// <summary>What a name stands for.</summary>
/// <param name="Name">A short name for runs.</param>
/// <param name="Form">What kind of data.</param>
/// <param name="Path">The file or folder, or the built-in set's name.</param>
internal sealed record LocatedData(string Name, DataForm Form, string Path);
