namespace Glia.Conformance.Operations;

internal static class SecondOrder
{
    private static readonly Dictionary<string, Func<Tensor, int, Tensor>> Functions = new()
    {
        ["gelu"] = (x, _) => x.GELU(),
        ["layer_norm"] = (x, axis) => x.LayerNorm(x.Shape[axis]),
        ["log_softmax"] = (x, axis) => x.LogSoftmax(axis),
        ["sigmoid"] = (x, _) => x.Sigmoid(),
        ["softmax"] = (x, axis) => x.Softmax(axis),
        ["tanh"] = (x, _) => x.Tanh(),
    };

    public static OperationTable Table { get; } = new()
    {
        { "double_backward_gelu", DifferentiateTwice },
        { "double_backward_layer_norm", DifferentiateTwice },
        { "double_backward_log_softmax", DifferentiateTwice },
        { "double_backward_sigmoid", DifferentiateTwice },
        { "double_backward_softmax", DifferentiateTwice },
        { "double_backward_tanh", DifferentiateTwice },
        { "gradient_penalty_conv", PenalizeGradient },
        { "gradient_penalty_lstm", PenalizeGradient },
        { "gradient_penalty_mlp", PenalizeGradient },
        { "hessian_mlp", Hessian },
        { "hvp_conv", HessianVectorProduct },
        { "hvp_lstm", HessianVectorProduct },
        { "hvp_mlp", HessianVectorProduct },
    };

    private static Results DifferentiateTwice(ConformanceCase c)
    {
        var (x, upstream) = (c["x"], c.Given("grad_out.y"));
        x.RequiresGrad = upstream.RequiresGrad = true;
        var (name, axis) = (c.Options.Text("function"), c.Options.Integer("dim"));
        UnsupportedException.ThrowIf(!Functions.TryGetValue(name, out var function), $"function '{name}'");
        var y = function!(x, axis);
        var first = Gradients.Of(y, [x], upstream, createGraph: true)[0];
        var second = Gradients.Of((c.Given("vector.x") * first).Sum(), [x, upstream]);
        return new() { ["out.y"] = y, ["grad.x"] = first, ["grad2.x"] = second[0], ["grad2.grad_out"] = second[1] };
    }

    private static Results PenalizeGradient(ConformanceCase c)
    {
        var variables = Variables(c);
        var y = new DescribedFunction(c.Options.Text("network")).Compute(variables);
        var slope = Gradients.Of(y.Sum(), [variables["x"]], createGraph: true)[0];
        var penalty = slope.Square().Sum();
        var results = new Results { ["out.dydx"] = slope, ["out.penalty"] = penalty };
        AddAll(results, "grad.", variables.Keys, Gradients.Of(penalty, [.. variables.Values]));
        return results;
    }

    private static Results HessianVectorProduct(ConformanceCase c)
    {
        UnsupportedException.ThrowIf(c.Options.Text("loss") != "mean squared error over all elements", $"loss '{c.Options.Text("loss")}'");
        var variables = Variables(c);
        var (loss, gradients) = SquaredErrorOf(c, variables, [.. variables.Values]);
        var along = variables.Keys.Select((name, i) => c.GivenOrNull("vector." + name) is { } v ? (gradients[i] * v).Sum() : null);
        var slope = along.OfType<Tensor>().Aggregate((a, b) => a + b);
        var results = new Results { ["out.loss"] = loss };
        AddAll(results, "grad.", variables.Keys, gradients);
        AddAll(results, "hvp.", variables.Keys, Gradients.Of(slope, [.. variables.Values]));
        return results;
    }

    /// <summary>Row by row, each the gradient of one element of the gradient.</summary>
    private static Results Hessian(ConformanceCase c)
    {
        var variables = Variables(c);
        Tensor[] parameters = [.. c.Options.Texts("order").Select(name => variables[name])];
        var (loss, gradients) = SquaredErrorOf(c, variables, parameters);
        var gradient = Flatten(gradients);
        var rows = Enumerable.Range(0, gradient.Count).Select(i => Flatten(Gradients.Of(gradient.Slice(0, i, 1), parameters)));
        return new() { ["out.loss"] = loss, ["out.hessian"] = Tensor.Stack(0, [.. rows]) };
    }

    /// <summary>The input x and the parameters, each requiring a gradient.</summary>
    private static Dictionary<string, Tensor> Variables(ConformanceCase c)
    {
        var variables = c.Parameters.Append("x").ToDictionary(name => name, name => c[name]);
        foreach (var variable in variables.Values)
            variable.RequiresGrad = true;
        return variables;
    }

    private static (Tensor Loss, Tensor[] Gradients) SquaredErrorOf(ConformanceCase c, Dictionary<string, Tensor> variables, Tensor[] with)
    {
        var loss = Loss.MeanSquaredError.Compute(new DescribedFunction(c.Options.Text("network")).Compute(variables), c["target"]);
        return (loss, Gradients.Of(loss, with, createGraph: true));
    }

    private static Tensor Flatten(Tensor[] tensors) => Tensor.Concat(0, Array.ConvertAll(tensors, t => t.Reshape(t.Count)));

    private static void AddAll(Results results, string prefix, IEnumerable<string> names, Tensor[] tensors)
    {
        foreach (var (name, tensor) in names.Zip(tensors))
            results[prefix + name] = tensor;
    }
}
