using System.Text.Json;
using Glia.Data;
using Glia.Interchange;

namespace Glia.Cli.Problems;

/// <summary>From the user's data to a network's input and back, as saved in the model file: for a table, or for images.</summary>
internal sealed class Preprocessing
{
    private const string FeaturesKey = "glia.features";
    private const string TargetKey = "glia.target";
    private const string ImagesKey = "glia.images";
    private const string SourceKey = "glia.source";

    private Preprocessing(TableEncoder? features, TargetEncoder? target, ImagePreprocessing? images, DataSource source)
    {
        Features = features;
        Target = target;
        Images = images;
        Source = source;
    }

    public Preprocessing(TableEncoder features, TargetEncoder target, DataSource source)
        : this(features, target, null, source)
    {
    }

    public Preprocessing(ImagePreprocessing images, DataSource source)
        : this(null, null, images, source)
    {
    }

    /// <summary>For a table: how columns become features.</summary>
    public TableEncoder? Features { get; }

    /// <summary>For a table: how the target column becomes classes or normalised numbers, and back.</summary>
    public TargetEncoder? Target { get; }

    /// <summary>For images: size, channels, scaling and classes.</summary>
    public ImagePreprocessing? Images { get; }

    /// <summary>What the model was trained on.</summary>
    public DataSource Source { get; }

    public IReadOnlyList<string> Classes => Images?.ClassNames ?? Target!.Classes;

    public TaskKind Task => Target?.Task ?? TaskKind.Classification;

    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [SourceKey] = Source.ToJson() };
        if (Features is not null)
            metadata[FeaturesKey] = Features.ToJson();
        if (Target is not null)
            metadata[TargetKey] = Target.ToJson();
        if (Images is not null)
            metadata[ImagesKey] = Images.ToJson();
        return metadata;
    }

    /// <summary>Reads what <see cref="ToMetadata"/> wrote, and checks that it fits the network.</summary>
    public static Preprocessing FromModel(ModelFile model, string path)
    {
        var metadata = model.Metadata;
        if (!metadata.TryGetValue(SourceKey, out var sourceText))
            throw new UserException($"{path}: the model holds no preprocessing, so the program cannot feed it. It was saved by a program of its own; use it from there.");
        DataSource source;
        try
        {
            source = DataSource.FromJson(sourceText);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UserException($"{path}: the model's description of its data is damaged: {e.Message}", e);
        }
        Preprocessing result;
        if (metadata.TryGetValue(ImagesKey, out var images))
            result = new(ImagePreprocessing.FromJson(images, path), source);
        else if (metadata.TryGetValue(FeaturesKey, out var features) && metadata.TryGetValue(TargetKey, out var target))
            result = new(TableEncoder.FromJson(features, path), TargetEncoder.FromJson(target, path), source);
        else
            throw new UserException($"{path}: the model's preprocessing is incomplete. Train the model again.");
        result.Check(model, path);
        return result;
    }

    private void Check(ModelFile model, string path)
    {
        var input = Images is { } i ? new Shape(i.Channels, i.Height, i.Width) : new Shape(Features!.FeatureNames.Count);
        var outputs = Task == TaskKind.Classification ? Classes.Count : 1;
        var isSign = outputs == 2 && SignDecision.Applies(model.Network, Task);
        if (model.Network.InputShape != input || (model.Network.ResultShape != new Shape(outputs) && !isSign))
            throw new UserException($"{path}: the preprocessing makes {input} and {outputs} outputs, but the network takes {model.Network.InputShape} and gives {model.Network.ResultShape}. The file is damaged.");
    }
}
