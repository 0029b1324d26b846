using System.Numerics;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Comparisons, truth values, bits, and the choice between two tensors.</summary>
internal static class Logic
{
    public static Operator[] All =>
    [
        new("Equal", 1, "2", "", c => [Value.Of(Tensor.EqualTo(c.In(0), c.In(1)))]),
        new("Greater", 1, "2", "", c => [Value.Of(Tensor.Greater(c.In(0), c.In(1)))]),
        new("Less", 1, "2", "", c => [Value.Of(Tensor.Less(c.In(0), c.In(1)))]),
        new("GreaterOrEqual", 12, "2", "", c => [Value.Of(Tensor.GreaterOrEqual(c.In(0), c.In(1)))]),
        new("LessOrEqual", 12, "2", "", c => [Value.Of(Tensor.GreaterOrEqual(c.In(1), c.In(0)))]),
        Truth<BitAnd>("And"),
        Truth<BitOr>("Or"),
        Truth<BitXor>("Xor"),
        new("Not", 1, "1", "", c => [Value.Of(Map(Bools(c.X), DType.Bool, static x => x == 0 ? 1 : 0))]),
        Bits<BitAnd>("BitwiseAnd"),
        Bits<BitOr>("BitwiseOr"),
        Bits<BitXor>("BitwiseXor"),
        new("BitwiseNot", 18, "1", "", c => c.Same(Wrap(Unary<Complement>(c.X), c.Type(0)))),
        new("BitShift", 11, "2", "direction:s=LEFT|RIGHT", BitShift),
        new("Where", 9, "3", "", c => [new(Tensor.Where(c.In(0), c.In(1), c.In(2)), c.Type(1))]),
    ];

    private static Operator Truth<TOp>(string name)
        where TOp : IBinary => new(name, 1, "2", "", c => [Value.Of(Binary<TOp>(name, Bools(c.In(0)).To(DType.Int32), Bools(c.In(1)).To(DType.Int32)).To(DType.Bool))]);

    private static Operator Bits<TOp>(string name)
        where TOp : IBinary => new(name, 18, "2", "", c => c.Same(Wrap(Binary<TOp>(name, c.In(0), c.In(1)), c.Type(0))));

    private static Tensor Bools(Tensor x) => x.DType == DType.Bool ? x : throw new ArgumentException($"truth values were expected but got {x.DType}.");

    private static Value[] BitShift(NodeCall c) =>
        c.Same(Wrap(c.Text("direction", "LEFT") == "LEFT" ? Binary<Left>("BitShift", c.In(0), c.In(1)) : Binary<Right>("BitShift", c.In(0), c.In(1)), c.Type(0)));

    private static T OfBits<T>(long bits)
        where T : unmanaged, INumber<T> => T.CreateTruncating(bits);

    private static long ToBits<T>(T value)
        where T : unmanaged, INumber<T> => long.CreateTruncating(value);

    private readonly struct BitAnd : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => OfBits<T>(ToBits(a) & ToBits(b));
    }

    private readonly struct BitOr : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => OfBits<T>(ToBits(a) | ToBits(b));
    }

    private readonly struct BitXor : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => OfBits<T>(ToBits(a) ^ ToBits(b));
    }

    private readonly struct Complement : IUnary
    {
        public static T Of<T>(T x)
            where T : unmanaged, INumber<T> => OfBits<T>(~ToBits(x));
    }

    private readonly struct Left : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => ToBits(b) is >= 0 and < 64 and var shift ? OfBits<T>(ToBits(a) << (int)shift) : T.Zero;
    }

    private readonly struct Right : IBinary
    {
        public static T Of<T>(T a, T b)
            where T : unmanaged, INumber<T> => ToBits(b) is >= 0 and < 64 and var shift ? OfBits<T>(ToBits(a) >>> (int)shift) : T.Zero;
    }
}
