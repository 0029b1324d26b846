using System.Globalization;
using System.Text.RegularExpressions;
using Glia.Layers;

namespace Glia.Conformance.Operations;

/// <summary>Whole trainings of networks that the case describes in words, made with the layers a user would take.</summary>
internal static partial class Models
{
    private static readonly Dictionary<string, Loss> KnownLosses = new() { ["cross entropy (mean)"] = Loss.CrossEntropy };

    public static OperationTable Table { get; } = new()
    {
        { "train_lenet", Train },
        { "train_lstm", Train },
        { "train_mlp", Train },
    };

    private static Results Train(ConformanceCase c)
    {
        c.Options.FollowFromShapes("steps", "batch");
        var (model, loss) = Describe(c);
        c.Load(model);
        var optimizer = Optimizers.Create(c.Options.Text("optimizer"), c.Options.Nested("optimizer_options")).Attach(model.Parameters);
        var (x, y, results, losses) = (c["x"], c["y"], new Results(), new List<Tensor>());
        for (var step = 0; step < x.Shape[0]; step++)
        {
            var logits = model.Forward(At(x, step), ForwardContext.Training(new Rng(1).Split((ulong)step)));
            losses.Add(loss.Compute(logits, At(y, step)));
            losses[^1].Backward();
            if (step == 0)
            {
                results["out.logits_first"] = logits;
                foreach (var name in c.ShortNames("grad_first."))
                    results["grad_first." + name] = c[name].Grad!.Clone();
            }
            optimizer.Step();
            optimizer.ZeroGrad();
        }
        results["traj.loss"] = Tensor.Stack(0, [.. losses]);
        foreach (var name in c.ShortNames("final."))
            results["final." + name] = c[name];
        return results;
    }

    private static Tensor At(Tensor steps, int step) => steps.Slice(0, step, 1).Reshape(steps.Shape.From(1));

    private static (SequentialNetwork Model, Loss Loss) Describe(ConformanceCase c)
    {
        var stages = c.Options.Text("network").Split(" -> ");
        UnsupportedException.ThrowIf(!KnownLosses.TryGetValue(stages[^1], out var loss), $"loss '{stages[^1]}'");
        var network = Network.Input(c["x"].Shape.From(2).Sizes);
        foreach (var stage in stages[..^1])
        {
            var (name, layer) = Describe(c, stage);
            network.Add(layer, name);
        }
        return (network.Build(), loss!);
    }

    private static (string? Name, Layer Layer) Describe(ConformanceCase c, string stage)
    {
        if (Linear().Match(stage) is { Success: true } linear)
        {
            var weight = WeightShape(c, linear);
            return (linear.Groups["name"].Value, new Dense(weight[1], weight[0], HasBias(c, linear), c.DType));
        }
        if (Convolution().Match(stage) is { Success: true } conv)
        {
            var (weight, size) = (WeightShape(c, conv), new Size2D(Number(conv, "rows", 0), Number(conv, "columns", 0)));
            var options = new Conv2DOptions { Padding = Number(conv, "padding", 0), UseBias = HasBias(c, conv) };
            return (conv.Groups["name"].Value, new Conv2D(weight[1], weight[0], size, options, c.DType));
        }
        if (MaxPooling().Match(stage) is { Success: true } pool)
            return (null, new MaxPool2D(Number(pool, "size", 0)));
        if (Recurrent().Match(stage) is { Success: true } recurrent)
            return RecurrentStage(c, recurrent);
        return stage switch
        {
            "last time step of the top layer" => (null, new LastStep()),
            "flatten" => (null, new Flatten()),
            "relu" => (null, new ReLU()),
            "tanh" => (null, new Tanh()),
            _ => throw new UnsupportedException($"unsupported: network stage '{stage}'"),
        };
    }

    private static (string Name, Layer Layer) RecurrentStage(ConformanceCase c, Match stage)
    {
        var kind = stage.Groups["kind"].Value;
        var name = kind.ToLowerInvariant();
        var parameters = c.Parameters.Where(p => p.StartsWith(name + ".", StringComparison.Ordinal)).Select(p => (p[(name.Length + 1)..], c.Reference("param." + p).Shape));
        return (name, new ReferenceRecurrent(kind, Number(stage, "layers", 1), stage.Groups["bidirectional"].Success, parameters, c.DType));
    }

    private static Shape WeightShape(ConformanceCase c, Match stage) => c.Reference($"param.{stage.Groups["name"].Value}.weight").Shape;

    private static bool HasBias(ConformanceCase c, Match stage) => c.Has($"param.{stage.Groups["name"].Value}.bias");

    private static int Number(Match match, string group, int otherwise) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex(@"^linear (?<name>\w+)$")]
    private static partial Regex Linear();

    [GeneratedRegex(@"^conv2d (?<name>\w+) (?<rows>\d+)x(?<columns>\d+)( padding (?<padding>\d+))?$")]
    private static partial Regex Convolution();

    [GeneratedRegex(@"^((?<layers>\d+)-layer )?(?<bidirectional>bidirectional )?(?<kind>LSTM|GRU|RNN), batch first, zero initial state$")]
    private static partial Regex Recurrent();

    [GeneratedRegex(@"^maxpool (?<size>\d+)$")]
    private static partial Regex MaxPooling();
}
