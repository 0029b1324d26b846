using System.Text.Json;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Interchange;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>From the user's data to a network's input and back, as saved in the model file; one class for each kind of data.</summary>
internal abstract class Preparation(DataSource source)
{
    private const string SourceKey = "glia.source";

    /// <summary>What the part of the data is called that a model was not shown.</summary>
    public const string HeldOut = "the held-out test part of the data the model was trained on";

    /// <summary>What all of the data is called.</summary>
    protected const string Everything = "all of the data";

    /// <summary>What the model was trained on.</summary>
    public DataSource Source { get; } = source;

    /// <summary>What the model does, in a word: classification, regression, language-model or forecasting.</summary>
    public abstract string Task { get; }

    /// <summary>The classes in the order of the outputs; empty where there are none.</summary>
    public virtual IReadOnlyList<string> Classes => [];

    /// <summary>What training makes small.</summary>
    public abstract Loss Loss { get; }

    /// <summary>By which number training is followed.</summary>
    public abstract Measure Measure { get; }

    /// <summary>What the model takes, in a line.</summary>
    public abstract string Expects { get; }

    /// <summary>The shape of one sample.</summary>
    public abstract Shape InputShape { get; }

    /// <summary>The shape of one result.</summary>
    public abstract Shape ResultShape { get; }

    /// <summary>What the model gives, in a line.</summary>
    public abstract string Predicts(SequentialNetwork network);

    /// <summary>The samples of data that are to be measured on, and which part of the data they are.</summary>
    public abstract (Dataset Samples, string Part) Open(string data, bool all);

    /// <summary>What a model does on samples whose truth is known.</summary>
    public abstract Evaluation Evaluate(SequentialNetwork network, Dataset data);

    /// <summary>What the preprocessing is saved as.</summary>
    protected abstract IEnumerable<(string Key, string Text)> Parts { get; }

    public Dictionary<string, string> ToMetadata() =>
        new(Parts.Select(p => KeyValuePair.Create(p.Key, p.Text)).Append(KeyValuePair.Create(SourceKey, Source.ToJson())), StringComparer.Ordinal);

    /// <summary>Reads what <see cref="ToMetadata"/> wrote, and checks that it fits the network.</summary>
    public static Preparation FromModel(ModelFile model, string path)
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
        var result = Read(metadata, source, path)
            ?? throw new UserException($"{path}: the model's preprocessing is incomplete. Train the model again.");
        if (!result.Fits(model.Network))
            throw new UserException($"{path}: the preprocessing makes {result.InputShape} and {result.ResultShape.Count} outputs, but the network takes {model.Network.InputShape} and gives {model.Network.ResultShape}. The file is damaged.");
        return result;
    }

    private static Preparation? Read(IReadOnlyDictionary<string, string> metadata, DataSource source, string path)
    {
        Preparation? found = ImagePreparation.Read(metadata, source, path);
        found ??= TablePreparation.Read(metadata, source, path);
        found ??= TextPreparation.Read(metadata, source, path);
        found ??= SeriesPreparation.Read(metadata, source, path);
        return found ?? SequencePreparation.Read(metadata, source, path);
    }

    protected virtual bool Fits(SequentialNetwork network) => network.InputShape == InputShape && network.ResultShape == ResultShape;
}
