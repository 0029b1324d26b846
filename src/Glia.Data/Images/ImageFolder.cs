namespace Glia.Data;

/// <summary>Images in files, a sub-folder for each class, decoded when they are read.</summary>
/// <remarks>
/// PNG, JPEG and BMP files lie directly in the sub-folders; other files, and folders whose name begins with a dot, are passed over. Classes
/// are sorted by character code. Images of another size are stretched (bilinear, averaging when shrinking). Transparency is ignored, and
/// so is the orientation that a camera may have noted.
/// </remarks>
public sealed class ImageFolder : IImageSource
{
    private readonly string[] _files;
    private readonly int[] _labels;

    private ImageFolder(
        string[] files, int[] labels, string[] classNames, (int Channels, int Height, int Width) shape, string[] notes)
    {
        (_files, _labels) = (files, labels);
        (Channels, Height, Width) = shape;
        ClassNames = classNames;
        Notes = notes;
    }

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The file of each image.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>What the user should know, a sentence each: images that are resized, files that are passed over.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Lists the images of a folder and reads their headers.</summary>
    /// <param name="path">A folder with at least two sub-folders of images.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DataFormatException">There are fewer than two classes, a class has no image, or an image is not one.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ImageFolder Open(string path, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string[] classNames = [.. SubFolders(path)];
        if (classNames.Length < 2)
        {
            throw new DataFormatException(
                path,
                "expected a sub-folder of images for each class, at least two, "
                + $"found {Plural(classNames.Length, "sub-folder", "sub-folders")}.");
        }

        return Open(path, options ?? new ImageFolderOptions(), classNames);
    }

    /// <summary>Opens a folder whose images are to fit a training folder: same shape, same labels.</summary>
    internal static ImageFolder Open(string path, ImageFolder training)
    {
        foreach (var name in SubFolders(path))
        {
            if (!training.ClassNames.Contains(name, StringComparer.Ordinal))
                throw new DataFormatException(Path.Combine(path, name), $"the class '{name}' does not occur in the training images.");
        }

        var options = new ImageFolderOptions { Size = (training.Height, training.Width), Channels = training.Channels };
        return Open(path, options, [.. training.ClassNames], mayLackClasses: true);
    }

    /// <summary>The names of the sub-folders that count, sorted.</summary>
    internal static IEnumerable<string> SubFolders(string path) => Directory.EnumerateDirectories(path)
        .Select(folder => Path.GetFileName(folder)).Where(name => name[0] != '.').Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Label(int index)
    {
        ImageArguments.CheckIndex(this, index);
        return _labels[index];
    }

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        ImageArguments.CheckIndex(this, index);
        ImageArguments.CheckLength(this, destination);
        ImageFile.Read(_files[index], Channels, Height, Width, destination);
    }

    private static ImageFolder Open(string path, ImageFolderOptions options, string[] classNames, bool mayLackClasses = false)
    {
        var files = new List<string>();
        var labels = new List<int>();
        var others = 0;
        for (var label = 0; label < classNames.Length; label++)
        {
            var folder = Path.Combine(path, classNames[label]);
            if (mayLackClasses && !Directory.Exists(folder))
                continue;

            var before = files.Count;
            foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            {
                if (ImageFile.HasKnownExtension(file))
                    files.Add(file);
                else
                    others++;
            }

            if (files.Count == before)
            {
                throw new DataFormatException(
                    folder, "there is no PNG, JPEG or BMP image in this folder of a class; add images or remove it.");
            }

            labels.AddRange(Enumerable.Repeat(label, files.Count - before));
        }

        if (files.Count == 0)
        {
            throw new DataFormatException(
                path, $"there are no images; expected a sub-folder for each class: {ClosestName.List(classNames)}.");
        }

        var headers = files.ConvertAll(ImageFile.ReadHeader);
        var notes = new List<string>();
        if (others > 0)
            notes.Add($"{path}: {Plural(others, "file is", "files are")} passed over, not being PNG, JPEG or BMP by name.");

        var shape = FindShape(path, headers, options, notes);
        return new ImageFolder([.. files], [.. labels], classNames, shape, [.. notes]);
    }

    private static (int Channels, int Height, int Width) FindShape(
        string path, List<(int Height, int Width, bool Grey)> headers, ImageFolderOptions options, List<string> notes)
    {
        var common = headers.GroupBy(header => (header.Height, header.Width)).OrderByDescending(group => group.Count())
            .ThenByDescending(group => (long)group.Key.Height * group.Key.Width).ThenBy(group => group.Key).First().Key;
        var (height, width) = options.Size ?? common;
        var channels = options.Channels ?? (headers.All(header => header.Grey) ? 1 : 3);
        ImageArguments.CheckShape(channels, height, width);
        var resized = headers.Count(header => (header.Height, header.Width) != (height, width));
        if (resized > 0)
            notes.Add($"{path}: {Plural(resized, "image", "images")} of {headers.Count} will be resized to {width} x {height} pixels.");

        return (channels, height, width);
    }

    private static string Plural(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
