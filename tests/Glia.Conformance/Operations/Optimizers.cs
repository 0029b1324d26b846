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
        var (rate, decay, maximize) = (o.Number("lr"), o.Number("weight_decay", name == "adamw" ? 0.01 : 0), o.Flag("maximize", false));
        return name switch
        {
            "sgd" => new Sgd(rate, o.Number("momentum", 0), decay, o.Flag("nesterov", false), o.Number("dampening", 0), maximize),
            "adam" => new Adam(rate, o.Numbers("betas")[0], o.Numbers("betas")[1], o.Number("eps"), decay, o.Flag("amsgrad", false), maximize),
            "adamw" => new AdamW(rate, o.Numbers("betas")[0], o.Numbers("betas")[1], o.Number("eps"), decay, o.Flag("amsgrad", false), maximize),
            "nadam" => new NAdam(rate, o.Numbers("betas")[0], o.Numbers("betas")[1], o.Number("eps"), decay, o.Number("momentum_decay"), maximize),
            "adamax" => new Adamax(rate, o.Numbers("betas")[0], o.Numbers("betas")[1], o.Number("eps"), decay, maximize),
            "adagrad" => new Adagrad(rate, o.Number("lr_decay"), o.Number("eps"), decay, o.Number("initial_accumulator_value"), maximize),
            "adadelta" => new Adadelta(rate, o.Number("rho"), o.Number("eps"), decay, maximize),
            "rmsprop" => new RMSprop(rate, o.Number("alpha"), o.Number("eps"), decay, o.Number("momentum"), o.Flag("centered"), maximize),
            _ => throw new UnsupportedException($"unknown optimizer '{name}'"),
        };
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
