using Glia.Layers;

namespace Glia;

public sealed partial class Network
{
    /// <summary>A simple recurrent layer over samples (time, features); see <see cref="Layers.SimpleRnn"/>.</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="returnSequences">Whether every step's output is given, as the next recurrent layer needs it; the last one's alone by default.</param>
    /// <param name="options">Other settings.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network SimpleRnn(int units, bool returnSequences = false, SimpleRnnOptions? options = null, string? name = null) =>
        Add(new SimpleRnn(StepFeatures(nameof(SimpleRnn), name), units, With(options ?? new(), returnSequences)), name);

    /// <summary>Long short-term memory over samples (time, features); see <see cref="Layers.Lstm"/>.</summary>
    /// <inheritdoc cref="SimpleRnn"/>
    public Network Lstm(int units, bool returnSequences = false, LstmOptions? options = null, string? name = null) =>
        Add(new Lstm(StepFeatures(nameof(Lstm), name), units, With(options ?? new(), returnSequences)), name);

    /// <summary>Gated recurrent units over samples (time, features); see <see cref="Layers.Gru"/>.</summary>
    /// <inheritdoc cref="SimpleRnn"/>
    public Network Gru(int units, bool returnSequences = false, GruOptions? options = null, string? name = null) =>
        Add(new Gru(StepFeatures(nameof(Gru), name), units, With(options ?? new(), returnSequences)), name);

    /// <summary>A recurrent layer in both directions of time: <c>.Bidirectional(b => b.Lstm(64, returnSequences: true))</c>; see <see cref="Layers.Bidirectional"/>.</summary>
    /// <param name="layer">Adds one recurrent layer.</param>
    /// <param name="merge">Whether the outputs are joined (the default) or added.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ArgumentException">Something other than one recurrent layer was added.</exception>
    public Network Bidirectional(Func<Network, Network> layer, BranchMerge merge = BranchMerge.Concat, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var branch = layer(new Network(_shape, $"{_prefix}{NameFor(nameof(Layers.Bidirectional), name)}."));
        return branch._layers is [{ Layer: RecurrentLayer recurrent }]
            ? Add(new Bidirectional(recurrent, merge), name)
            : throw new ArgumentException($"Bidirectional expects one recurrent layer but got {(branch._layers.Count == 0 ? "none" : string.Join(", ", branch._layers.Select(l => l.Layer.GetType().Name)))}. Add layers around it outside.");
    }

    private static T With<T>(T options, bool returnSequences)
        where T : RecurrentOptions => returnSequences ? options with { ReturnSequences = true } : options;

    private int StepFeatures(string kind, string? name) =>
        _shape.Rank == 2 ? _shape[1] : throw ShapeException.Of(Describe(kind, name), "samples (time, features)", $"{_shape}", "Does the layer before it return only its last step? Give it returnSequences: true.");
}
