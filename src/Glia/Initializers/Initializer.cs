namespace Glia.Initializers;

/// <summary>Fills a new parameter with its first values.</summary>
public abstract class Initializer
{
    /// <summary>Zeros: for biases. A hidden layer that starts at zero cannot learn, since all its units stay alike.</summary>
    public static Initializer Zeros { get; } = new Constant(0);

    /// <summary>Ones: for the scale of a normalisation.</summary>
    public static Initializer Ones { get; } = new Constant(1);

    /// <summary>
    /// Uniform in ±√(6 / (fan_in + fan_out)), which keeps the variance of tanh-like units and their gradients (Glorot and Bengio 2010).
    /// </summary>
    public static Initializer GlorotUniform { get; } = new ScaledUniform((fanIn, fanOut) => Math.Sqrt(6.0 / Math.Max(1, fanIn + fanOut)));

    /// <summary>Uniform in ±√(6 / fan_in), which keeps the variance of ReLU units (He et al. 2015).</summary>
    public static Initializer HeUniform { get; } = new ScaledUniform((fanIn, _) => Math.Sqrt(6.0 / Math.Max(1, fanIn)));

    /// <summary>Fills a tensor in place.</summary>
    /// <param name="tensor">A weight (out, in, …) or a vector.</param>
    /// <param name="rng">The random numbers to use.</param>
    public abstract void Fill(Tensor tensor, Rng rng);

    /// <summary>fan_in = shape[1]·receptive field, fan_out = shape[0]·receptive field; a vector counts as one row.</summary>
    private protected static (double FanIn, double FanOut) Fans(Shape shape)
    {
        if (shape.Rank < 2)
            return (shape.Count, 1);
        var receptiveField = shape[0] * shape[1] == 0 ? 0 : (double)shape.Count / (shape[0] * shape[1]);
        return (shape[1] * receptiveField, shape[0] * receptiveField);
    }

    private sealed class Constant(double value) : Initializer
    {
        public override void Fill(Tensor tensor, Rng rng) => tensor.FillInPlace(value);
    }

    private sealed class ScaledUniform(Func<double, double, double> bound) : Initializer
    {
        public override void Fill(Tensor tensor, Rng rng)
        {
            var (fanIn, fanOut) = Fans(tensor.Shape);
            var limit = bound(fanIn, fanOut);
            rng.FillUniform(tensor, -limit, limit);
        }
    }
}
