using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>What adaptive pooling over one to three axes has in common: a number of cells that does not depend on the input's size.</summary>
public abstract class AdaptivePool : Layer
{
    private readonly int[] _outputSize;

    private protected AdaptivePool(int[] outputSize)
    {
        if (Array.Exists(outputSize, s => s <= 0))
            throw new ArgumentOutOfRangeException(nameof(outputSize), Windows.Format(outputSize), $"{GetType().Name} expects a positive output size.");
        _outputSize = outputSize;
    }

    /// <summary>The number of cells along each axis, the outermost first.</summary>
    public IReadOnlyList<int> OutputSize => _outputSize;

    private string AxisNames => Windows.NamesOf(_outputSize.Length);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == _outputSize.Length + 1 && !input.Sizes[1..].Contains(0)
        ? new([input[0], .. _outputSize])
        : throw ShapeException.Of(Describe(), $"(channels, {AxisNames})", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank != _outputSize.Length + 2)
            throw ShapeException.Of(Describe(), $"(batch, channels, {AxisNames})", $"input {input.Shape}");
        OutputShape(SampleOf(input));
        var sizes = input.Shape.Sizes[2..].ToArray();
        if (sizes.Zip(_outputSize).All(s => s.First % s.Second == 0))
        {
            int[] windows = [1, 1, .. sizes.Zip(_outputSize, (size, cells) => size / cells)];
            int[] all = [1, 1, .. sizes];
            return Pool(input, new(input.Shape[0] * input.Shape[1], Axis(^3), Axis(^2), Axis(^1)));

            WindowAxis Axis(Index i) => new(all[i], windows[i], windows[i]);
        }
        for (var i = 0; i < _outputSize.Length; i++)
            input = PoolAlong(input, i + 2, _outputSize[i]);
        return input;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => Windows.Write(writer, "outputSize", _outputSize);

    /// <summary>Pools by windows of one size, which the cells are when their number divides the input's size.</summary>
    private protected abstract Tensor Pool(Tensor input, PoolGeometry geometry);

    private protected abstract Tensor PoolAlong(Tensor input, int axis, int cells);

    /// <summary>The mean of each cell along one axis, as a product with a matrix of shares.</summary>
    private protected static Tensor MeansAlong(Tensor input, int axis, int cells)
    {
        var size = input.Shape[axis];
        var shares = new double[cells, size];
        for (var i = 0; i < cells; i++)
        {
            var (start, end) = Cell(i, size, cells);
            for (var j = start; j < end; j++)
                shares[i, j] = 1.0 / (end - start);
        }
        return Tensor.Mix(input, axis, shares);
    }

    private protected static Tensor LargestAlong(Tensor input, int axis, int cells)
    {
        var parts = new Tensor[cells];
        for (var i = 0; i < cells; i++)
        {
            var (start, end) = Cell(i, input.Shape[axis], cells);
            parts[i] = input.Slice(axis, start, end - start).MaxAlong(axis, keepDims: true).Values;
        }
        return Tensor.Concat(axis, parts);
    }

    private static (int Start, int End) Cell(int i, int size, int cells) =>
        ((int)((long)i * size / cells), (int)((((long)(i + 1) * size) + cells - 1) / cells));
}
