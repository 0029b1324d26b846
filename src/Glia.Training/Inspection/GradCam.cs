using Glia.Layers;

namespace Glia.Training.Inspection;

/// <summary>
/// Where in an image a class is seen. With A the feature maps of a layer, S the score of the class (before softmax) and Z the number of positions of a map:
/// <code>
/// α[k] = 1/Z · Σ ∂S/∂A[k, row, column]
/// L[row, column] = max(0, Σ α[k]·A[k, row, column])
/// </code>
/// (Selvaraju et al., <i>Grad-CAM</i>, 2017, arXiv 1610.02391). The model runs in inference mode, and gradients of its parameters are not touched.
/// </summary>
public static class GradCam
{
    /// <summary>L for each sample, as large as the feature maps.</summary>
    /// <param name="model">A classifier of images whose output is (batch, classes), or (batch, 1) for two.</param>
    /// <param name="input">A batch of images.</param>
    /// <param name="classes">The class of each sample that is looked for.</param>
    /// <param name="layer">The path of a layer that gives feature maps, (batch, channels, rows, columns); the last one by default, see <see cref="LastLayer"/>.</param>
    /// <returns>(batch, rows, columns).</returns>
    /// <exception cref="ArgumentException">There is no such layer, it gives no feature maps, or there is not one class in range for each sample.</exception>
    /// <exception cref="ShapeException">The input does not fit, or the output is not (batch, classes).</exception>
    public static Tensor Of(Module model, Tensor input, IReadOnlyList<int> classes, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(classes);
        ClassScore.RequireRecording(nameof(GradCam));
        var outputs = new LayerOutputs();
        var x = input.Detach().Clone();
        // So that everything is recorded even where no parameter is trained.
        x.RequiresGrad = true;
        var score = ClassScore.Sum(model.Forward(x, ForwardContext.Inference.WithOutputs(outputs)), classes);
        var maps = outputs[layer ?? LastLayer(outputs) ?? throw new ArgumentException("The model has no layer with feature maps (batch, channels, rows, columns). Grad-CAM is for convolutional networks.", nameof(model))];
        if (maps.Rank != 4)
            throw new ArgumentException($"The layer '{layer}' gives {maps.Shape}, but Grad-CAM looks at feature maps (batch, channels, rows, columns).", nameof(layer));
        var gradient = Gradients.Of(score, [maps])[0].Detach();
        using var noGrad = Gradients.NoGrad();
        var weights = gradient.Mean([2, 3], keepDims: true);
        return (weights * maps.Detach()).Sum(1).ReLU();
    }

    /// <summary>The last layer that gives feature maps larger than one pixel; null if there is none.</summary>
    /// <param name="outputs">What the layers computed.</param>
    public static string? LastLayer(LayerOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return outputs.LastOrDefault(o => o.Output.Rank == 4 && o.Output.Shape[2] * o.Output.Shape[3] > 1).Name;
    }
}
