using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// A recurrent layer in both directions of time (Schuster and Paliwal 1997): one of two layers of the same settings reads the sequence from its first
/// step, the other from its last valid one. Their outputs of each time, or their last outputs, are joined or added. Without
/// <see cref="RecurrentLayer.ReturnSequences"/> the backward layer's last output is the one at the first time step, when it has read everything.
/// </summary>
public sealed class Bidirectional : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="layer">The layer that reads forwards; another one of the same settings, with weights of its own, reads backwards.</param>
    /// <param name="merge">Whether the outputs are joined (the default), forward ones first, or added.</param>
    public Bidirectional(RecurrentLayer layer, BranchMerge merge = BranchMerge.Concat)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (merge is not (BranchMerge.Concat or BranchMerge.Add))
            throw new ArgumentOutOfRangeException(nameof(merge), merge, "Bidirectional knows Concat and Add.");
        ForwardLayer = Add("forward", layer);
        BackwardLayer = Add("backward", layer.Twin());
        Merge = merge;
    }

    /// <summary>The layer that reads from the first step on.</summary>
    public RecurrentLayer ForwardLayer { get; }

    /// <summary>The layer that reads from the last valid step backwards.</summary>
    public RecurrentLayer BackwardLayer { get; }

    /// <summary>How the outputs become one.</summary>
    public BranchMerge Merge { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input[0] == 0 || input[1] != ForwardLayer.InputSize)
            throw ShapeException.Of(Describe(), $"(time, {ForwardLayer.InputSize}) with at least one step", $"input {input}");
        var one = ForwardLayer.OutputShape(input);
        return Merge == BranchMerge.Add ? one : one.With(-1, Windows.Saturate(2L * one[-1]));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return Merged(ForwardLayer.Forward(input, context, isReverse: false), BackwardLayer.Forward(input, context, isReverse: true));
    }

    /// <summary>Runs both layers from states on, and gives all outputs and the states at the end; gradients flow through both.</summary>
    /// <param name="input">(batch, time, features).</param>
    /// <param name="forward">The forward layer's state before the first step; zeros when null.</param>
    /// <param name="backward">The backward layer's state before its first step, at the last valid time; zeros when null.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    /// <exception cref="ShapeException">Input or state has a wrong shape.</exception>
    public BidirectionalOutput Run(Tensor input, RecurrentState? forward = null, RecurrentState? backward = null, ForwardContext? context = null)
    {
        OutputShape(SampleOf(input));
        context ??= ForwardContext.Inference;
        var ahead = ForwardLayer.Run(input, forward, context, isReverse: false);
        var back = BackwardLayer.Run(input, backward, context, isReverse: true);
        return new(Merged(ahead.Sequence, back.Sequence), Merged(ahead.Last, back.Last), ahead.State, back.State);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteString("merge", Merge == BranchMerge.Concat ? "concat" : "add");
        writer.WriteStartArray("layers");
        LayerCatalog.Write(writer, ForwardLayer);
        writer.WriteEndArray();
    }

    private Tensor Merged(Tensor ahead, Tensor back) => Merge == BranchMerge.Concat ? Tensor.Concat(-1, ahead, back) : ahead + back;
}

/// <summary>What a <see cref="Bidirectional"/> layer computed.</summary>
/// <param name="Sequence">The merged outputs of every time step; 0 beyond a sequence's length.</param>
/// <param name="Last">The merged last outputs of both layers.</param>
/// <param name="ForwardState">The forward layer's final state.</param>
/// <param name="BackwardState">The backward layer's final state, at the first time step.</param>
public sealed record BidirectionalOutput(Tensor Sequence, Tensor Last, RecurrentState ForwardState, RecurrentState BackwardState);
