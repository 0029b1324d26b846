using Glia.Layers;

namespace Glia;

public sealed partial class Network
{
    /// <summary>x where positive, else α·(eˣ − 1); see <see cref="Layers.ELU"/>.</summary>
    public Network ELU(double alpha = 1, string? name = null) => Add(new ELU(alpha), name);

    /// <summary>x·Φ(x); see <see cref="Layers.GELU"/>.</summary>
    public Network GELU(bool approximate = false, string? name = null) => Add(new GELU(approximate), name);

    /// <summary>The first half of the channels or features, gated by the second; see <see cref="Layers.GLU"/>.</summary>
    public Network GLU(string? name = null) => Add(new GLU(), name);

    /// <summary>A straight line between 0 and 1; see <see cref="Layers.HardSigmoid"/>.</summary>
    public Network HardSigmoid(string? name = null) => Add(new HardSigmoid(), name);

    /// <summary>x·hardsigmoid(x); see <see cref="Layers.HardSwish"/>.</summary>
    public Network HardSwish(string? name = null) => Add(new HardSwish(), name);

    /// <summary>x cut off to an interval; see <see cref="Layers.HardTanh"/>.</summary>
    public Network HardTanh(double low = -1, double high = 1, string? name = null) => Add(new HardTanh(low, high), name);

    /// <summary>ln sigmoid(x); see <see cref="Layers.LogSigmoid"/>.</summary>
    public Network LogSigmoid(string? name = null) => Add(new LogSigmoid(), name);

    /// <summary>Logarithms of rows that sum to 1; see <see cref="Layers.LogSoftmax"/>.</summary>
    public Network LogSoftmax(string? name = null) => Add(new LogSoftmax(), name);

    /// <summary>x·tanh(softplus(x)); see <see cref="Layers.Mish"/>.</summary>
    public Network Mish(string? name = null) => Add(new Mish(), name);

    /// <summary>x where positive, else a learned slope times x; see <see cref="Layers.PReLU"/>.</summary>
    /// <param name="perChannel">Whether each channel learns a slope of its own; one for all by default.</param>
    /// <param name="initial">The slopes' first value; 0.25 by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network PReLU(bool perChannel = false, double initial = 0.25, string? name = null) =>
        Add(new PReLU(perChannel ? FirstAxis(nameof(PReLU), name) : 1, initial), name);

    /// <summary>min(max(0, x), 6); see <see cref="Layers.ReLU6"/>.</summary>
    public Network ReLU6(string? name = null) => Add(new ReLU6(), name);

    /// <summary>ELU scaled to keep mean 0 and variance 1; see <see cref="Layers.SELU"/>.</summary>
    public Network SELU(string? name = null) => Add(new SELU(), name);

    /// <summary>x / (1 + |x|); see <see cref="Layers.Softsign"/>.</summary>
    public Network Softsign(string? name = null) => Add(new Softsign(), name);
}
