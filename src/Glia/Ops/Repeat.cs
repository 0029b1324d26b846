namespace Glia;

public partial class Tensor
{
    /// <summary>The elements repeated as a whole along each axis.</summary>
    /// <param name="times">How often, for each axis; more of them than axes put new axes in front.</param>
    /// <exception cref="ArgumentException">There are fewer numbers than axes, or one is negative.</exception>
    public Tensor Repeat(params ReadOnlySpan<int> times)
    {
        if (times.Length < Rank || times.ContainsAnyInRange(int.MinValue, -1))
            throw new ArgumentException($"Repeat of shape {Shape} expects a number of at least 0 for each of {Rank} axes but got ({string.Join(", ", times.ToArray())}).");
        var lead = times.Length - Rank;
        var (folded, spread, result) = (new int[2 * times.Length], new int[2 * times.Length], new int[times.Length]);
        for (var d = 0; d < times.Length; d++)
        {
            var size = d < lead ? 1 : Shape.Sizes[d - lead];
            (folded[2 * d], folded[(2 * d) + 1]) = (1, size);
            (spread[2 * d], spread[(2 * d) + 1]) = (times[d], size);
            result[d] = times[d] * size;
        }
        return Reshape(new Shape(folded)).BroadcastTo(new Shape(spread)).Reshape(new Shape(result));
    }
}
