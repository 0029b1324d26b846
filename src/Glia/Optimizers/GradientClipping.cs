using System.Numerics;
using Glia.Layers;

namespace Glia.Optimizers;

/// <summary>Keeps gradients from exploding, between <see cref="Tensor.Backward"/> and <see cref="Optimizer.Step"/>; they are changed in place.</summary>
public static class GradientClipping
{
    /// <summary>Holds every component of the gradients within [−<paramref name="limit"/>, <paramref name="limit"/>].</summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="limit">The largest size of a component.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public static void ByValue(IEnumerable<Parameter> parameters, double limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(limit > 0))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must be a positive number.");
        foreach (var gradient in Gradients(parameters))
            gradient.Device.Backend.Unary(new ClampFormula(-limit, limit), gradient, gradient);
    }

    /// <summary>
    /// Scales all gradients together by min(1, maxNorm / (norm + 1e-6)), so that their common norm does not exceed <paramref name="maxNorm"/> and their
    /// direction stays.
    /// </summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="maxNorm">The largest norm.</param>
    /// <param name="normType">p of the p-norm, at least 1; 2 by default, infinity for the largest component.</param>
    /// <param name="errorIfNonFinite">
    /// Whether a norm that is NaN or infinite is an error (the default); else it is returned and the gradients stay as they are.
    /// </param>
    /// <returns>The norm before clipping.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The largest norm is not positive, or p is below 1.</exception>
    /// <exception cref="NotFiniteNumberException">The norm is NaN or infinite.</exception>
    public static double ByNorm(IEnumerable<Parameter> parameters, double maxNorm, double normType = 2, bool errorIfNonFinite = true)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(maxNorm > 0))
            throw new ArgumentOutOfRangeException(nameof(maxNorm), maxNorm, "The largest norm must be a positive number.");
        var all = parameters.ToArray();
        var norm = Norm(all, normType);
        if (!double.IsFinite(norm))
            return errorIfNonFinite ? throw NonFinite(all, norm) : norm;
        var factor = maxNorm / (norm + 1e-6);
        if (factor < 1)
            Scale(all, factor);
        return norm;
    }

    /// <summary>Multiplies all gradients by a number, as when the sum over several batches is to become their mean.</summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="factor">The number.</param>
    public static void Scale(IEnumerable<Parameter> parameters, double factor)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var gradient in Gradients(parameters))
            gradient.Device.Backend.Unary(new ScaleFormula(factor), gradient, gradient);
    }

    /// <summary>The common norm of all gradients, (Σ|g|ᵖ)^(1/p), without overflow.</summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="normType">p, at least 1; 2 by default, infinity for the largest component.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is below 1.</exception>
    public static double Norm(IEnumerable<Parameter> parameters, double normType = 2)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(normType >= 1))
            throw new ArgumentOutOfRangeException(nameof(normType), normType, "The norm's p must be at least 1.");
        var gradients = Gradients(parameters).ToArray();
        if (normType == 2 && Combine(gradients, 0, (sum, g) => sum + SumOfSquares(g)) is > 1e-280 and < 1e300 and var squares)
            return Math.Sqrt(squares);
        var largest = Combine(gradients, 0, (max, g) => Math.Max(max, Largest(g)));
        if (largest == 0 || !double.IsFinite(largest) || double.IsInfinity(normType))
            return largest;
        return largest * Math.Pow(Combine(gradients, 0, (sum, g) => sum + SumOfPowers(g, normType, largest)), 1 / normType);
    }

    private static IEnumerable<Tensor> Gradients(IEnumerable<Parameter> parameters) => parameters.Select(p => p.Grad).OfType<Tensor>();

    private static double Combine(Tensor[] gradients, double start, Func<double, Tensor, double> function) => gradients.Aggregate(start, function);

    private static double SumOfSquares(Tensor g) => g.DType == DType.Float32 ? SumOfSquares(g.AsSpan<float>()) : SumOfSquares(g.AsSpan<double>());

    private static double Largest(Tensor g) => g.DType == DType.Float32 ? Largest(g.AsSpan<float>()) : Largest(g.AsSpan<double>());

    private static double SumOfPowers(Tensor g, double p, double scale) =>
        g.DType == DType.Float32 ? SumOfPowers(g.AsSpan<float>(), p, scale) : SumOfPowers(g.AsSpan<double>(), p, scale);

    /// <summary>In double precision, where squares of float32 cannot overflow; four sums side by side keep the processor busy.</summary>
    private static double SumOfSquares<T>(ReadOnlySpan<T> values)
        where T : INumberBase<T>
    {
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0);
        var i = 0;
        for (; i + 4 <= values.Length; i += 4)
        {
            var (x, y, z, w) = (Double(values[i]), Double(values[i + 1]), Double(values[i + 2]), Double(values[i + 3]));
            (a, b, c, d) = (a + (x * x), b + (y * y), c + (z * z), d + (w * w));
        }
        for (; i < values.Length; i++)
            a += Double(values[i]) * Double(values[i]);
        return a + b + c + d;
    }

    private static double Largest<T>(ReadOnlySpan<T> values)
        where T : INumberBase<T>
    {
        var largest = 0.0;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(Double(value)));
        return largest;
    }

    private static double SumOfPowers<T>(ReadOnlySpan<T> values, double p, double scale)
        where T : INumberBase<T>
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += p == 1 ? Math.Abs(Double(value)) / scale : Math.Pow(Math.Abs(Double(value)) / scale, p);
        return sum;
    }

    private static double Double<T>(T value)
        where T : INumberBase<T> => double.CreateTruncating(value);

    private static NotFiniteNumberException NonFinite(Parameter[] parameters, double norm)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Grad is { } gradient && !double.IsFinite(Largest(gradient)))
            {
                var what = double.IsNaN(Largest(gradient)) ? "NaN" : "infinity";
                return new($"The gradient of parameter {i}, '{parameters[i].Name}' {parameters[i].Shape}, holds {what}, so the norm cannot be clipped. Lower the learning rate, or look for a division by 0 or a logarithm of 0.", norm);
            }
        }
        return new("The norm of the gradients is too large for a number. Lower the learning rate.", norm);
    }
}
