using System.Runtime.InteropServices;

namespace Glia.Fuzz;

/// <summary>Which branches of the instrumented assemblies an input went through, and how often; all zeros where none is instrumented.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private readonly byte* _map;
    private readonly byte[] _seen = new byte[Size];

    public Coverage()
    {
        _map = (byte*)NativeMemory.AllocZeroed(Size);
        SharpFuzz.Common.Trace.SharedMem = _map;
    }

    /// <summary>The places that were ever reached.</summary>
    public int Places => _seen.Count(b => b != 0);

    public void Reset() => new Span<byte>(_map, Size).Clear();

    /// <summary>Whether the input went where none before had gone, or another number of times (in powers of two).</summary>
    public bool IsNew()
    {
        var isNew = false;
        var map = new ReadOnlySpan<byte>(_map, Size);
        for (var i = map.IndexOfAnyExcept((byte)0); i >= 0;)
        {
            var bucket = (byte)(1 << System.Numerics.BitOperations.Log2(map[i]));
            isNew |= (_seen[i] & bucket) == 0;
            _seen[i] |= bucket;
            var next = map[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return isNew;
    }
}
