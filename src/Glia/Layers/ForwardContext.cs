namespace Glia.Layers;

/// <summary>
/// What a forward pass is for, handed explicitly to every layer: training or inference, and the random numbers of this step. No
/// global flags.
/// </summary>
public sealed class ForwardContext
{
    private readonly Rng? _rng;

    private ForwardContext(Rng? rng, Tensor? lengths = null)
    {
        _rng = rng;
        Lengths = lengths;
    }

    /// <summary>Inference: dropout passes everything, normalisation uses its running statistics.</summary>
    public static ForwardContext Inference { get; } = new(null);

    /// <summary>Training, with the random numbers of one step: <c>ForwardContext.Training(rng.Split(step))</c>.</summary>
    public static ForwardContext Training(Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return new ForwardContext(rng);
    }

    /// <summary>Whether this is a training pass.</summary>
    public bool IsTraining => _rng is not null;

    /// <summary>How many time steps of each sequence are valid, Int64 (batch,); null when all are. Recurrent layers take no notice of the others.</summary>
    public Tensor? Lengths { get; }

    /// <summary>The same context for sequences of which only the first steps are valid.</summary>
    /// <param name="lengths">The valid steps of each sequence, Int64 (batch,).</param>
    public ForwardContext WithLengths(Tensor lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        return new ForwardContext(_rng, lengths);
    }

    /// <summary>The random numbers of one layer in this step; they depend on its path in the model, not on the order of calls.</summary>
    /// <exception cref="InvalidOperationException">This is inference, which uses no random numbers.</exception>
    public Rng RngFor(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return (_rng ?? throw new InvalidOperationException("Random numbers are for training passes only.")).Split(module.Path);
    }
}
