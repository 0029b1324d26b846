using System.Numerics;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Functions of one number, and conversions.</summary>
internal static class Elementwise
{
    public static Operator[] All =>
    [
        Number<Absolute>("Abs", x => x.Abs()),
        Number<Negative>("Neg", x => x.Negate()),
        Real("Sign", x => x.Sign(), 9),
        Real("Reciprocal", x => x.Reciprocal()),
        Real("Sqrt", x => x.Sqrt()),
        Real("Exp", x => x.Exp()),
        Real("Log", x => x.Log()),
        Real("Erf", x => x.Erf(), 9),
        Real("Floor", x => x.Floor()),
        Real("Ceil", x => -(-x).Floor()),
        new("Round", 11, "1", "", c => c.Same(Unary<HalfToEven>(c.X))),
        Real("Sin", x => x.Sin()),
        Real("Cos", x => x.Cos()),
        Real("Tan", x => x.Tan()),
        Real("Asin", x => (x * ((1 - x) * (1 + x)).Rsqrt()).Atan()),
        Real("Acos", x => ((1 - x) / (1 + x)).Sqrt().Atan() * 2),
        Real("Atan", x => x.Atan()),
        Real("Sinh", x => x.Sinh(), 9),
        Real("Cosh", x => x.Cosh(), 9),
        Real("Asinh", Asinh, 9),
        Real("Acosh", x => WithLogTail(x, v => (v - 1 + ((v - 1) * (v + 1)).Sqrt()).Log1p()), 9),
        Real("Atanh", x => (x.Log1p() - (-x).Log1p()) * 0.5, 9),
        new("Identity", 1, "1", "", c => [c.Value(0)]),
        new("Cast", 1, "1", "to:i saturate:i", c => [Cast(c.Value(0), (OnnxElementType)c.Int("to", 0))]),
        new("CastLike", 15, "2", "saturate:i", c => [Cast(c.Value(0), c.Type(1))]),
        new("IsNaN", 9, "1", "", c => [Value.Of(Map(c.X, DType.Bool, x => double.IsNaN(x) ? 1 : 0))]),
        new("IsInf", 10, "1", "detect_negative:i detect_positive:i", IsInf),
        new("Dropout", 1, "1-3", "ratio:f seed:i", Dropout, OperatorTraits.Varies),
    ];

    /// <summary>The values in another type: floats lose their fraction, whole numbers their upper bits.</summary>
    public static Value Cast(Value x, OnnxElementType to)
    {
        if (!to.IsSupported())
            throw new ArgumentException($"a conversion to {ElementTypes.NameOf(to)} is not supported.");
        if (to == x.Type)
            return x;
        var y = to is OnnxElementType.Int32 && x.Tensor.DType == DType.Int64
            ? Make(x.Shape, DType.Int32, x.Tensor, static (from, to) =>
            {
                for (var i = 0; i < to.Count; i++)
                    to.AsWritableSpan<int>()[i] = unchecked((int)from.AsSpan<long>()[i]);
            })
            : x.Tensor.To(to.Storage());
        return new(to.IsFloat() ? Rounded(y, to) : Wrap(y, to), to);
    }

    /// <summary>Numbers as precise as a narrow floating-point type has them.</summary>
    public static Tensor Rounded(Tensor x, OnnxElementType type) => type switch
    {
        OnnxElementType.Float16 => Map(x, DType.Float32, static v => (float)(Half)v),
        OnnxElementType.BFloat16 => Map(x, DType.Float32, static v => Bfloat16.Value(Bfloat16.Bits((float)v))),
        _ => x,
    };

    private static Operator Number<TOp>(string name, Func<Tensor, Tensor> real)
        where TOp : IUnary => new(name, 1, "1", "", c => c.Same(WholeNumbers.Are(c.X) ? Wrap(Unary<TOp>(c.X), c.Type(0)) : real(c.X)));

    private static Operator Real(string name, Func<Tensor, Tensor> function, int since = 1) =>
        new(name, since, "1", "", c => c.Same(ViaDouble(c.X, function)));

    private static Tensor Asinh(Tensor x)
    {
        // Mirrored by choice, not by the sign, whose slope at 0 would be lost.
        var isNegative = Tensor.Less(x, Scalar(0, x.DType));
        var y = WithLogTail(Tensor.Where(isNegative, -x, x), v => (v + (v.Square() / ((v.Square() + 1).Sqrt() + 1))).Log1p());
        return Tensor.Where(isNegative, -y, y);
    }

    /// <summary>A function that grows as the logarithm does, without its squares overflowing: f(min(x, 2³⁰)) + ln(max(x, 2³⁰) / 2³⁰).</summary>
    private static Tensor WithLogTail(Tensor x, Func<Tensor, Tensor> function)
    {
        const double Large = 1 << 30;
        return function(x.Clamp(maximum: Large)) + (x.Clamp(minimum: Large) * (1 / Large)).Log();
    }

    private static Value[] IsInf(NodeCall c)
    {
        var (negative, positive) = (c.Flag("detect_negative", true), c.Flag("detect_positive", true));
        return [Value.Of(Map(c.X, DType.Bool, x => (negative && double.IsNegativeInfinity(x)) || (positive && double.IsPositiveInfinity(x)) ? 1 : 0))];
    }

    /// <summary>Leaves the input as it is, except in training, where elements are dropped with a probability and the others scaled up.</summary>
    private static Value[] Dropout(NodeCall c)
    {
        var asked = c.Has(2) && c.Number(2) != 0;
        var ratio = c.Has(1) ? c.Number(1) : c.Float("ratio", 0.5);
        // The mask had the input's type before it was one of truth values.
        var maskType = c.Opset < 10 ? c.Type(0) : OnnxElementType.Bool;
        if ((!c.Context.IsTraining && !asked) || ratio == 0)
            return [c.Value(0), new(Generation.Full(c.X.Shape, 1, maskType.Storage()), maskType)];
        var rng = Chance.Generator(c, c.Attributes.Has("seed") && !c.Context.IsTraining ? (ulong)c.Attributes.Int("seed", 0) : null);
        var chance = Tensor.Uniform(rng, c.X.Shape);
        var kept = Tensor.GreaterOrEqual(chance, Scalar(ratio, DType.Float32));
        return [new(Tensor.Where(kept, c.X * (1 / (1 - ratio)), Scalar(0, c.X.DType)), c.Type(0)), Cast(Value.Of(kept), maskType)];
    }

    /// <summary>The smallest number is its own, as it has no opposite.</summary>
    internal readonly struct Absolute : IUnary
    {
        public static T Of<T>(T x)
            where T : unmanaged, INumber<T> => T.IsNegative(x) ? unchecked(-x) : x;
    }

    private readonly struct Negative : IUnary
    {
        public static T Of<T>(T x)
            where T : unmanaged, INumber<T> => unchecked(-x);
    }

    private readonly struct HalfToEven : IUnary
    {
        public static T Of<T>(T x)
            where T : unmanaged, INumber<T> => x switch
            {
                float f => (T)(object)MathF.Round(f, MidpointRounding.ToEven),
                double d => (T)(object)Math.Round(d, MidpointRounding.ToEven),
                _ => x,
            };
    }
}
