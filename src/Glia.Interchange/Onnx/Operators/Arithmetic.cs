using System.Numerics;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Sums, products, powers, extremes: with broadcasting, on real and on whole numbers.</summary>
internal static class Arithmetic
{
    public static Operator[] All =>
    [
        new("Add", 1, "2", "", c => Binary<Sum>(c, (a, b) => a + b)),
        new("Sub", 1, "2", "", c => Binary<Difference>(c, (a, b) => a - b)),
        new("Mul", 1, "2", "", c => Binary<Product>(c, (a, b) => a * b)),
        new("Div", 1, "2", "", c => Binary<Quotient>(c, (a, b) => a / b)),
        new("Mod", 10, "2", "fmod:i", Mod),
        new("Pow", 1, "2", "", Pow),
        new("Max", 1, "1-*", "", c => Fold<Larger>(c, Tensor.Maximum)),
        new("Min", 1, "1-*", "", c => Fold<Smaller>(c, Tensor.Minimum)),
        new("Sum", 1, "1-*", "", c => Fold<Sum>(c, (a, b) => a + b)),
        new("Mean", 1, "1-*", "", c => c.Same(Fold<Sum>(c, (a, b) => a + b)[0].Tensor * (1.0 / c.Count))),
        new("Clip", 1, "1-3", "min:f max:f", Clip),
    ];

    private static Value[] Binary<TOp>(NodeCall c, Func<Tensor, Tensor, Tensor> real)
        where TOp : IBinary => c.Same(Apply<TOp>(c.Node.OpType, c.In(0), c.In(1), c.Type(0), real));

    private static Tensor Apply<TOp>(string who, Tensor a, Tensor b, OnnxElementType type, Func<Tensor, Tensor, Tensor> real)
        where TOp : IBinary => type.IsFloat() ? real(a, b) : Wrap(HostMath.Binary<TOp>(who, a, b), type);

    private static Value[] Fold<TOp>(NodeCall c, Func<Tensor, Tensor, Tensor> real)
        where TOp : IBinary
    {
        var result = c.X;
        for (var i = 1; i < c.Count; i++)
            result = Apply<TOp>(c.Node.OpType, result, c.In(i), c.Type(0), real);
        return c.Same(result);
    }

    private static Value[] Mod(NodeCall c)
    {
        if (c.Flag("fmod"))
            return c.Same(HostMath.Binary<Remainder>("Mod", c.In(0), c.In(1)));
        if (c.Type(0).IsFloat())
            throw new ArgumentException($"fmod = 1 was expected for {c.Type(0)}; the remainder with the divisor's sign is defined for whole numbers alone.");
        return c.Same(HostMath.Binary<FloorRemainder>("Mod", c.In(0), c.In(1)));
    }

    /// <summary>The result has the base's type, whatever the exponent's.</summary>
    private static Value[] Pow(NodeCall c)
    {
        var (x, power) = (c.X, c.In(1));
        if (!x.DType.IsFloatingPoint())
        {
            var y = power.DType.IsFloatingPoint()
                ? HostMath.Binary<Power>("Pow", x.To(DType.Float64), power.To(DType.Float64)).To(x.DType)
                : HostMath.Binary<WholePower>("Pow", x.To(DType.Int64), power.To(DType.Int64));
            return [Elementwise.Cast(Value.Of(y), c.Type(0))];
        }
        if (c.Value(1).IsKnown && power.Count == 1 && power.Rank <= x.Rank)
            return c.Same(x.Pow(c.Number(1)));
        return c.Same(Tensor.Pow(x, power.To(x.DType)));
    }

    /// <summary>Bounds are settings up to version 10, and inputs since.</summary>
    private static Value[] Clip(NodeCall c)
    {
        if (!c.X.DType.IsFloatingPoint())
        {
            var y = c.X;
            if (c.Has(1))
                y = HostMath.Binary<Larger>("Clip", y, c.In(1));
            return c.Same(c.Has(2) ? HostMath.Binary<Smaller>("Clip", y, c.In(2)) : y);
        }
        var low = c.Has(1) ? c.Number(1) : c.Float("min", double.NegativeInfinity);
        var high = c.Has(2) ? c.Number(2) : c.Float("max", double.PositiveInfinity);
        return c.Same(c.X.Clamp(low, high));
    }

    internal readonly struct Sum : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => unchecked(a + b);
    }

    private readonly struct Difference : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => unchecked(a - b);
    }

    internal readonly struct Product : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => unchecked(a * b);
    }

    /// <summary>Cut towards 0. The smallest number by −1 is left as it is, where the processor would stop the program.</summary>
    private readonly struct Quotient : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => T.IsZero(b) ? throw new ArgumentException("a whole number is divided by 0.") : b == -T.One ? unchecked(-a) : a / b;
    }

    /// <summary>With the dividend's sign. The smallest whole number by −1 would stop the program.</summary>
    private readonly struct Remainder : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
                return a % b;
            if (T.IsZero(b))
                throw new ArgumentException("a whole number is divided by 0.");
            return b == -T.One ? T.Zero : a % b;
        }
    }

    /// <summary>With the divisor's sign.</summary>
    private readonly struct FloorRemainder : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T>
        {
            var rest = Remainder.Of(a, b);
            return !T.IsZero(rest) && T.IsNegative(rest) != T.IsNegative(b) ? rest + b : rest;
        }
    }

    private readonly struct Power : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => T.CreateSaturating(Math.Pow(double.CreateSaturating(a), double.CreateSaturating(b)));
    }

    /// <summary>By squaring. Of negative exponents, whose powers are fractions, nothing stays but the powers of 1 and −1.</summary>
    private readonly struct WholePower : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T>
        {
            if (T.IsNegative(b) && a != T.One && a != -T.One)
                return T.Zero;
            var result = T.One;
            for (var rest = b; !T.IsZero(rest); rest /= T.One + T.One)
            {
                if (T.IsOddInteger(rest))
                    result = unchecked(result * a);
                a = unchecked(a * a);
            }
            return result;
        }
    }

    internal readonly struct Larger : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => a > b ? a : b;
    }

    internal readonly struct Smaller : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => a < b ? a : b;
    }
}
