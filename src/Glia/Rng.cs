using System.Numerics;

namespace Glia;

/// <summary>
/// Counter-based random numbers, Philox-4x32-10 (Salmon et al., <i>Parallel random numbers: as easy as 1, 2, 3</i>, 2011): number
/// i of a stream is a pure function of seed, stream and i, so that results do not depend on threads or on what else is drawn.
/// </summary>
public sealed class Rng
{
    private ulong _stream;
    private ulong _position;

    /// <summary>A generator for a seed.</summary>
    public Rng(ulong seed)
        : this(seed, 0)
    {
    }

    private Rng(ulong seed, ulong stream)
    {
        Seed = seed;
        _stream = stream;
    }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>An independent generator for a part of the work; the same number gives the same generator, whatever was drawn here.</summary>
    public Rng Split(ulong part) => new(Seed, StreamOf(part));

    /// <summary>An independent generator for a named part of the work, such as a layer's path.</summary>
    public Rng Split(string part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return Split(PartOf(part));
    }

    /// <summary>The number by which a named part is split: FNV-1a, since string.GetHashCode differs from run to run.</summary>
    internal static ulong PartOf(string name)
    {
        var hash = 14695981039346656037;
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }

    /// <summary>Becomes what <see cref="Split(ulong)"/> of another generator of the same seed gives.</summary>
    internal void BecomeSplit(Rng whole, ulong part) => (_stream, _position) = (whole.StreamOf(part), 0);

    /// <summary>The next number from [0, 1).</summary>
    public double NextDouble()
    {
        var word = Block(_position++);
        return (((ulong)word.A << 21) | (word.B >> 11)) * (1.0 / (1UL << 53));
    }

    /// <summary>The next whole number from 0 to <paramref name="exclusiveMaximum"/> − 1.</summary>
    public int NextInt(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        var word = Block(_position++);
        return (int)Math.BigMul(((ulong)word.A << 32) | word.B, (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Puts items into random order, in place (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>0, 1, …, <paramref name="count"/> − 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        var items = new int[count];
        for (var i = 0; i < count; i++)
            items[i] = i;
        Shuffle(items.AsSpan());
        return items;
    }

    internal void FillUniform(Tensor tensor, double low, double high)
    {
        if (tensor.DType == DType.Float32)
            FillUniform(tensor.Span<float>(), low, high);
        else
            FillUniform(tensor.Span<double>(), low, high);
    }

    internal void FillNormal(Tensor tensor, double mean, double std)
    {
        if (tensor.DType == DType.Float32)
            FillNormal(tensor.Span<float>(), mean, std);
        else
            FillNormal(tensor.Span<double>(), mean, std);
    }

    /// <summary>Float32 takes 24 bits of one word, four numbers a block; both types see the same leading bits.</summary>
    private void FillUniform<T>(Span<T> values, double low, double high)
        where T : IFloatingPointIeee754<T>
    {
        var first = T.CreateTruncating(low);
        var last = T.Max(first, T.BitDecrement(T.CreateTruncating(high)));
        for (var i = 0; i < values.Length; i += 4)
        {
            var (a, b, c, d) = Block(_position++);
            values[i] = Scale(a);
            if (i + 1 < values.Length)
                values[i + 1] = Scale(b);
            if (i + 2 < values.Length)
                values[i + 2] = Scale(c);
            if (i + 3 < values.Length)
                values[i + 3] = Scale(d);
        }

        // Rounding must not reach the end of the interval, which is not part of it.
        T Scale(uint word) => T.Min(T.CreateTruncating(low + ((high - low) * ((word >> 8) * (1.0 / (1 << 24))))), last);
    }

    /// <summary>Box–Muller: two words make two normal numbers.</summary>
    internal void FillNormal<T>(Span<T> values, double mean, double std)
        where T : IFloatingPoint<T>
    {
        for (var i = 0; i < values.Length; i += 4)
        {
            var (a, b, c, d) = Block(_position++);
            Pair(values[i..], a, b);
            if (i + 2 < values.Length)
                Pair(values[(i + 2)..], c, d);
        }

        void Pair(Span<T> to, uint word1, uint word2)
        {
            var radius = Math.Sqrt(-2 * Math.Log((word1 + 1.0) * (1.0 / 4294967296.0)));
            var (sin, cos) = Math.SinCos(2 * Math.PI * (word2 * (1.0 / 4294967296.0)));
            to[0] = T.CreateTruncating(mean + (std * radius * cos));
            if (to.Length > 1)
                to[1] = T.CreateTruncating(mean + (std * radius * sin));
        }
    }

    private ulong StreamOf(ulong part) => Mix(_stream ^ Mix(part + 0x9E3779B97F4A7C15));

    private (uint A, uint B, uint C, uint D) Block(ulong position) => Philox(position, _stream, Seed);

    internal static (uint A, uint B, uint C, uint D) Philox(ulong counterLow, ulong counterHigh, ulong key)
    {
        var (c0, c1) = ((uint)counterLow, (uint)(counterLow >> 32));
        var (c2, c3) = ((uint)counterHigh, (uint)(counterHigh >> 32));
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53UL * c0;
            var p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>The finaliser of SplitMix64, which spreads neighbouring numbers apart.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
