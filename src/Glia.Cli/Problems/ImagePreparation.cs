using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>Images become numbers of one size and scale; the answer is a class.</summary>
internal sealed class ImagePreparation(ImagePreprocessing images, DataSource source) : Preparation(source)
{
    private const string ImagesKey = "glia.images";

    /// <summary>Size, channels, scaling and classes.</summary>
    public ImagePreprocessing Images { get; } = images;

    public override string Task => "classification";

    public override IReadOnlyList<string> Classes => Images.ClassNames;

    public override Loss Loss => Loss.CrossEntropy;

    public override Measure Measure => Measure.Accuracy;

    public override string Expects => $"images (PNG, JPEG, BMP); they become {(Images.Channels == 1 ? "grey" : "colour")}, {Images.Height}×{Images.Width} pixels";

    public override Shape InputShape => new(Images.Channels, Images.Height, Images.Width);

    public override Shape ResultShape => Classes.Count;

    protected override IEnumerable<(string Key, string Text)> Parts => [(ImagesKey, Images.ToJson())];

    public static ImagePreparation? Read(IReadOnlyDictionary<string, string> metadata, DataSource source, string path) =>
        metadata.TryGetValue(ImagesKey, out var images) ? new(ImagePreprocessing.FromJson(images, path), source) : null;

    public override string Predicts(SequentialNetwork network) => SignDecision.Describe(network, Classes);

    public override Evaluation Evaluate(SequentialNetwork network, Dataset data) => ClassEvaluation.Of(network, data, this);

    public override (Dataset Samples, string Part) Open(string data, bool all)
    {
        var location = DataLocation.Find(data);
        var set = location.Form switch
        {
            DataForm.Folder => ImageData.Open(location.Path, new ImageFolderOptions { Size = (Images.Height, Images.Width), Channels = Images.Channels }),
            DataForm.BuiltIn => new ImageData(BuiltInDatasets.LoadImages(location.Path), null, null),
            _ => throw new UserException($"{data}: the model classifies images. Give a folder with one sub-folder of images per class."),
        };
        if (!set.Train.ClassNames.SequenceEqual(Classes, StringComparer.Ordinal))
            throw new UserException($"{data}: the classes are {ClosestName.List(set.Train.ClassNames)}, but the model knows {ClosestName.List(Classes)}.");
        if (!all && ProblemLoader.SourceOf(location, null, Source.Seed, 0).Fingerprint == Source.Fingerprint)
            return (ImageProblem.TestPart(set, Images, Source.Seed), HeldOut);
        return (new JoinedDataset(ImageProblem.AllParts(set, Images)), Everything);
    }

    protected override bool Fits(SequentialNetwork network) =>
        network.InputShape == InputShape && (network.ResultShape == ResultShape || (Classes.Count == 2 && SignDecision.Applies(network, this)));
}
