using System.Globalization;
using Glia.Layers;

namespace Glia;

/// <summary>
/// Holds gradients against central finite differences, (f(x + h) − f(x − h)) / 2h, of every element: the test for an operation or layer of your own.
/// Use Float64 inputs: in Float32 the differences are too coarse.
/// </summary>
public static class GradientCheck
{
    /// <summary>The step h; 1e-6.</summary>
    public const double DefaultStep = 1e-6;

    /// <summary>Checks the gradients of a function with respect to each input.</summary>
    /// <param name="function">The function; a result of several numbers is weighted with fixed random numbers.</param>
    /// <param name="inputs">Float64 tensors; they are changed and restored while checking.</param>
    /// <param name="step">h.</param>
    /// <param name="relativeTolerance">How far a gradient may be off as a share of the difference; 1e-3.</param>
    /// <param name="absoluteTolerance">How far it may be off beside that; 1e-5.</param>
    /// <returns>The largest error, and where it is.</returns>
    /// <exception cref="ArgumentException">An input is not Float64.</exception>
    public static GradientCheckResult Run(
        Func<IReadOnlyList<Tensor>, Tensor> function, IReadOnlyList<Tensor> inputs, double step = DefaultStep, double relativeTolerance = 1e-3, double absoluteTolerance = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.FirstOrDefault(x => x.DType != DType.Float64) is { } wrong)
            throw new ArgumentException($"GradientCheck expects Float64 inputs but got {wrong.DType} {wrong.Shape}. Convert them with To(DType.Float64).");
        foreach (var input in inputs)
            input.RequiresGrad = true;
        var y = function(inputs);
        var weights = Tensor.Normal(new Rng(77), y.Shape, dtype: DType.Float64, device: y.Device);
        var gradients = Gradients.Of((y * weights).Sum(), inputs);
        var worst = new GradientCheckResult(0, 0, 0, 0, 0);
        using var noGrad = Gradients.NoGrad();
        for (var k = 0; k < inputs.Count; k++)
        {
            for (var i = 0; i < inputs[k].Count; i++)
            {
                var expected = Difference(k, i);
                var actual = gradients[k].GetFlat(i);
                var error = Math.Abs(actual - expected) / (absoluteTolerance + (relativeTolerance * Math.Abs(expected)));
                if (double.IsNaN(error) || error > worst.Error)
                    worst = new(double.IsNaN(error) ? double.PositiveInfinity : error, k, i, actual, expected);
            }
        }
        return worst;

        double Difference(int input, int element)
        {
            var before = inputs[input].GetFlat(element);
            inputs[input].SetFlat(element, before + step);
            var above = (function(inputs) * weights).Sum().Item();
            inputs[input].SetFlat(element, before - step);
            var below = (function(inputs) * weights).Sum().Item();
            inputs[input].SetFlat(element, before);
            return (above - below) / (2 * step);
        }
    }

    /// <summary>Checks a layer or model: the gradients of its input and of its parameters, all of which must be Float64.</summary>
    /// <param name="module">The module.</param>
    /// <param name="input">A Float64 batch.</param>
    /// <param name="context">Training or inference; inference by default. Dropout draws the same mask every time.</param>
    /// <exception cref="ArgumentException">The input or a parameter is not Float64.</exception>
    public static GradientCheckResult Run(Module module, Tensor input, ForwardContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(input);
        return Run(x => module.Forward(x[0], context ?? ForwardContext.Inference), [input, .. module.Parameters]);
    }
}

/// <summary>The worst element of a gradient check.</summary>
/// <param name="Error">How far it is off in units of what is tolerated: up to 1 is right.</param>
/// <param name="Input">Which input (0-based).</param>
/// <param name="Element">Which element of it, in row-major order.</param>
/// <param name="Gradient">The gradient found there.</param>
/// <param name="Difference">What finite differences give.</param>
public sealed record GradientCheckResult(double Error, int Input, int Element, double Gradient, double Difference)
{
    /// <summary>Whether all gradients agree with the differences.</summary>
    public bool IsCorrect => Error <= 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsCorrect ? "correct" : "WRONG")}: at worst, input {Input} element {Element} has gradient {Gradient:G9} where finite differences give {Difference:G9}");
}
