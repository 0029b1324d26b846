namespace Glia.Initializers;

/// <summary>How initial weights are spread around 0.</summary>
public enum Distribution
{
    /// <summary>Evenly between −√3·σ and √3·σ.</summary>
    Uniform,

    /// <summary>Normally, with standard deviation σ.</summary>
    Normal,
}
