using System.Numerics.Tensors;
using Glia.Data;
using Glia.Layers;

namespace Glia.Diagnostics;

/// <summary>Where NaN or infinity comes from in a step: the first place, in the order of computation, that makes one of finite numbers or holds one itself.</summary>
/// <param name="Place">The place in words: <c>the output of Dense 'fc1'</c>, <c>the inputs</c>, <c>the gradient of 'fc1.weight'</c>.</param>
/// <param name="Layer">The path of the layer; null where the inputs, the targets or the loss are at fault.</param>
/// <param name="Operation">The operation that made the number, such as <c>Log</c>; null where nothing was computed.</param>
/// <param name="Value">The number: NaN or an infinity.</param>
public sealed record NonFiniteOrigin(string Place, string? Layer, string? Operation, double Value)
{
    /// <summary>Goes through a step again, forward and back, and looks for the first NaN or infinity.</summary>
    /// <param name="model">The model, with the parameters that the step began with.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">The samples of the step.</param>
    /// <param name="context">The context of the step, so that dropout drops the same.</param>
    /// <returns>The first place; null when every number is finite.</returns>
    public static NonFiniteOrigin? Find(Module model, Loss loss, Batch batch, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(context);
        if (FirstIn(batch.Input) is { } input)
            return new($"the inputs (sample {input.Row} of the batch)", null, null, input.Value);
        if (FirstIn(batch.Target) is { } target)
            return new($"the targets (sample {target.Row} of the batch)", null, null, target.Value);
        foreach (var (name, tensor) in model.StateDict())
        {
            if (FirstIn(tensor) is { } weight)
                return new($"the parameter '{name}'", LayerOf(name), null, weight.Value);
        }
        var outputs = new LayerOutputs(retainGradients: true);
        // Of inputs with a gradient, what layers without parameters compute is recorded as well.
        var values = batch.Input.Detach().Clone();
        values.RequiresGrad = values.DType is DType.Float32 or DType.Float64;
        var prediction = model.Forward(values, context.WithOutputs(outputs));
        var (result, _) = loss.ComputeWithWeight(prediction, batch.Target, batch.SampleWeights);
        return InForward(model, loss, outputs, prediction, result) ?? InBackward(model, outputs, result);
    }

    /// <summary>As part of a sentence: <c>infinity first appears in the output of Dense 'fc1', made by Exp</c>.</summary>
    public override string ToString() =>
        $"{(double.IsNaN(Value) ? "NaN" : "infinity")} first appears in {Place}{(Operation is null ? "" : $", made by {Operation}")}";

    private static NonFiniteOrigin? InForward(Module model, Loss loss, LayerOutputs outputs, Tensor prediction, Tensor result)
    {
        var made = ComputationGraph.Computed(result).Select(t => (Tensor: t, First: FirstIn(t))).FirstOrDefault(t => t.First is not null);
        foreach (var (name, output) in outputs)
        {
            if (FirstIn(output) is { } value)
                return new($"the output of {Describe(model, name)}", name, made.Tensor?.Creator?.Name, value.Value);
        }
        if (made.First is not { } first)
            return FirstIn(result) is { } alone ? new($"the {loss.Name}", null, null, alone.Value) : null;
        var place = FirstIn(prediction) is not null ? "the model's output" : $"the {loss.Name}";
        return new(place, null, made.Tensor!.Creator!.Name, first.Value);
    }

    private static NonFiniteOrigin? InBackward(Module model, LayerOutputs outputs, Tensor result)
    {
        if (!result.RequiresGrad)
            return null;
        model.ZeroGrad();
        result.Backward();
        // The way back visits the last layer first.
        for (var i = outputs.Count - 1; i >= 0; i--)
        {
            if (outputs[i].Output.Grad is { } gradient && FirstIn(gradient) is { } value)
                return new($"the gradient of the output of {Describe(model, outputs[i].Name)}", outputs[i].Name, null, value.Value);
        }
        foreach (var (name, tensor) in model.StateDict().Reverse())
        {
            if (tensor.Grad is { } gradient && FirstIn(gradient) is { } value)
                return new($"the gradient of '{name}'", LayerOf(name), null, value.Value);
        }
        return null;
    }

    private static string Describe(Module model, string path)
    {
        var module = model;
        foreach (var part in path.Split('#')[0].Split('.'))
            module = module?.Children.FirstOrDefault(c => c.Name == part).Module;
        return module is null ? $"'{path}'" : $"{module.GetType().Name} '{path}'";
    }

    private static string LayerOf(string parameter) => parameter.LastIndexOf('.') is > 0 and var dot ? parameter[..dot] : parameter;

    private static (int Row, double Value)? FirstIn(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => FirstIn(tensor.AsSpan<float>(), tensor),
        DType.Float64 => FirstIn(tensor.AsSpan<double>(), tensor),
        _ => null,
    };

    private static (int Row, double Value)? FirstIn<T>(ReadOnlySpan<T> values, Tensor tensor)
        where T : struct, System.Numerics.IFloatingPointIeee754<T>
    {
        if (TensorPrimitives.IsFiniteAll(values))
            return null;
        var index = 0;
        while (T.IsFinite(values[index]))
            index++;
        var perRow = tensor.Rank == 0 ? 1 : tensor.Count / tensor.Shape[0];
        return (index / perRow, double.CreateChecked(values[index]));
    }
}
