using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes labelled images ready; parts that the data lack are split off the training images, class by class.</summary>
internal static class ImageProblem
{
    private const int SmallestSet = 10;

    /// <summary>Photographs are shrunk to this many pixels on their longer side: what is to be seen stays, and a processor can train on it.</summary>
    private const int LongestSide = 96;

    /// <summary>Opens a folder for training.</summary>
    public static ImageData Open(string folder)
    {
        var data = ImageData.Open(folder);
        var (height, width) = (data.Train.Height, data.Train.Width);
        if (data.Train is not ImageFolder || Math.Max(height, width) <= LongestSide)
            return data;
        var scale = LongestSide / (double)Math.Max(height, width);
        return ImageData.Open(folder, new ImageFolderOptions { Size = (Scaled(height), Scaled(width)), Channels = data.Train.Channels });

        int Scaled(int size) => Math.Max(1, (int)Math.Round(size * scale));
    }

    public static Problem Create(ImageData data, string name, DataSource source)
    {
        var images = data.Train;
        var (train, validation, test) = Divide(data, source.Seed);
        if (train.Length < SmallestSet)
            throw new UserException($"{source.Data}: there are {train.Length} images to train on, but at least {SmallestSet} are needed.");
        var preprocessing = ImagePreprocessing.Fit(images, train);
        var all = ImageDataset.Open(images, preprocessing);
        var validationSet = data.Validation is null ? all.Subset(validation) : ImageDataset.Open(data.Validation, preprocessing);
        var testSet = data.Test is null ? all.Subset(test) : ImageDataset.Open(data.Test, preprocessing);
        var total = train.Length + validationSet.Count + testSet.Count;
        return new Problem
        {
            Name = name,
            Description = $"{Output.ModelSummary.Number(total)} images of {images.Height}×{images.Width} pixels, {(images.Channels == 1 ? "grey" : "colour")}",
            Kind = ProblemKind.Images,
            Goal = $"classification of 'class' into {images.ClassNames.Count} classes",
            Train = all.Subset(train),
            Validation = validationSet,
            Test = testSet,
            Target = "class",
            Notes = data.Notes,
            Example = ExampleOf(data.Test ?? images, data.Test is null ? test[0] : 0),
            Preparation = new ImagePreparation(preprocessing, source with { Rows = total }),
        };
    }

    /// <summary>The test part of a data set that is not divided itself, the same one as in training.</summary>
    public static Dataset TestPart(ImageData data, ImagePreprocessing preprocessing, ulong seed) => data.Test is { } test
        ? ImageDataset.Open(test, preprocessing)
        : ImageDataset.Open(data.Train, preprocessing).Subset(Divide(data, seed).Test);

    /// <summary>All images, of every part.</summary>
    public static IReadOnlyList<Dataset> AllParts(ImageData data, ImagePreprocessing preprocessing) =>
        [.. new[] { data.Train, data.Validation, data.Test }.OfType<IImageSource>().Select(part => ImageDataset.Open(part, preprocessing))];

    private static Example ExampleOf(IImageSource images, int index)
    {
        if (images is ImageFolder folder)
            return new Example.ImageFile(folder.Files[index]);
        var pixels = new float[images.Channels * images.Height * images.Width];
        images.Read(index, pixels);
        return new Example.GreyPixels(images.ClassNames[images.Label(index)], images.Height, images.Width, pixels[..(images.Height * images.Width)]);
    }

    private static (int[] Train, int[] Validation, int[] Test) Divide(ImageData data, ulong seed)
    {
        int[] labels = [.. Enumerable.Range(0, data.Train.Count).Select(data.Train.Label)];
        var (validationShare, testShare) = (Split.Fractions[Split.Validation], Split.Fractions[Split.Test]);
        switch (data.Validation, data.Test)
        {
            case (null, null):
                var three = Splits.Stratified(labels, Split.Fractions, seed);
                return (three[Split.Train], three[Split.Validation], three[Split.Test]);
            case (null, _):
                var two = Splits.Stratified(labels, [1 - validationShare, validationShare], seed);
                return (two[0], two[1], []);
            case (_, null):
                var parts = Splits.Stratified(labels, [1 - testShare, testShare], seed);
                return (parts[0], [], parts[1]);
            default:
                return ([.. Enumerable.Range(0, labels.Length)], [], []);
        }
    }
}
