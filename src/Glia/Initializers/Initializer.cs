using Glia.Layers;

namespace Glia.Initializers;

/// <summary>
/// Fills a new parameter with its first values. For a weight (out, in, …), fan_in = in·r and fan_out = out·r are the numbers of connections
/// into and out of a unit, with r the size of a convolution's kernel.
/// </summary>
public abstract class Initializer
{
    /// <summary>Zeros: for biases. A hidden layer that starts at zero cannot learn, since all its units stay alike.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>Ones: for the scale of a normalisation.</summary>
    public static Initializer Ones { get; } = new ConstantInitializer(1);

    /// <summary>
    /// Uniform in ±√(6 / (fan_in + fan_out)), which keeps the variance of tanh-like units and their gradients (Glorot and Bengio 2010).
    /// </summary>
    public static Initializer GlorotUniform { get; } = Glorot();

    /// <summary>Normal with σ = √(2 / (fan_in + fan_out)).</summary>
    public static Initializer GlorotNormal { get; } = Glorot(distribution: Distribution.Normal);

    /// <summary>Uniform in ±√(6 / fan_in), which keeps the variance of ReLU units (He et al. 2015).</summary>
    public static Initializer HeUniform { get; } = He();

    /// <summary>Normal with σ = √(2 / fan_in).</summary>
    public static Initializer HeNormal { get; } = He(distribution: Distribution.Normal);

    /// <summary>Uniform in ±√(3 / fan_in), which keeps the variance of linear and of SELU units (LeCun et al. 1998).</summary>
    public static Initializer LeCunUniform { get; } = LeCun();

    /// <summary>Normal with σ = √(1 / fan_in).</summary>
    public static Initializer LeCunNormal { get; } = LeCun(distribution: Distribution.Normal);

    /// <summary>The same number everywhere.</summary>
    public static Initializer Constant(double value) => new ConstantInitializer(value);

    /// <summary>Uniform between two numbers.</summary>
    /// <param name="low">The smallest; −0.5 by default.</param>
    /// <param name="high">The largest; 0.5 by default.</param>
    /// <exception cref="ArgumentException">A bound is not finite, or the lower one is above the other.</exception>
    public static Initializer Uniform(double low = -0.5, double high = 0.5) => new UniformInitializer(low, high);

    /// <summary>Normally distributed numbers.</summary>
    /// <param name="mean">Their mean; 0 by default.</param>
    /// <param name="std">Their standard deviation; 1 by default, which is large for weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is negative or not finite.</exception>
    public static Initializer Normal(double mean = 0, double std = 1) => new NormalInitializer(mean, std);

    /// <summary>Normally distributed numbers of which those beyond two bounds are drawn again.</summary>
    /// <param name="mean">The mean before truncation; 0 by default.</param>
    /// <param name="std">The standard deviation before truncation; 1 by default.</param>
    /// <param name="low">The smallest number; −2 by default.</param>
    /// <param name="high">The largest number; 2 by default.</param>
    /// <exception cref="ArgumentException">The standard deviation is not positive, or the bounds are not in order.</exception>
    public static Initializer TruncatedNormal(double mean = 0, double std = 1, double low = -2, double high = 2) =>
        new TruncatedNormalInitializer(mean, std, low, high);

    /// <summary>Glorot's (Xavier's) weights, σ = gain·√(2 / (fan_in + fan_out)).</summary>
    /// <param name="gain">A factor for the activation that follows, see <see cref="GainOf"/>; 1 by default.</param>
    /// <param name="distribution">Uniform by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initializer Glorot(double gain = 1, Distribution distribution = Distribution.Uniform) =>
        new ScaledInitializer(gain, FanMode.Average, distribution);

    /// <summary>He's (Kaiming's) weights, σ = gain / √fan.</summary>
    /// <param name="gain">A factor for the activation that follows, see <see cref="GainOf"/>; √2 by default, for ReLU.</param>
    /// <param name="mode">Which connections count; those into a unit by default.</param>
    /// <param name="distribution">Uniform by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initializer He(double gain = 1.4142135623730951, FanMode mode = FanMode.In, Distribution distribution = Distribution.Uniform) =>
        new ScaledInitializer(gain, mode, distribution);

    /// <summary>LeCun's weights, σ = gain / √fan.</summary>
    /// <param name="gain">A factor for the activation that follows; 1 by default.</param>
    /// <param name="mode">Which connections count; those into a unit by default.</param>
    /// <param name="distribution">Uniform by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initializer LeCun(double gain = 1, FanMode mode = FanMode.In, Distribution distribution = Distribution.Uniform) =>
        new ScaledInitializer(gain, mode, distribution);

    /// <summary>
    /// A random orthogonal matrix, evenly distributed among all of them (Saxe et al. 2014): W·Wᵀ = gain²·I, or Wᵀ·W = gain²·I with more rows than columns. Axes
    /// after the first count as one.
    /// </summary>
    /// <param name="gain">A factor; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initializer Orthogonal(double gain = 1) => new OrthogonalInitializer(gain);

    /// <summary>gain on the diagonal of a matrix, 0 elsewhere: the layer passes its input on.</summary>
    /// <param name="gain">A factor; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initializer Identity(double gain = 1) => new IdentityInitializer(gain);

    /// <summary>
    /// The factor by which weights before an activation are made larger so that variances stay: √2 for ReLU, √(2 / (1 + slope²)) for LeakyReLU, 5/3 for
    /// tanh, 1 for others.
    /// </summary>
    public static double GainOf(Activation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        return activation switch
        {
            ReLU => Math.Sqrt(2),
            LeakyReLU leaky => Math.Sqrt(2 / (1 + (leaky.Slope * leaky.Slope))),
            Tanh => 5.0 / 3,
            _ => 1,
        };
    }

    /// <summary>Fills a tensor in place.</summary>
    /// <param name="tensor">A weight (out, in, …) or a vector.</param>
    /// <param name="rng">The random numbers to use.</param>
    public abstract void Fill(Tensor tensor, Rng rng);

    /// <summary>fan_in = shape[1]·receptive field, fan_out = shape[0]·receptive field; a vector counts as one row.</summary>
    internal static (double FanIn, double FanOut) Fans(Shape shape)
    {
        if (shape.Rank < 2)
            return (shape.Count, 1);
        var receptiveField = shape[0] * shape[1] == 0 ? 0 : (double)shape.Count / (shape[0] * shape[1]);
        return (shape[1] * receptiveField, shape[0] * receptiveField);
    }

    private protected static double RequireScale(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or a positive finite number.");
}
