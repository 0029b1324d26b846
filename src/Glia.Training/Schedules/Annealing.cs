namespace Glia.Training;

/// <summary>The way from one rate to another.</summary>
public enum Annealing
{
    /// <summary>Along half a cosine wave.</summary>
    Cosine,

    /// <summary>Along a line.</summary>
    Linear,
}
