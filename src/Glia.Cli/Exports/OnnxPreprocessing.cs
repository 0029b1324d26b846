using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Problems;
using Glia.Interchange;
using Glia.Layers;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Exports;

/// <summary>
/// What stands around a network in an exported file: from the user's numbers to the network's input, and from its output to probabilities, a class or a number in the user's units. It is computed with
/// tensors, as <c>glia predict</c> does it without, and traced with the network.
/// </summary>
internal sealed class OnnxPreprocessing
{
    private const string Prediction = "prediction", Probabilities = "probabilities", Label = "label";

    private readonly List<OnnxExportInput> _inputs = [];
    private readonly JsonArray _descriptions = [];
    private readonly SequentialNetwork _network;
    private readonly Preparation _preparation;

    private OnnxPreprocessing(SequentialNetwork network, Preparation preparation) => (_network, _preparation) = (network, preparation);

    public static OnnxExport Export(ModelFile file, Preparation preparation, OnnxExportOptions options)
    {
        var around = new OnnxPreprocessing(file.Network, preparation);
        var encode = preparation switch
        {
            TablePreparation table => around.OfTable(table),
            ImagePreparation images => around.OfImages(images),
            SeriesPreparation series => around.OfSeries(series),
            TextPreparation => around.OfSymbols(options),
            _ => around.OfSequences(options),
        };
        var (outputs, decode) = around.Outputs();
        var texts = new Dictionary<string, string>(options.Metadata, StringComparer.Ordinal) { ["inputs"] = around._descriptions.ToJsonString() };
        return OnnxExport.Of(file, around._inputs, x => decode(x, file.Network.Forward(encode(x), ForwardContext.Inference)), outputs, options with { Metadata = texts });
    }

    /// <summary>Each column is an input of one number for each row: standardised, or one of the codes of its categories.</summary>
    private Func<IReadOnlyList<Tensor>, Tensor> OfTable(TablePreparation table)
    {
        var encoders = new List<Func<Tensor, IEnumerable<Tensor>>>();
        using var json = JsonDocument.Parse(table.Features.ToJson());
        foreach (var column in json.RootElement.GetProperty("columns").EnumerateArray())
        {
            var name = column.GetProperty("name").GetString()!;
            var hasMissing = column.GetProperty("missing").GetBoolean();
            if (column.GetProperty("kind").GetString() == "numeric")
            {
                var (mean, std) = (column.GetProperty("mean").GetDouble(), column.GetProperty("std").GetDouble());
                Add(name, 1, TypeOf(mean, std), "a number; NaN where it is missing");
                encoders.Add(x => Standardised(x, mean, std, hasMissing));
                continue;
            }
            string[] categories = [.. column.GetProperty("categories").EnumerateArray().Select(c => c.GetString()!)];
            var width = categories.Length + (hasMissing ? 1 : 0);
            var description = Add(name, 1, DType.Int64, $"the place of the category in 'categories', from 0{(hasMissing ? $"; {categories.Length} where it is missing" : "")}; -1 for any other");
            description["categories"] = new JsonArray([.. categories.Select(c => (JsonNode)c)]);
            encoders.Add(x => [Tensor.EqualTo(x, Tensor.From([.. Enumerable.Range(0, width).Select(i => (long)i)])).To(DType.Float32)]);
        }
        return x => Tensor.Concat(1, [.. x.SelectMany((column, i) => encoders[i](column))]);
    }

    private static IEnumerable<Tensor> Standardised(Tensor x, double mean, double std, bool hasMissing)
    {
        // A number that is not equal to itself is NaN.
        var isThere = Tensor.EqualTo(x, x);
        yield return Tensor.Where(isThere, ((x.To(DType.Float64) - mean) / std).To(DType.Float32), Tensor.Scalar(0));
        if (hasMissing)
            yield return 1 - isThere.To(DType.Float32);
    }

    private Func<IReadOnlyList<Tensor>, Tensor> OfImages(ImagePreparation preparation)
    {
        var images = preparation.Images;
        Shape sample = (images.Channels, images.Height, images.Width);
        _inputs.Add(new("pixels", sample) { FileType = OnnxElementType.UInt8 });
        Describe("pixels", $"{(images.Channels == 1 ? "grey" : "red, green and blue")} values from 0 to 255, (batch, channels, rows, columns); images of another size are stretched to this one before");
        var (mean, std) = (images.Mean.ToArray(), images.Std.ToArray());
        Shape perChannel = (images.Channels, 1, 1);
        return x => (x[0] / 255 - Tensor.From(mean, perChannel)) / Tensor.From(std, perChannel);
    }

    /// <summary>The last values, as they are: seen from the last one, and with their level where the encoder uses it.</summary>
    private Func<IReadOnlyList<Tensor>, Tensor> OfSeries(SeriesPreparation series)
    {
        var encoder = series.Encoder;
        Add("values", encoder.Lookback, TypeOf(encoder.Mean, encoder.Scale), $"the last {encoder.Lookback} values of '{encoder.Column}', the oldest first");
        return x =>
        {
            var window = x[0].To(DType.Float64).Reshape(x[0].Shape[0], encoder.Lookback, 1);
            var moves = (window - window.Slice(1, -1, 1)) / encoder.Scale;
            return (encoder.UsesLevel ? Tensor.Concat(2, moves, (window - encoder.Mean) / encoder.Std) : moves).To(DType.Float32);
        };
    }

    private Func<IReadOnlyList<Tensor>, Tensor> OfSymbols(OnnxExportOptions options)
    {
        _inputs.Add(new("characters", _network.InputShape, DType.Int64) { SequenceName = _network.HasFreeTime ? options.SequenceName : null });
        Describe("characters", "the places of characters in the text glia.vocabulary, from 0");
        return x => x[0];
    }

    private Func<IReadOnlyList<Tensor>, Tensor> OfSequences(OnnxExportOptions options)
    {
        _inputs.Add(new("input", _network.InputShape) { SequenceName = _network.HasFreeTime ? options.SequenceName : null });
        Describe("input", _preparation.Expects);
        return x => x[0];
    }

    private (string[] Names, Func<IReadOnlyList<Tensor>, Tensor, IReadOnlyList<Tensor>> Decode) Outputs()
    {
        switch (_preparation)
        {
            case TablePreparation { IsRegression: true, Target: var target }:
                return ([Prediction], (_, y) => [(y.To(DType.Float64) * target.Std + target.Mean).To(DType.Float32)]);
            case SeriesPreparation { Encoder: var encoder }:
                return (["forecast"], (x, y) => [(x[0].To(DType.Float64).Slice(1, -1, 1) + (y.To(DType.Float64) * encoder.Scale)).To(DType.Float32)]);
            case TextPreparation:
                return ([Probabilities], (_, y) => [y.Softmax()]);
            case { Classes.Count: 0 }:
                return ([Prediction], (_, y) => [y]);
        }
        if (!SignDecision.Applies(_network, _preparation))
            return ([Probabilities, Label], (_, y) => [y.Softmax(), y.ArgMax()]);
        var norm = SignDecision.Norm(_network);
        return (["distance", Label], (_, y) => [y / norm, Tensor.GreaterOrEqual(y, Tensor.Scalar(0)).To(DType.Int64).Reshape(y.Shape[0])]);
    }

    /// <summary>What numbers of this size are given in: in 64 bits where neighbours of 32 bits are more than 10⁻⁴ of their spread apart, as times in seconds are.</summary>
    private static DType TypeOf(double mean, double spread)
    {
        var magnitude = (float)Math.Abs(mean);
        return MathF.BitIncrement(magnitude) - magnitude <= 1e-4 * spread ? DType.Float32 : DType.Float64;
    }

    private JsonObject Add(string name, int size, DType dtype, string meaning)
    {
        // A column may be called like a parameter, or like an output.
        var taken = _network.StateDict().Keys.Concat([Prediction, Probabilities, Label, "distance", "forecast"]);
        while (taken.Contains(name, StringComparer.Ordinal) || _inputs.Exists(i => i.Name == name))
            name += "_input";
        _inputs.Add(new(name, size, dtype));
        return Describe(name, meaning);
    }

    private JsonObject Describe(string name, string meaning)
    {
        var description = new JsonObject { ["name"] = name, ["meaning"] = meaning };
        _descriptions.Add((JsonNode)description);
        return description;
    }
}
