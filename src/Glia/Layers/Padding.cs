using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// How many elements are put around an input before a window moves over it: one number for every side, one per axis, one per side
/// (<see cref="Sides"/>), none (<see cref="Valid"/>), or as many as keep the size (<see cref="Same"/>).
/// </summary>
public readonly record struct Padding
{
    private const int MaxAxes = 3;

    private readonly (int Before, int After) _first, _second, _third;
    private readonly int _count;
    private readonly bool _isSame;

    private Padding(ReadOnlySpan<(int Before, int After)> axes)
    {
        if (axes.Length is 0 or > MaxAxes)
            throw new ArgumentException($"Padding expects one to {MaxAxes} axes but got {axes.Length}.");
        foreach (var (before, after) in axes)
        {
            if (before < 0 || after < 0)
                throw new ArgumentException($"Padding expects amounts of 0 or more but got {before} before and {after} after.");
        }
        _count = axes.Length;
        _first = axes[0];
        _second = axes.Length > 1 ? axes[1] : default;
        _third = axes.Length > 2 ? axes[2] : default;
    }

    private Padding(bool isSame) => _isSame = isSame;

    /// <summary>None: windows lie inside the input. The default.</summary>
    public static Padding Valid => default;

    /// <summary>
    /// As much as makes the output ⌈in / stride⌉ large: with stride 1 the size stays. An odd amount puts the extra element after the input.
    /// </summary>
    public static Padding Same { get; } = new(isSame: true);

    /// <summary>One number for every side.</summary>
    public static implicit operator Padding(int padding) => new([(padding, padding)]);

    /// <summary>One number for above and below, one for left and right.</summary>
    public static implicit operator Padding((int Rows, int Columns) padding) =>
        new([(padding.Rows, padding.Rows), (padding.Columns, padding.Columns)]);

    /// <summary>One number per axis: depth, rows, columns.</summary>
    public static implicit operator Padding((int Depth, int Rows, int Columns) padding) =>
        new([(padding.Depth, padding.Depth), (padding.Rows, padding.Rows), (padding.Columns, padding.Columns)]);

    /// <summary>One number for above and below, one for left and right.</summary>
    public static implicit operator Padding(Size2D padding) => (padding.Height, padding.Width);

    /// <summary>One number per axis.</summary>
    public static implicit operator Padding(Size3D padding) => (padding.Depth, padding.Height, padding.Width);

    /// <summary>
    /// Amounts before and after the input along each axis, the outermost first: ((above, below), (left, right)) for images. One pair stands for
    /// every axis.
    /// </summary>
    /// <exception cref="ArgumentException">An amount is negative, or there are more than three axes.</exception>
    public static Padding Sides(params ReadOnlySpan<(int Before, int After)> axes) => new(axes);

    internal bool IsSame => _isSame;

    /// <summary>"0", "1×2", "(1, 0)×(2, 1)" or "same".</summary>
    public override string ToString()
    {
        if (_isSame)
            return "same";
        var parts = new string[Math.Max(1, _count)];
        for (var i = 0; i < parts.Length; i++)
        {
            var (before, after) = this[i];
            parts[i] = before == after ? $"{before}" : $"({before}, {after})";
        }
        return string.Join('×', parts);
    }

    /// <summary>The amounts along an axis, when they are given as numbers.</summary>
    internal (int Before, int After) this[int axis] => _count == 1 ? _first : axis switch
    {
        0 => _first,
        1 => _second,
        _ => _third,
    };

    internal void RequireAxes(int axes)
    {
        if (_count > 1 && _count != axes)
            throw new ArgumentException($"A padding for {axes} {(axes == 1 ? "axis" : "axes")} was expected but got {this}. Give one number, one per axis, or Padding.Sides(…).");
    }

    internal void RequireNumbers(string who, int axes)
    {
        if (_isSame)
            throw new ArgumentException($"{who} expects amounts in numbers but got {this}.");
        RequireAxes(axes);
    }

    internal void Write(Utf8JsonWriter writer, int axes)
    {
        if (_isSame)
        {
            writer.WriteString("padding", "same");
            return;
        }
        var isSymmetric = _first.Before == _first.After && _second.Before == _second.After && _third.Before == _third.After;
        writer.WriteStartArray("padding");
        for (var i = 0; i < axes; i++)
        {
            writer.WriteNumberValue(this[i].Before);
            if (!isSymmetric)
                writer.WriteNumberValue(this[i].After);
        }
        writer.WriteEndArray();
    }
}
