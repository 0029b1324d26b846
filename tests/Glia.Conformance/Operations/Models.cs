using System.Globalization;
using System.Text.RegularExpressions;
using Glia.Layers;

namespace Glia.Conformance.Operations;

/// <summary>Whole trainings of networks that the case describes in words, made with the layers a user would take.</summary>
internal static partial class Models
{
    public static OperationTable Table { get; } = new()
    {
        { "train_lenet", Train },
        { "train_lstm", Train },
        { "train_mlp", Train },
    };

    public static Results Train(ConformanceCase c)
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
                foreach (var name in c.ShortNames("out."))
                    results["out." + name] = logits;
                foreach (var name in c.ShortNames("grad_first."))
                    results["grad_first." + name] = c[name].Grad!.Clone();
            }
            optimizer.Step();
            optimizer.ZeroGrad();
        }
        results["traj.loss"] = Tensor.Stack(0, [.. losses]);
        foreach (var kind in new[] { "final.", "after." })
        {
            foreach (var name in c.ShortNames(kind))
                results[kind + name] = c[name];
        }
        return results;
    }

    private static Tensor At(Tensor steps, int step) => steps.Slice(0, step, 1).Reshape(steps.Shape.From(1));

    private static (SequentialNetwork Model, Loss Loss) Describe(ConformanceCase c)
    {
        var stages = c.Options.Text("network").Split(" -> ");
        var loss = NamedFunctions.FindLoss(stages[^1]);
        var network = Network.Input(c["x"].Shape.From(2).Sizes);
        foreach (var stage in stages[..^1])
        {
            var (name, layer) = Describe(c, stage);
            network.Add(layer, name);
        }
        return (network.Build(), loss);
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
            var (weight, groups) = (WeightShape(c, conv), Number(conv, "groups", 1));
            var size = new Size2D(Number(conv, "rows", 0), Number(conv, "columns", Number(conv, "rows", 0)));
            var options = new Conv2DOptions
            {
                Padding = Number(conv, "padding", 0),
                Stride = Number(conv, "stride", 1),
                Dilation = Number(conv, "dilation", 1),
                Groups = groups,
                UseBias = HasBias(c, conv),
            };
            return (conv.Groups["name"].Value, new Conv2D(weight[1] * groups, weight[0], size, options, c.DType));
        }
        if (Pooling().Match(stage) is { Success: true } pool)
        {
            var (size, stride, padding) = (Number(pool, "size", 2), Number(pool, "stride", Number(pool, "size", 2)), Number(pool, "padding", 0));
            return (null, pool.Groups["kind"].Value == "max" ? new MaxPool2D(size, stride, padding) : new AvgPool2D(size, stride, padding));
        }
        if (Normalization().Match(stage) is { Success: true } norm)
        {
            var weight = WeightShape(c, norm);
            return (norm.Groups["name"].Value, norm.Groups["kind"].Value == "batch" ? new BatchNorm(weight[0], dtype: c.DType) : new LayerNorm(weight, dtype: c.DType));
        }
        if (Recurrent().Match(stage) is { Success: true } recurrent)
            return RecurrentStage(c, recurrent);
        return (null, ActivationOf(stage) ?? stage switch
        {
            "last time step of the top layer" => new LastStep(),
            "flatten" => new Flatten(),
            "global average pool" or "global avgpool" => new GlobalAvgPool2D(),
            "global max pool" or "global maxpool" => new GlobalMaxPool2D(),
            "dropout 0" or "dropout 0.0" => new Dropout(0),
            _ => throw new UnsupportedException($"unsupported: network stage '{stage}'"),
        });
    }

    private static Layer? ActivationOf(string stage) => stage switch
    {
        "elu" => new ELU(),
        "gelu" => new GELU(),
        "hardswish" => new HardSwish(),
        "hardtanh" => new HardTanh(),
        "leaky relu" or "leaky_relu" => new LeakyReLU(),
        "mish" => new Mish(),
        "relu" => new ReLU(),
        "relu6" => new ReLU6(),
        "selu" => new SELU(),
        "sigmoid" => new Sigmoid(),
        "silu" or "swish" => new Swish(),
        "softplus" => new Softplus(),
        "softsign" => new Softsign(),
        "tanh" => new Tanh(),
        _ => null,
    };

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

    [GeneratedRegex(@"^linear (?<name>\w+)( \(?no bias\)?)?$")]
    private static partial Regex Linear();

    [GeneratedRegex(@"^conv2d (?<name>\w+) (?<rows>\d+)(x(?<columns>\d+))?( padding (?<padding>\d+)| stride (?<stride>\d+)| dilation (?<dilation>\d+)| groups (?<groups>\d+)| \(?no bias\)?)*$")]
    private static partial Regex Convolution();

    [GeneratedRegex(@"^(?<kind>max|avg|average )pool (?<size>\d+)( stride (?<stride>\d+)| padding (?<padding>\d+))*$")]
    private static partial Regex Pooling();

    [GeneratedRegex(@"^(?<kind>batch|layer)[ _]?norm([123]d)? (?<name>\w+)$")]
    private static partial Regex Normalization();

    [GeneratedRegex(@"^((?<layers>\d+)-layer )?(?<bidirectional>bidirectional )?(?<kind>LSTM|GRU|RNN), batch first, zero initial state$")]
    private static partial Regex Recurrent();
}
