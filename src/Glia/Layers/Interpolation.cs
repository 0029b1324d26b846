namespace Glia.Layers;

/// <summary>What stands between the elements of an enlarged image.</summary>
public enum Interpolation
{
    /// <summary>The nearest element, repeated.</summary>
    Nearest,

    /// <summary>A weighted mean of the nearest two along each axis, pixels being areas whose centres are at the half numbers.</summary>
    Bilinear,
}
