using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Numbers of few bits: x ≈ scale·(q − zero point). Products of them are computed as doubles, which hold every sum exactly.</summary>
internal static class Quantization
{
    public static Operator[] All =>
    [
        new("QuantizeLinear", 10, "2-3", "axis:i block_size:i output_dtype:i saturate:i precision:i", c => [QuantizeLinear(c)]),
        new("DequantizeLinear", 10, "2-3", "axis:i block_size:i output_dtype:i", DequantizeLinear),
        new("DynamicQuantizeLinear", 11, "1", "", DynamicQuantizeLinear),
        new("MatMulInteger", 10, "2-4", "", c => [new(Centered(c, 0, 2, -2).MatMul(Centered(c, 1, 3, -1)).To(DType.Int32), OnnxElementType.Int32)]),
        new("QLinearMatMul", 10, "8", "", c => [Requantized(
            Centered(c, 0, 2, -2).MatMul(Centered(c, 3, 5, -1)), Along(c.In(1), -2, c.X.Rank) * Along(c.In(4), -1, c.In(3).Rank), c.In(6), c.Value(7))]),
        new("ConvInteger", 10, "2-4", WindowSettings.Attributes + " group:i", c =>
            [new(Convolutions.Conv(c, Centered(c, 0, 2, 1), Centered(c, 1, 3, 0), null, null).To(DType.Int32), OnnxElementType.Int32)], OperatorTraits.Grows),
        new("QLinearConv", 10, "8-9", WindowSettings.Attributes + " group:i", QLinearConv, OperatorTraits.Grows),
    ];

    private static Value QuantizeLinear(NodeCall c)
    {
        var type = c.Has(2) ? c.Type(2) : c.Attributes.Has("output_dtype") ? (OnnxElementType)c.Int("output_dtype", 2) : OnnxElementType.UInt8;
        var x = c.X.To(DType.Float64);
        var scale = Blocks(c, c.In(1), x).To(DType.Float64);
        var zero = c.Has(2) ? Blocks(c, c.In(2), x).To(DType.Float64) : null;
        return new(Saturated(x / scale, zero, type), type);
    }

    private static Value[] DequantizeLinear(NodeCall c)
    {
        var type = c.Attributes.Int("output_dtype", 0) is var asked and not 0 ? (OnnxElementType)asked : c.Type(1);
        var x = c.X.To(DType.Float64);
        if (c.Has(2))
            x -= Blocks(c, c.In(2), x).To(DType.Float64);
        return [new(Elementwise.Rounded((x * Blocks(c, c.In(1), x).To(DType.Float64)).To(type.Storage()), type), type)];
    }

    /// <summary>Scale and zero point are chosen so that the largest and the smallest number, and 0, are in range.</summary>
    private static Value[] DynamicQuantizeLinear(NodeCall c)
    {
        var x = c.X.To(DType.Float64);
        var (low, high) = (x.Min().Clamp(maximum: 0), x.Max().Clamp(minimum: 0));
        // The scale is a 32-bit number, and so are the quotients.
        var scale = ((high - low) / 255.0).To(DType.Float32);
        var wide = scale.To(DType.Float64);
        var zero = Saturated(-low / wide, null, OnnxElementType.UInt8);
        return
        [
            new(Saturated(x / wide, zero.To(DType.Float64), OnnxElementType.UInt8), OnnxElementType.UInt8),
            new(scale, OnnxElementType.Float),
            new(zero, OnnxElementType.UInt8),
        ];
    }

    private static Value[] QLinearConv(NodeCall c)
    {
        var y = Convolutions.Conv(c, Centered(c, 0, 2, 1), Centered(c, 3, 5, 0), null, null);
        if (c.Has(8))
            y += c.In(8).To(DType.Float64).Reshape(Axes.PerChannel(c.In(8).Count, y.Rank));
        var scale = c.In(1).To(DType.Float64) * Along(c.In(4), 1, y.Rank);
        return [Requantized(y, scale, c.In(6), c.Value(7))];
    }

    private static Value Requantized(Tensor y, Tensor scale, Tensor target, Value zero) =>
        new(Saturated(y * scale / target.To(DType.Float64), zero.Tensor.To(DType.Float64), zero.Type), zero.Type);

    /// <summary>An input less its zero point, as doubles.</summary>
    private static Tensor Centered(NodeCall c, int input, int zero, int axis)
    {
        var x = c.In(input).To(DType.Float64);
        return c.Has(zero) ? x - Along(c.In(zero), axis, x.Rank) : x;
    }

    /// <summary>Numbers along one axis, as they broadcast.</summary>
    private static Tensor Along(Tensor x, int axis, int rank)
    {
        x = x.To(DType.Float64);
        if (x.Count == 1)
            return x.Reshape(Shape.Scalar);
        if (x.Rank > 1)
            return x;
        var sizes = new int[Math.Max(1, rank)];
        Array.Fill(sizes, 1);
        sizes[axis < 0 ? axis + sizes.Length : axis] = x.Count;
        return x.Reshape(new Shape(sizes));
    }

    /// <summary>Scales or zero points as they broadcast: one, one along an axis, or one for each block of an axis.</summary>
    private static Tensor Blocks(NodeCall c, Tensor scale, Tensor x)
    {
        if (scale.Count == 1)
            return scale.Reshape(Shape.Scalar);
        var axis = x.Shape.NormalizeAxis(c.Int("axis", 1));
        if (scale.Rank == 1 && x.Rank >= 1 && c.Int("block_size", 0) == 0)
            return scale.Reshape([scale.Count, .. Enumerable.Repeat(1, x.Rank - 1 - axis)]);
        // The last block may be shorter, and one of all may be longer than the axis.
        var block = Math.Min(c.Int("block_size", 0), Math.Max(1, x.Shape[axis]));
        if (block <= 0 || scale.Rank != x.Rank || scale.Shape[axis] != (x.Shape[axis] + block - 1) / block)
            throw new ArgumentException($"scales along axis {axis} or for its blocks were expected but got {scale.Shape} for {x.Shape}.");
        int[] apart = [.. scale.Shape.Sizes[..(axis + 1)], 1, .. scale.Shape.Sizes[(axis + 1)..]];
        int[] spread = [.. scale.Shape.Sizes[..(axis + 1)], block, .. scale.Shape.Sizes[(axis + 1)..]];
        return scale.Reshape(new Shape(apart)).BroadcastTo(new Shape(spread)).Reshape(scale.Shape.With(axis, scale.Shape[axis] * block)).Slice(axis, 0, x.Shape[axis]);
    }

    private static Tensor Saturated(Tensor x, Tensor? zero, OnnxElementType type)
    {
        if (type is not (OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Int32))
            throw new ArgumentException($"quantisation to {ElementTypes.NameOf(type)} is not supported.");
        var (low, high) = type.Range();
        // Quotients are rounded as 32-bit numbers, as files expect.
        var rounded = Map(x, DType.Float64, static v => Math.Round((double)(float)v, MidpointRounding.ToEven));
        return (zero is null ? rounded : rounded + zero).Clamp(low, high).To(type.Storage());
    }
}
