using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Plots;

namespace Glia.Cli.Runs;

/// <summary>What a model does on data whose truth is known; one class for each kind of answer.</summary>
internal abstract class Evaluation
{
    /// <summary>How many samples were measured on.</summary>
    public required int Samples { get; init; }

    /// <summary>What training makes small; NaN for a perceptron, which has no probabilities.</summary>
    public required double Loss { get; init; }

    /// <summary>The result in a few words.</summary>
    public abstract string Short { get; }

    /// <summary>The result for people.</summary>
    public abstract void Print(Terminal terminal);

    /// <summary>The result as charts, by the name of their files.</summary>
    public abstract IEnumerable<(string File, Chart Chart)> Charts(Problem problem);

    /// <summary>The result for machines.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["samples"] = Samples, ["loss"] = RunSummary.Finite(Loss) };
        AddTo(json);
        return json;
    }

    protected abstract void AddTo(JsonObject json);

    /// <summary>Runs a network over a data set.</summary>
    public static void ForEachBatch(SequentialNetwork network, Dataset data, Action<Tensor, Tensor> use)
    {
        const long MostNumbers = 16 << 20;
        var size = (int)Math.Clamp(MostNumbers / Math.Max(1, (long)network.ResultShape.Count + network.InputShape.Count), 1, 256);
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        foreach (var batch in new DataLoader(data, size, shuffle: false).Epoch())
        {
            var context = batch.Lengths is null ? ForwardContext.Inference : ForwardContext.Inference.WithLengths(batch.Lengths);
            use(network.Forward(batch.Input, context), batch.Target);
            scope.Reset();
        }
    }
}
