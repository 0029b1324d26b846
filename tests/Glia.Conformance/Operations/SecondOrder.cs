namespace Glia.Conformance.Operations;

internal static class SecondOrder
{
    public static OperationTable Table { get; } = new()
    {
        { "double_backward_conv2d", DifferentiateTwice },
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

    /// <summary>
    /// The gradients of ⟨v, Jᵀu⟩ with respect to the inputs and to u, for any operation with one output; the operation's name by an option, else
    /// from that of the case.
    /// </summary>
    public static Results DifferentiateTwice(ConformanceCase c)
    {
        const string Prefix = "double_backward_";
        const string OfUpstream = "grad_out";
        var name = c.Options.Text("function", c.Operation[Prefix.Length..]);
        // Given for every function, although few have an axis.
        c.Options.FollowFromShapes("dim");
        string[] inputs = [.. c.ShortNames("grad2.").Concat(c.ShortNames("vector.")).Concat(c.ShortNames("grad.")).Where(n => n != OfUpstream).Distinct()];
        var upstream = c.Given("grad_out.y");
        foreach (var tensor in inputs.Select(n => c[n]).Append(upstream))
            tensor.RequiresGrad = true;
        var y = FunctionOf(c, name)(c);
        // Only now: a layer has put its own parameters in the place of those given.
        Tensor[] x = [.. inputs.Select(n => c[n])];
        var first = Gradients.Of(y, x, upstream, createGraph: true);
        var along = inputs.Zip(first, (n, gradient) => c.GivenOrNull("vector." + n) is { } v ? (v * gradient).Sum() : null).OfType<Tensor>().Aggregate((a, b) => a + b);
        var second = Gradients.Of(along, [.. x, upstream]);
        var results = new Results { ["out.y"] = y, ["grad2." + OfUpstream] = second[^1] };
        AddAll(results, "grad.", inputs, first);
        AddAll(results, "grad2.", inputs, second[..^1]);
        return results;
    }

    private static Func<ConformanceCase, Tensor> FunctionOf(ConformanceCase c, string name)
    {
        // A row of all elements from an axis on, without weights.
        if (name == "layer_norm" && c.Options.IsMissing("normalized_shape"))
            return k => k["x"].LayerNorm(k["x"].Shape.From(k["x"].Rank + Math.Min(k.Options.Integer("dim", -1), -1)));
        return AllOperations.Table.TryGetFunction(name, out var function) ? function : throw new UnsupportedException($"unsupported: function '{name}'");
    }

    public static Results PenalizeGradient(ConformanceCase c)
    {
        var variables = Variables(c);
        var y = new DescribedFunction(c.Options.Text("network")).Compute(variables);
        var slope = Gradients.Of(y.Sum(), [variables["x"]], createGraph: true)[0];
        var penalty = slope.Square().Sum();
        var results = new Results { ["out.dydx"] = slope, ["out.penalty"] = penalty };
        AddAll(results, "grad.", variables.Keys, Gradients.Of(penalty, [.. variables.Values]));
        return results;
    }

    public static Results HessianVectorProduct(ConformanceCase c)
    {
        var variables = Variables(c);
        var (loss, gradients) = LossOf(c, variables, [.. variables.Values]);
        var along = variables.Keys.Select((name, i) => c.GivenOrNull("vector." + name) is { } v ? (gradients[i] * v).Sum() : null);
        var slope = along.OfType<Tensor>().Aggregate((a, b) => a + b);
        var results = new Results { ["out.loss"] = loss };
        AddAll(results, "grad.", variables.Keys, gradients);
        AddAll(results, "hvp.", variables.Keys, Gradients.Of(slope, [.. variables.Values]));
        return results;
    }

    /// <summary>Row by row, each the gradient of one element of the gradient.</summary>
    public static Results Hessian(ConformanceCase c)
    {
        var variables = Variables(c);
        Tensor[] parameters = [.. (c.Options.IsMissing("order") ? c.Parameters : c.Options.Texts("order")).Select(name => variables[name])];
        var (loss, gradients) = LossOf(c, variables, parameters);
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

    private static (Tensor Loss, Tensor[] Gradients) LossOf(ConformanceCase c, Dictionary<string, Tensor> variables, Tensor[] with)
    {
        var loss = NamedFunctions.FindLoss(c.Options.Text("loss", "mean squared error")).Compute(new DescribedFunction(c.Options.Text("network")).Compute(variables), c["target"]);
        return (loss, Gradients.Of(loss, with, createGraph: true));
    }

    private static Tensor Flatten(Tensor[] tensors) => Tensor.Concat(0, Array.ConvertAll(tensors, t => t.Reshape(t.Count)));

    private static void AddAll(Results results, string prefix, IEnumerable<string> names, Tensor[] tensors)
    {
        foreach (var (name, tensor) in names.Zip(tensors))
            results[prefix + name] = tensor;
    }
}
