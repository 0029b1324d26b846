namespace Glia.Data;

/// <summary>The images of a folder, as training, validation and test parts where the folder has them.</summary>
/// <param name="Train">The training images, or all images where the folder is not divided.</param>
/// <param name="Validation">The validation images; null if there are none.</param>
/// <param name="Test">The test images; null if there are none.</param>
public sealed record ImageData(IImageSource Train, IImageSource? Validation, IImageSource? Test)
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    /// <summary>What the user should know, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Opens a folder of images.</summary>
    /// <remarks>
    /// Either IDX files under the names of MNIST: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c> and, if there are test
    /// images, <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>, with or without <c>.gz</c>; or image files in a sub-folder for
    /// each class; or folders <c>train</c> and, if wanted, <c>val</c> (<c>valid</c>, <c>validation</c>) and <c>test</c>, each with
    /// sub-folders for the classes.
    /// </remarks>
    /// <param name="path">The folder.</param>
    /// <param name="options">How to read image files; not used for IDX files.</param>
    /// <exception cref="DataFormatException">The folder holds neither, something is missing, or a file is damaged.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ImageData Open(string path, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (new[] { TrainImages, TrainLabels, TestImages, TestLabels }.Any(name => FindIdx(path, name) is not null))
            return OpenIdx(path);

        string[] folders = [.. ImageFolder.SubFolders(path)];
        if (folders.Length == 0)
        {
            throw new DataFormatException(
                path, $"there are no images here; expected a sub-folder of images for each class, or IDX files such as {TrainImages}.gz.");
        }

        if (!folders.Contains("train") || folders.Any(name => name is not ("train" or "test") && !ValidationNames.Contains(name)))
        {
            var all = ImageFolder.Open(path, options);
            return new ImageData(all, null, null) { Notes = all.Notes };
        }

        var train = ImageFolder.Open(Path.Combine(path, "train"), options);
        var validation = folders.Where(name => ValidationNames.Contains(name)).ToArray() switch
        {
            [] => null,
            [var name] => ImageFolder.Open(Path.Combine(path, name), train),
            var names => throw new DataFormatException(
                path, $"expected one folder of validation images, found {string.Join(", ", names)}."),
        };
        var test = folders.Contains("test") ? ImageFolder.Open(Path.Combine(path, "test"), train) : null;
        return new ImageData(train, validation, test) { Notes = [.. train.Notes, .. validation?.Notes ?? [], .. test?.Notes ?? []] };
    }

    private static ImageData OpenIdx(string path)
    {
        var train = ImageSet.ReadIdx(RequireIdx(path, TrainImages), RequireIdx(path, TrainLabels));
        if (FindIdx(path, TestImages) is null && FindIdx(path, TestLabels) is null)
            return new ImageData(train, null, null);

        var imagesPath = RequireIdx(path, TestImages);
        var labelsPath = RequireIdx(path, TestLabels);
        var test = ImageSet.ReadIdx(imagesPath, labelsPath).WithClasses(train.ClassNames, labelsPath);
        if ((test.Channels, test.Height, test.Width) != (train.Channels, train.Height, train.Width))
        {
            throw new DataFormatException(
                imagesPath,
                $"the test images are {test.Channels} x {test.Height} x {test.Width}, "
                + $"but the training images {train.Channels} x {train.Height} x {train.Width}.");
        }

        return new ImageData(train, null, test);
    }

    private static string RequireIdx(string path, string name) => FindIdx(path, name)
        ?? throw new DataFormatException(path, $"the file {name} (or {name}.gz) is missing; images and labels come in pairs of files.");

    private static string? FindIdx(string path, string name) =>
        new[] { name, name + ".gz" }.Select(file => Path.Combine(path, file)).FirstOrDefault(File.Exists);
}
