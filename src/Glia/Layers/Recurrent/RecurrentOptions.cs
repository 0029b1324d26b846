namespace Glia.Layers;

/// <summary>The settings that all recurrent layers have.</summary>
public abstract record RecurrentOptions
{
    private protected RecurrentOptions()
    {
    }

    /// <summary>Whether the layer gives the output of every time step, or of the last valid one alone; the last by default.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>
    /// Whether the state is kept from one call to the next, without its history, until <see cref="Module.ResetState"/>; else every call starts
    /// from zeros, as by default.
    /// </summary>
    public bool Stateful { get; init; }

    /// <summary>Whether biases are added; true by default.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>
    /// The probability with which training drops an element of the state before its product, the same elements at every step (Gal and Ghahramani
    /// 2016); from 0 (the default) up to but not including 1.
    /// </summary>
    public double RecurrentDropout { get; init; }
}

/// <summary>The settings of a <see cref="SimpleRnn"/>.</summary>
public sealed record SimpleRnnOptions : RecurrentOptions
{
    /// <summary>σ_h, applied to the new state; tanh by default.</summary>
    public Activation Activation { get; init; } = new Tanh();

    /// <summary>The number of outputs y = σ_y(W_hy·h + b_y); null, the default, gives h itself.</summary>
    public int? Outputs { get; init; }

    /// <summary>σ_y, applied to the outputs; none by default.</summary>
    public Activation? OutputActivation { get; init; }
}

/// <summary>The settings of an <see cref="Lstm"/>.</summary>
public sealed record LstmOptions : RecurrentOptions
{
    /// <summary>σ_y, applied to the cell for the output; tanh by default.</summary>
    public Activation Activation { get; init; } = new Tanh();

    /// <summary>The initial bias of the forget gate; 1 by default, so that a new network remembers.</summary>
    public double ForgetBias { get; init; } = 1;

    /// <summary>The size of the hidden state when it is a projection of the cell's, h = W_hr·(o·σ_y(c)) (Sak et al. 2014); null, the default, for none.</summary>
    public int? Projection { get; init; }

    /// <summary>Whether the gates see the cell, i and f the one before the step and o the one after it (Gers and Schmidhuber 2000); not by default.</summary>
    public bool Peephole { get; init; }

    /// <summary>Whether the products with the input and with the state, and the cell, are normalised (Ba et al. 2016); not by default.</summary>
    public bool LayerNorm { get; init; }
}

/// <summary>The settings of a <see cref="Gru"/>.</summary>
public sealed record GruOptions : RecurrentOptions;
