namespace Glia.Layers;

/// <summary>The blocks that a recurrent layer's weights are stacked of.</summary>
public enum RecurrentGate
{
    /// <summary>What is proposed as the new state: g of an <see cref="Lstm"/>, n of a <see cref="Gru"/>, the only block of a <see cref="SimpleRnn"/>.</summary>
    Proposal,

    /// <summary>The input gate i of an <see cref="Lstm"/>.</summary>
    Input,

    /// <summary>The forget gate f of an <see cref="Lstm"/>.</summary>
    Forget,

    /// <summary>The output gate o of an <see cref="Lstm"/>.</summary>
    Output,

    /// <summary>The reset gate r of a <see cref="Gru"/>.</summary>
    Reset,

    /// <summary>The update gate z of a <see cref="Gru"/>.</summary>
    Update,
}
