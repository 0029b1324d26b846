using System.Runtime.Intrinsics.X86;

namespace Glia.Kernels;

/// <summary>Rows of a matrix that are brought near, some at a time, while something else is computed.</summary>
internal unsafe struct FetchAhead
{
    private const int LineBytes = 64;
    public static bool Off;

    /// <summary>The next row, and the distance to the one after it in bytes.</summary>
    public byte* Row;
    public nint Stride;

    /// <summary>How much of a row is wanted.</summary>
    public int Bytes;

    /// <summary>How many rows are left, and how many are fetched at a time.</summary>
    public int Rows;
    public int PerTile;

    /// <summary>Fetches the next rows into the second-level cache.</summary>
    public void Next()
    {
        if (!Sse.IsSupported || Off)
            return;
        for (var i = 0; i < PerTile && Rows > 0; i++, Rows--, Row += Stride)
        {
            for (nint at = 0; at < Bytes; at += LineBytes)
                Sse.Prefetch1(Row + at);
            // A piece that begins inside a line ends in one more.
            Sse.Prefetch1(Row + Bytes - 1);
        }
    }
}
