namespace Glia.Layers;

/// <summary>What a recurrent layer carries from one time step to the next.</summary>
/// <param name="Hidden">h, (batch, hidden).</param>
/// <param name="Cell">c, (batch, cell), of an <see cref="Lstm"/>; null for other layers.</param>
public sealed record RecurrentState(Tensor Hidden, Tensor? Cell = null)
{
    /// <summary>The same values outside the graph: gradients stop here, as at the edge of a window of truncated back-propagation through time.</summary>
    public RecurrentState Detach() => new(Hidden.Detach(), Cell?.Detach());

    /// <summary>A copy outside the graph that no <see cref="TensorScope"/> gives back.</summary>
    public RecurrentState Copy() => new(Hidden.Clone(), Cell?.Clone());
}

/// <summary>What a recurrent layer computed.</summary>
/// <param name="Sequence">The output of every step, (batch, time, outputs); 0 beyond a sequence's length.</param>
/// <param name="Last">The output of the last valid step, (batch, outputs); for a layer that runs backwards, of the first.</param>
/// <param name="State">The state after that step.</param>
public sealed record RecurrentOutput(Tensor Sequence, Tensor Last, RecurrentState State);
