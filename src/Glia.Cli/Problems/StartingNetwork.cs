using System.Text.Json;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Interchange;
using Glia.Layers;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Problems;

/// <summary>A trained network, or an ONNX model, to go on from with other data: <c>glia train --from</c>.</summary>
internal static class StartingNetwork
{
    /// <summary>Operators that leave the numbers of their first input as they are.</summary>
    private static readonly string[] Carriers = ["Identity", "Cast", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze"];

    /// <summary>The network fitted to a problem; a last dense layer of another size is replaced by a new one.</summary>
    /// <exception cref="UserException">The model cannot take the problem's samples or give its answers.</exception>
    public static (string Name, SequentialNetwork Network) Load(string path, Problem problem, TrainOptions options)
    {
        (string Name, bool IsGiven)[] useless =
            [("--family", options.Family is not null), ("--hidden", options.Hidden is not null), ("--activation", options.Activation is not null), ("--dropout", options.Dropout is not null)];
        if (Array.Find(useless, option => option.IsGiven).Name is { } name)
            throw new UserException($"{name} means nothing with --from, since the network is that of '{path}'. Leave it out.");
        var network = OnnxReport.IsOnnx(path) ? FromOnnx(path, problem) : ModelFile.Load(TrainedModel.FindFile(path)).Network;
        var sample = problem.Train.InputShape;
        if (sample != network.InputShape)
            throw new UserException($"'{path}' takes samples of shape {network.InputShape}, but those of {problem.Name} have shape {sample}. Only a model for samples of the same shape can be gone on from.");
        var wanted = problem.Preparation.ResultShape;
        if (network.ResultShape == wanted)
            return ($"that of {path}", network);
        return network.Layers is [.., Dense] && network.ResultShape.Rank == wanted.Rank
            ? ($"that of {path} with a new last layer", WithNewHead(network, problem.OutputCount, options.Seed))
            : throw new UserException($"'{path}' gives {network.ResultShape} for a sample, but {problem.Name} needs {wanted}. Only a model whose last layer is dense gets a new one of the right size.");
    }

    private static SequentialNetwork FromOnnx(string path, Problem problem)
    {
        var model = OnnxModel.Load(path);
        if (ModelFile.FromOnnx(model) is { } file)
            return file.Network;
        if (problem.Classes.Count > 0 && LastOperator(model) is ("Softmax" or "LogSoftmax") and var last)
            throw new UserException($"'{path}' ends in {last}, but training needs the scores before it. Export the model without it.");
        if (model.Inputs is [{ DType: { } type } input] && type != problem.Train.InputDType)
            throw new UserException($"'{path}' takes {input}, but the samples of {problem.Name} are {problem.Train.InputDType}. Export the model with inputs of that type.");
        if (model.Outputs is [{ DType: not (null or DType.Float32) } output, ..])
            throw new UserException($"'{path}' gives {output}, but training needs {DType.Float32}. Export the model with outputs of that type.");
        try
        {
            var (layer, sample) = (new OnnxLayer(model.ToModule()), problem.Train.InputShape);
            var network = Network.Input(sample.Sizes);
            // A model of tables may be given images.
            if (sample.Rank > 1 && model.Inputs[0].Sizes is [_, { Size: { } size }] && size == sample.Count)
                network.Flatten();
            return network.Add(layer, "onnx").Build();
        }
        catch (ArgumentException e)
        {
            throw new UserException(e.Message, e);
        }
    }

    /// <summary>What computes the first output, which is the one that is trained; other outputs may be computed behind it.</summary>
    private static string? LastOperator(OnnxModel model)
    {
        var name = model.Outputs is [var first, ..] ? first.Name : null;
        // From the last node to the first, for a node comes after those that it uses.
        foreach (var node in model.Nodes.Reverse().Where(n => n.Outputs.Contains(name)))
        {
            if (!Carriers.Contains(node.OpType))
                return node.OpType;
            name = node.Inputs is [var carried, ..] ? carried : null;
        }
        return null;
    }

    private static SequentialNetwork WithNewHead(SequentialNetwork network, int outputs, ulong seed)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            network.WriteArchitecture(writer);
        var architecture = JsonNode.Parse(stream.ToArray())!;
        architecture["layers"]!.AsArray()[^1]!["settings"]!["units"] = outputs;
        using var json = JsonDocument.Parse(architecture.ToJsonString());
        var result = SequentialNetwork.ReadArchitecture(json.RootElement);
        result.Initialize(seed);
        var head = network.Layers[^1].Name + ".";
        var old = network.StateDict();
        foreach (var (name, tensor) in result.StateDict().Where(t => !t.Key.StartsWith(head, StringComparison.Ordinal)))
            tensor.CopyFrom(old[name]);
        return result;
    }
}
