using System.Numerics;

namespace Glia.Kernels;

/// <summary>When convolutions of 3 × 3 windows at a distance of 1 are computed by Winograd's algorithm: with a quarter of the multiplications, and twice the rounding error.</summary>
internal static class Winograd
{
    internal const string Variable = "GLIA_WINOGRAD";

    // Below these the maps to and from the frequencies cost more than the multiplications that they save. Many kernels, four times as large as frequencies, need more tiles.
    private const int FewChannels = 16;
    private const int FewTiles = 8;
    private const int EnoughTiles = 32;
    private const int KernelsPerTile = 2048;
    private const int GradientChannelsPerTile = 3;

    private static int _enabled = -1;

    /// <summary>Whether the algorithm is used where it is faster. The default is yes, or what <c>GLIA_WINOGRAD</c> says.</summary>
    /// <exception cref="InvalidOperationException"><c>GLIA_WINOGRAD</c> is neither 0 nor 1.</exception>
    public static bool IsEnabled
    {
        get => (_enabled >= 0 ? _enabled : _enabled = Parse(Environment.GetEnvironmentVariable(Variable)) ? 1 : 0) == 1;
        set => _enabled = value ? 1 : 0;
    }

    /// <summary>Whether this is the fastest way to planes of the given sizes: those of the output, or of the input for its gradient.</summary>
    public static bool Suits<T>(in ConvGeometry g, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) || g.Groups != 1 || g.Depth != WindowAxis.Unit || !IsPlain(g.Height) || !IsPlain(g.Width))
            return false;
        if (Math.Min(g.InChannels, g.OutChannels) < FewChannels || !IsEnabled)
            return false;
        var tiles = (long)Tiles(height) * Tiles(width);
        var needed = Math.Clamp((long)g.InChannels * g.OutChannels / KernelsPerTile, FewTiles, EnoughTiles);
        // A plane that fills its tiles badly has few positions for them.
        return tiles * g.Batch >= needed && 9 * tiles <= (long)height * width;
    }

    /// <summary>The same for the gradient of the kernels, whose sums need more tiles the more channels there are.</summary>
    public static bool SuitsKernelGradient<T>(in ConvGeometry g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Suits<T>(g, g.Height.Out, g.Width.Out) && (long)Tiles(g.Height.Out) * Tiles(g.Width.Out) * g.Batch * GradientChannelsPerTile >= Math.Max(g.InChannels, g.OutChannels);

    /// <summary>Tiles along an axis of so many positions.</summary>
    public static int Tiles(int size) => (size + 3) / 4;

    internal static bool Parse(string? value) => value?.Trim() switch
    {
        null or "" or "1" => true,
        "0" => false,
        _ => throw new InvalidOperationException($"{Variable} is '{value}'; use 1 to compute 3×3 convolutions by Winograd's algorithm, 0 not to, or leave it unset."),
    };

    private static bool IsPlain(WindowAxis axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 };
}
