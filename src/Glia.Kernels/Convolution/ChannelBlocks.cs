using System.Numerics;

namespace Glia.Kernels;

/// <summary>Channels cut into blocks of the tile's columns: four vectors where there are registers for them, and two or one for a short last block.</summary>
internal readonly struct ChannelBlocks<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ManyRegisters = 12;

    private readonly int _channels;

    public ChannelBlocks(int channels) => _channels = channels;

    private static int Full => (TKernel.Rows == ManyRegisters ? 4 : 2) * S.Count;

    public int Count => (_channels - 1) / Full + 1;

    /// <summary>Columns of all blocks together.</summary>
    public int Columns => First(Count - 1) + Width(Count - 1);

    /// <summary>Whether most of the computed columns are channels; nearly all where there is but one vector of them, which is not as fast.</summary>
    public bool AreFull => _channels > S.Count ? 4 * _channels >= 3 * Columns : S.Count > 1 && 8 * _channels >= 7 * S.Count;

    public static int First(int block) => block * Full;

    /// <summary>Columns computed for a block.</summary>
    public int Width(int block) => (_channels - First(block)) switch
    {
        var left when left > 2 * S.Count => Full,
        var left when left > S.Count => 2 * S.Count,
        _ => S.Count,
    };

    /// <summary>Channels of a block.</summary>
    public int Channels(int block) => Math.Min(Full, _channels - First(block));
}
