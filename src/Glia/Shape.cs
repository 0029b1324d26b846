using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Glia;

/// <summary>The sizes of a tensor along its axes; <c>()</c> is a single number. Immutable.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private const int MaxRank = Kernels.Strided.MaxRank;

    private readonly int[]? _sizes;

    /// <summary>Creates a shape from sizes, outermost axis first.</summary>
    /// <exception cref="ArgumentException">A size is negative, there are more than 16, or the number of elements exceeds an array's limit.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
        : this(sizes.ToArray())
    {
    }

    private Shape(int[] sizes)
    {
        if (sizes.Length > MaxRank)
            throw new ArgumentException($"A shape has at most {MaxRank} axes, but got {sizes.Length}.");
        long count = 1;
        foreach (var size in sizes)
        {
            if (size < 0)
                throw new ArgumentException($"A shape cannot have a negative size, but got {Format(sizes)}.");
            count *= size;
            if (count > Array.MaxLength)
                throw new ArgumentException($"A tensor holds at most {Array.MaxLength} elements, but {Format(sizes)} has more.");
        }
        _sizes = sizes;
        Count = (int)count;
    }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new(Array.Empty<int>());

    /// <summary>The number of axes.</summary>
    public int Rank => _sizes?.Length ?? 0;

    /// <summary>The number of elements: the product of the sizes; 1 for a single number.</summary>
    public int Count => _sizes is null ? 1 : field;

    /// <summary>The sizes, outermost axis first.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The size along an axis; negative axes count from the end, −1 being the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public int this[int axis] => _sizes![NormalizeAxis(axis)];

    /// <summary>The size along an axis, <c>^1</c> being the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public int this[Index axis] => this[axis.IsFromEnd && axis.Value > 0 ? -axis.Value : axis.GetOffset(Rank)];

    /// <summary>Turns a possibly negative axis into one from 0 to <see cref="Rank"/> − 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public int NormalizeAxis(int axis)
    {
        var normalized = axis < 0 ? axis + Rank : axis;
        if ((uint)normalized >= (uint)Rank)
            ThrowNoAxis(axis);
        return normalized;
    }

    /// <summary>This shape with another size along one axis.</summary>
    public Shape With(int axis, int size)
    {
        var sizes = Sizes.ToArray();
        sizes[NormalizeAxis(axis)] = size;
        return new Shape(sizes);
    }

    /// <summary>This shape without one axis.</summary>
    public Shape Without(int axis)
    {
        axis = NormalizeAxis(axis);
        var sizes = new int[Rank - 1];
        Sizes[..axis].CopyTo(sizes);
        Sizes[(axis + 1)..].CopyTo(sizes.AsSpan(axis));
        return new Shape(sizes);
    }

    /// <summary>This shape with an axis put in front, such as a batch before a sample's shape.</summary>
    public Shape Prepend(int size) => new([size, .. Sizes]);

    /// <summary>The sizes from <paramref name="start"/> on.</summary>
    public Shape From(int start) => new(Sizes[start..].ToArray());

    /// <summary>
    /// The common shape of two operands: aligned at the innermost axis, sizes must be equal or one of them 1 (or missing).
    /// </summary>
    /// <returns>False when the shapes do not broadcast.</returns>
    public static bool TryBroadcast(Shape a, Shape b, out Shape result)
    {
        if (a == b)
        {
            result = a;
            return true;
        }
        var sizes = new int[Math.Max(a.Rank, b.Rank)];
        for (var i = 1; i <= sizes.Length; i++)
        {
            var x = i <= a.Rank ? a.Sizes[^i] : 1;
            var y = i <= b.Rank ? b.Sizes[^i] : 1;
            if (x != y && x != 1 && y != 1)
            {
                result = default;
                return false;
            }
            sizes[^i] = x == 1 ? y : x;
        }
        result = new Shape(sizes);
        return true;
    }

    /// <summary>Row-major steps, 0 along the axes that broadcast to <paramref name="target"/>; aligned at the innermost axis.</summary>
    internal int[] BroadcastStrides(Shape target)
    {
        var strides = new int[target.Rank];
        BroadcastStrides(target, strides);
        return strides;
    }

    /// <summary>The same into memory of the caller, as long as the target has axes.</summary>
    internal void BroadcastStrides(Shape target, Span<int> strides)
    {
        strides.Clear();
        var step = 1;
        for (var i = 1; i <= Rank; i++)
        {
            strides[^i] = Sizes[^i] == 1 && target.Sizes[^i] != 1 ? 0 : step;
            step *= Sizes[^i];
        }
    }

    internal int[] Strides() => BroadcastStrides(this);

    /// <inheritdoc/>
    public bool Equals(Shape other) => ReferenceEquals(_sizes, other._sizes) || Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var size in Sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>A shape from its sizes.</summary>
    public static implicit operator Shape(int[] sizes) => new((int[])sizes.Clone());

    /// <summary>A shape of one axis.</summary>
    public static implicit operator Shape(int size) => new([size]);

    /// <summary>A shape of two axes.</summary>
    public static implicit operator Shape((int First, int Second) sizes) => new([sizes.First, sizes.Second]);

    /// <summary>A shape of three axes.</summary>
    public static implicit operator Shape((int First, int Second, int Third) sizes) => new([sizes.First, sizes.Second, sizes.Third]);

    /// <summary>A shape of four axes.</summary>
    public static implicit operator Shape((int First, int Second, int Third, int Fourth) sizes) =>
        new([sizes.First, sizes.Second, sizes.Third, sizes.Fourth]);

    /// <summary>The sizes in parentheses: <c>(32, 100)</c>, <c>(5,)</c> for one axis, <c>()</c> for a single number.</summary>
    public override string ToString() => Format(Sizes);

    private static string Format(ReadOnlySpan<int> sizes)
    {
        if (sizes.Length == 1)
            return string.Create(CultureInfo.InvariantCulture, $"({sizes[0]},)");
        return "(" + string.Join(", ", sizes.ToArray().Select(s => s.ToString(CultureInfo.InvariantCulture))) + ")";
    }

    private void ThrowNoAxis(int axis) =>
        throw new ArgumentOutOfRangeException(
            nameof(axis), axis, $"Shape {this} has {(Rank == 0 ? "no axes" : $"axes {-Rank} to {Rank - 1}")}, but axis {axis} was asked for.");
}
