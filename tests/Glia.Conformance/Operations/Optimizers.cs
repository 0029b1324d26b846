using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Conformance.Operations;

internal static class Optimizers
{
    public static OperationTable Table { get; } = new()
    {
        { "adam", Run },
        { "adamw", Run },
        { "sgd", Run },
    };

    /// <summary>An optimiser by the reference's name and options; those left out have the reference's defaults.</summary>
    public static Optimizer Create(string name, CaseOptions options)
    {
        UnsupportedException.ThrowIf(options.Flag("maximize", false), "maximising");
        return name switch
        {
            "sgd" => CreateSgd(options),
            "adam" or "adamw" => CreateAdam(name, options),
            _ => throw new UnsupportedException($"unknown optimizer '{name}'"),
        };
    }

    private static Sgd CreateSgd(CaseOptions options)
    {
        UnsupportedException.ThrowIf(options.Number("dampening", 0) != 0, "SGD with dampening");
        return new Sgd(options.Number("lr"), options.Number("momentum", 0), options.Number("weight_decay", 0), options.Flag("nesterov", false));
    }

    private static Adam CreateAdam(string name, CaseOptions options)
    {
        UnsupportedException.ThrowIf(options.Flag("amsgrad", false), "Adam with AMSGrad");
        var (betas, rate, epsilon) = (options.Numbers("betas"), options.Number("lr"), options.Number("eps"));
        return name == "adamw"
            ? new AdamW(rate, betas[0], betas[1], epsilon, options.Number("weight_decay", 0.01))
            : new Adam(rate, betas[0], betas[1], epsilon, options.Number("weight_decay", 0));
    }

    /// <summary>Steps along given gradients, or along those of a small fit.</summary>
    private static Results Run(ConformanceCase c)
    {
        var parameters = c.Parameters.ToDictionary(name => name, name => ParameterOf(c[name]));
        var optimizer = Create(c.Operation, c.Options).Attach(parameters.Values);
        var given = c.Has("in.grads");
        var steps = given ? c["grads"].Shape[0] : c.Reference("traj.loss").Count;
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
        return results;
    }

    private static Parameter ParameterOf(Tensor initial)
    {
        var parameter = new Parameter(initial.Shape, initial.DType);
        parameter.CopyFrom(initial);
        return parameter;
    }
}
