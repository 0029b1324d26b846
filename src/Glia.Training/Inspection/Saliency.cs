using Glia.Layers;

namespace Glia.Training.Inspection;

/// <summary>
/// Which numbers of an input a class depends on: the gradient of the score S of the class (before softmax) with respect to the input,
/// <code>
/// var gradient = Saliency.Of(model, images, classes);        // ∂S/∂x, of the shape of the images
/// var map = Saliency.Map(gradient);                          // max over the channels of |∂S/∂x|
/// </code>
/// (Simonyan, Vedaldi and Zisserman, <i>Deep inside convolutional networks</i>, 2014, arXiv 1312.6034). The model runs in inference mode, and gradients of its parameters are not touched.
/// </summary>
public static class Saliency
{
    /// <summary>∂S/∂x for each sample.</summary>
    /// <param name="model">A classifier whose output is (batch, classes), or (batch, 1) for two.</param>
    /// <param name="input">A batch.</param>
    /// <param name="classes">The class of each sample whose score is looked at.</param>
    /// <returns>Of the shape of the input.</returns>
    /// <exception cref="ArgumentException">There is not one class for each sample, or one is out of range.</exception>
    /// <exception cref="ShapeException">The input does not fit, or the output is not (batch, classes).</exception>
    public static Tensor Of(Module model, Tensor input, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(classes);
        ClassScore.RequireRecording(nameof(Saliency));
        var x = input.Detach().Clone();
        x.RequiresGrad = true;
        return Gradients.Of(ClassScore.Sum(model.Forward(x, ForwardContext.Inference), classes), [x])[0].Detach();
    }

    /// <summary>
    /// SmoothGrad: the mean of ∂S/∂x over copies of the input with Gaussian noise, which leaves what the copies agree on (Smilkov et al. 2017, arXiv 1706.03825).
    /// </summary>
    /// <param name="model">A classifier whose output is (batch, classes), or (batch, 1) for two.</param>
    /// <param name="input">A batch.</param>
    /// <param name="classes">The class of each sample whose score is looked at.</param>
    /// <param name="copies">How many copies, at least 1; 25 by default.</param>
    /// <param name="noise">The deviation of the noise as a share of the spread (largest − smallest number) of the batch; 0.15 by default.</param>
    /// <param name="seed">The same seed gives the same noise.</param>
    /// <returns>Of the shape of the input.</returns>
    /// <exception cref="ArgumentException">There is not one class for each sample, or one is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no copies, or the noise is negative or not finite.</exception>
    public static Tensor Smooth(Module model, Tensor input, IReadOnlyList<int> classes, int copies = 25, double noise = 0.15, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copies);
        if (!(noise >= 0 && double.IsFinite(noise)))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise must be a finite share of 0 or more.");
        var deviation = noise * (input.Detach().Max().Item() - input.Detach().Min().Item());
        var rng = new Rng(seed).Split("smooth-grad");
        Tensor? sum = null;
        for (var i = 0; i < copies; i++)
        {
            var noisy = input.Detach() + Tensor.Normal(rng.Split((ulong)i), input.Shape, 0, deviation, input.DType);
            var gradient = Of(model, noisy, classes);
            sum = sum is null ? gradient : sum + gradient;
        }
        return (sum! * (1.0 / copies)).Detach();
    }

    /// <summary>For each pixel the largest |∂S/∂x| of its channels.</summary>
    /// <param name="gradient">(batch, channels, rows, columns).</param>
    /// <returns>(batch, rows, columns).</returns>
    /// <exception cref="ShapeException">The gradient is not of images.</exception>
    public static Tensor Map(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return gradient.Rank == 4 ? gradient.Detach().Abs().Max([1]) : throw new ShapeException($"Saliency.Map expects (batch, channels, rows, columns) but got {gradient.Shape}.");
    }
}
