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

    /// <summary>How many time steps of each sample of the batch are valid, (batch,) Int64; null when all are.</summary>
    public Tensor? Lengths { get; }

    /// <summary>The same pass over samples of which only the first time steps are valid.</summary>
    /// <param name="lengths">The number of valid time steps of each sample, (batch,) Int64.</param>
    /// <exception cref="ShapeException">The lengths have more or fewer than one axis.</exception>
    /// <exception cref="ArgumentException">The lengths are not Int64.</exception>
    public ForwardContext WithLengths(Tensor lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Rank != 1)
            throw ShapeException.Of(nameof(ForwardContext), "one length for each sample, (batch,),", $"{lengths.Shape}");
        if (lengths.DType != DType.Int64)
            throw new ArgumentException($"ForwardContext expects lengths of type Int64 but got {lengths.DType}. Convert them with To(DType.Int64).");
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
