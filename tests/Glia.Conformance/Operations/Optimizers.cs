using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Conformance.Operations;

internal static class Optimizers
{
    public static OperationTable Table { get; } = new()
    {
        { "adadelta", Run },
        { "adagrad", Run },
        { "adam", Run },
        { "adamax", Run },
        { "adamw", Run },
        { "nadam", Run },
        { "rmsprop", Run },
        { "sgd", Run },
    };

    /// <summary>An optimiser by the reference's name and options; those left out have the reference's defaults.</summary>
    public static Optimizer Create(string name, CaseOptions o)
    {
        var (rate, decay, maximize) = (o.Number("lr", DefaultRate(name)), o.Number("weight_decay", name == "adamw" ? 0.01 : 0), o.Flag("maximize", false));
        var (betas, epsilon, amsgrad) = (o.Numbers("betas", 0.9, 0.999), o.Number("eps", DefaultEpsilon(name)), o.Flag("amsgrad", false));
        // How the reference computes it, not what.
        o.FollowFromShapes("foreach", "capturable", "differentiable", "fused");
        UnsupportedException.ThrowIf(o.Flag("decoupled_weight_decay", name == "adamw") != (name == "adamw"), "decoupled weight decay of another optimizer than AdamW");
        return name switch
        {
            "sgd" => new Sgd(rate, o.Number("momentum", 0), decay, o.Flag("nesterov", false), o.Number("dampening", 0), maximize),
            "adam" => new Adam(rate, betas[0], betas[1], epsilon, decay, amsgrad, maximize),
            "adamw" => new AdamW(rate, betas[0], betas[1], epsilon, decay, amsgrad, maximize),
            "nadam" => new NAdam(rate, betas[0], betas[1], epsilon, decay, o.Number("momentum_decay", 0.004), maximize),
            "adamax" => new Adamax(rate, betas[0], betas[1], epsilon, decay, maximize),
            "adagrad" => new Adagrad(rate, o.Number("lr_decay", 0), epsilon, decay, o.Number("initial_accumulator_value", 0), maximize),
            "adadelta" => new Adadelta(rate, o.Number("rho", 0.9), epsilon, decay, maximize),
            "rmsprop" => new RMSprop(rate, o.Number("alpha", 0.99), epsilon, decay, o.Number("momentum", 0), o.Flag("centered", false), maximize),
            _ => throw new UnsupportedException($"unknown optimizer '{name}'"),
        };
    }

    private static double DefaultEpsilon(string name) => name switch
    {
        "adagrad" => 1e-10,
        "adadelta" => 1e-6,
        _ => 1e-8,
    };

    private static double DefaultRate(string name) => name switch
    {
        "adadelta" => 1,
        "adagrad" or "rmsprop" => 0.01,
        "adamax" or "nadam" => 0.002,
        _ => 0.001,
    };

    /// <summary>Steps along given gradients, or along those of a small fit.</summary>
    private static Results Run(ConformanceCase c)
    {
        var parameters = c.Parameters.ToDictionary(name => name, name => ParameterOf(c[name]));
        var optimizer = Create(c.Operation, c.Options).Attach(parameters.Values);
        var given = c.Has("in.grads");
        var steps = c.Reference(c.Expected.First(name => name.StartsWith("traj.", StringComparison.Ordinal))).Shape[0];
        var losses = new List<Tensor>();
        var trajectories = parameters.ToDictionary(p => p.Key, _ => new List<Tensor>());
        for (var step = 0; step < steps; step++)
        {
            // The gradient of Σ p·g is g.
            var loss = given
                ? (parameters["p"] * c["grads"].Slice(0, step, 1).Reshape(parameters["p"].Shape)).Sum()
                : Loss.MeanSquaredError.Compute((c["X"].MatMul(parameters["W"]) + parameters["b"]).Tanh(), c["Y"]);
            losses.Add(loss);
            loss.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            foreach (var (name, parameter) in parameters)
                trajectories[name].Add(parameter.Clone());
        }
        var results = new Results();
        if (!given)
            results["traj.loss"] = Tensor.Stack(0, [.. losses]);
        foreach (var (name, trajectory) in trajectories)
            results["traj." + name] = Tensor.Stack(0, [.. trajectory]);
        foreach (var (name, parameter) in parameters)
            results["final." + name] = parameter;
        return results;
    }

    private static Parameter ParameterOf(Tensor initial)
    {
        var parameter = new Parameter(initial.Shape, initial.DType);
        parameter.CopyFrom(initial);
        return parameter;
    }
}
