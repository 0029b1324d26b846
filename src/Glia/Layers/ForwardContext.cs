using Glia.Replay;

namespace Glia.Layers;

/// <summary>
/// What a forward pass is for, handed explicitly to every layer: training or inference, and the random numbers of this step. No
/// global flags.
/// </summary>
public sealed class ForwardContext
{
    private readonly Rng? _rng;

    private readonly LayerOutputs? _outputs;

    private ForwardContext(Rng? rng, Tensor? lengths = null, LayerOutputs? outputs = null, RecordedStates? states = null)
    {
        _rng = rng;
        _outputs = outputs;
        Lengths = lengths;
        States = states;
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
        return new ForwardContext(_rng, lengths, _outputs, States);
    }

    /// <summary>The same pass, with what the layers compute gathered in a list.</summary>
    /// <param name="outputs">The list, for this pass alone.</param>
    public ForwardContext WithOutputs(LayerOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return new ForwardContext(_rng, Lengths, outputs, States);
    }

    /// <summary>The same pass for a layer inside that has no time axis.</summary>
    internal ForwardContext WithoutLengths() => Lengths is null ? this : new ForwardContext(_rng, null, _outputs, States);

    /// <summary>The same pass, with the states of recurrent layers recorded step by step.</summary>
    internal ForwardContext WithStates(RecordedStates states) => new(_rng, Lengths, _outputs, states);

    /// <summary>Where recurrent layers put the state of every step; null when nobody asks.</summary>
    internal RecordedStates? States { get; }

    /// <summary>Whether outputs are gathered in this pass, so that every layer's must be computed by itself.</summary>
    internal bool GathersOutputs => _outputs is not null;

    /// <summary>
    /// Gathers the output of a module under its path, if the pass gathers outputs: <c>h = context.Gather(_hidden, _hidden.Forward(x, context))</c> in the
    /// Forward of a free-form module. Networks and blocks do so for the layers inside them.
    /// </summary>
    /// <param name="module">The module that computed it.</param>
    /// <param name="output">What it computed.</param>
    /// <returns>The same tensor.</returns>
    public Tensor Gather(Module module, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(output);
        _outputs?.Add(module.Path, output);
        return Tracing.Tracer.Leave(module, output);
    }

    /// <summary>The random numbers of one layer in this step; they depend on its path in the model, not on the order of calls.</summary>
    /// <exception cref="InvalidOperationException">This is inference, which uses no random numbers.</exception>
    public Rng RngFor(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return RngFor(module.Path);
    }

    /// <summary>The same for a part of a module that has a path of its own.</summary>
    internal Rng RngFor(string path)
    {
        var step = _rng ?? throw new InvalidOperationException("Random numbers are for training passes only.");
        var part = Rng.PartOf(path);
        return Recorder.Source(step.Split(part), part);
    }
}
