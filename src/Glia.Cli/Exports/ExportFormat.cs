using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Interchange;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Exports;

/// <summary>What the user asks for.</summary>
/// <param name="ModelPath">The model's file.</param>
/// <param name="Model">The model.</param>
/// <param name="Out">The file to write.</param>
/// <param name="OperatorSet">The version of ONNX's operators; null for the usual one.</param>
/// <param name="WithPreprocessing">Whether the file takes the user's numbers rather than the network's.</param>
/// <param name="WeightsOnly">Whether the texts are left out.</param>
/// <param name="PyTorchNames">Whether weights are named and laid out as PyTorch does.</param>
internal sealed record ExportRequest(string ModelPath, ModelFile Model, string Out, int? OperatorSet, bool WithPreprocessing, bool WeightsOnly, bool PyTorchNames);

/// <summary>A format that <c>glia export</c> writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extension">What names of its files end in.</param>
/// <param name="Options">The options that it knows.</param>
/// <param name="Write">Writes the file, and says what is in it.</param>
internal sealed record ExportFormat(string Name, string Extension, string[] Options, Func<ExportRequest, JsonObject> Write)
{
    public const string OperatorSetOption = "--opset", PreprocessingOption = "--with-preprocessing", WeightsOption = "--weights-only", PyTorchOption = "--pytorch-names";

    /// <summary>All formats; a new one is a line here.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("ONNX", ".onnx", [OperatorSetOption, PreprocessingOption], WriteOnnx),
        new("safetensors", ".safetensors", [WeightsOption, PyTorchOption], request => request.WeightsOnly ? WriteWeights(request) : WriteModel(request)),
        new("NumPy", ".npz", [WeightsOption, PyTorchOption], WriteWeights),
    ];

    /// <summary>The format that a file's name asks for.</summary>
    /// <exception cref="UserException">There is none of that extension.</exception>
    public static ExportFormat Of(string path) => All.FirstOrDefault(f => f.Extension.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase))
        ?? throw new UserException($"'{path}' does not say which format to write. Give a name that ends in {string.Join(" or ", All.Select(f => f.Extension))}.");

    private static JsonObject WriteOnnx(ExportRequest request)
    {
        var options = new OnnxExportOptions { OperatorSet = request.OperatorSet ?? OnnxExportOptions.OldestOperatorSet };
        // A model of a program of its own has no preprocessing, and is exported as it is.
        var preparation = request.WithPreprocessing || request.Model.Metadata.ContainsKey("glia.source") ? Preparation.FromModel(request.Model, request.ModelPath) : null;
        if (preparation is not null)
            options = options with { Metadata = Texts(preparation) };
        var export = request.WithPreprocessing ? OnnxPreprocessing.Export(request.Model, preparation!, options) : OnnxExport.Of(request.Model, options);
        export.Save(request.Out);
        var model = export.ToModel();
        return new JsonObject
        {
            ["operators"] = options.OperatorSet,
            ["inputs"] = OnnxReport.ToJson(model.Inputs),
            ["outputs"] = OnnxReport.ToJson(model.Outputs),
            ["notes"] = new JsonArray([.. export.Notes.Select(n => (JsonNode)n)]),
        };
    }

    private static JsonObject WriteWeights(ExportRequest request)
    {
        request.Model.Network.SaveWeights(request.Out, request.PyTorchNames ? WeightNames.PyTorch : WeightNames.AsWritten);
        return new JsonObject { ["tensors"] = request.Model.Network.StateDict().Count };
    }

    private static JsonObject WriteModel(ExportRequest request)
    {
        if (request.PyTorchNames)
            throw new UserException($"{PyTorchOption} is for weights, since a model file has Glia's names. Add {WeightsOption}.");
        request.Model.Save(request.Out);
        return new JsonObject { ["tensors"] = request.Model.Network.StateDict().Count };
    }

    private static Dictionary<string, string> Texts(Preparation preparation)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["task"] = preparation.Task };
        if (preparation.Classes.Count > 0)
            texts["labels"] = new JsonArray([.. preparation.Classes.Select(c => (JsonNode)c)]).ToJsonString();
        return texts;
    }
}
