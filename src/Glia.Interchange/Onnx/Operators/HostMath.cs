using System.Numerics;
using Glia.Ops;
using Glia.Replay;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>
/// Arithmetic that Glia's tensors do not have: on whole numbers, which is small, and rare functions of real ones. Plain loops, without gradients, which a recording does again.
/// </summary>
internal static class HostMath
{
    /// <summary>A function of one number, for every type of number.</summary>
    public interface IUnary
    {
        static abstract T Of<T>(T x)
            where T : unmanaged, INumber<T>;
    }

    /// <summary>A function of two numbers.</summary>
    public interface IBinary
    {
        static abstract T Of<T>(T a, T b)
            where T : unmanaged, INumber<T>;
    }

    /// <summary>Makes a tensor by a program that fills it, now and at every run of a recording.</summary>
    public static Tensor Make<TState>(Shape shape, DType dtype, TState state, Action<TState, Tensor> fill)
    {
        var y = Tensor.Allocate(shape, dtype, Device.Cpu);
        Recorder.Run((state, y, fill), static s => s.fill(s.state, s.y));
        return y;
    }

    public static Tensor Binary<TOp>(string who, Tensor a, Tensor b)
        where TOp : IBinary
    {
        if (a.DType != b.DType)
            throw new ArgumentException($"{who} got {a.DType} and {b.DType}, which must be of one type.");
        var shape = Broadcasting.Common(who, a.Shape, b.Shape);
        return Make(shape, a.DType, (a.Detach().BroadcastTo(shape), b.Detach().BroadcastTo(shape)), static (s, y) =>
        {
            switch (y.DType)
            {
                case DType.Float32: Loop<float>(s.Item1, s.Item2, y); break;
                case DType.Float64: Loop<double>(s.Item1, s.Item2, y); break;
                case DType.Int32: Loop<int>(s.Item1, s.Item2, y); break;
                case DType.Int64: Loop<long>(s.Item1, s.Item2, y); break;
                default: throw new ArgumentException("numbers were expected but got truth values.");
            }
        });

        static void Loop<T>(Tensor a, Tensor b, Tensor y)
            where T : unmanaged, INumber<T>
        {
            var x1 = a.AsSpan<T>();
            var x2 = b.AsSpan<T>();
            var result = y.AsWritableSpan<T>();
            for (var i = 0; i < result.Length; i++)
                result[i] = TOp.Of(x1[i], x2[i]);
        }
    }

    public static Tensor Unary<TOp>(Tensor x)
        where TOp : IUnary => Make(x.Shape, x.DType, x.Detach(), static (x, y) =>
        {
            switch (y.DType)
            {
                case DType.Float32: Loop<float>(x, y); break;
                case DType.Float64: Loop<double>(x, y); break;
                case DType.Int32: Loop<int>(x, y); break;
                case DType.Int64: Loop<long>(x, y); break;
                default: throw new ArgumentException("numbers were expected but got truth values.");
            }

            static void Loop<T>(Tensor x, Tensor y)
                where T : unmanaged, INumber<T>
            {
                var from = x.AsSpan<T>();
                var to = y.AsWritableSpan<T>();
                for (var i = 0; i < to.Length; i++)
                    to[i] = TOp.Of(from[i]);
            }
        });

    /// <summary>A function of real numbers for any type of number, by way of doubles.</summary>
    public static Tensor Map(Tensor x, DType result, Func<double, double> function) => Make(x.Shape, result, (x.Detach(), function), static (s, y) =>
    {
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, s.function(s.Item1.GetFlat(i)));
    });

    /// <summary>A function of Glia's for floating-point numbers, for whole numbers too.</summary>
    public static Tensor ViaDouble(Tensor x, Func<Tensor, Tensor> function) =>
        x.DType.IsFloatingPoint() ? function(x) : function(x.To(DType.Float64)).To(x.DType);

    /// <summary>Whole numbers as a type of fewer bits would hold them after an overflow.</summary>
    public static Tensor Wrap(Tensor x, OnnxElementType type)
    {
        if (type is OnnxElementType.Int32 or OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Bool || type.IsFloat())
            return x;
        return Make(x.Shape, x.DType, (x, type), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
            {
                var value = Whole(s.x, i);
                var wrapped = s.type switch
                {
                    OnnxElementType.UInt8 => (byte)value,
                    OnnxElementType.Int8 => (sbyte)value,
                    OnnxElementType.UInt16 => (ushort)value,
                    OnnxElementType.Int16 => (short)value,
                    _ => (long)(uint)value,
                };
                y.SetFlat(i, wrapped);
            }
        });
    }

    /// <summary>Indices as Glia takes them: Int64, with negative ones counted from the end of an axis.</summary>
    public static Tensor Indices(Tensor indices, int size) => Make(indices.Shape, DType.Int64, (indices.Detach(), size), static (s, y) =>
    {
        var result = y.AsWritableSpan<long>();
        for (var i = 0; i < result.Length; i++)
        {
            var index = Whole(s.Item1, i);
            if (index < -s.size || index >= s.size)
                throw new ArgumentException($"index {index} is out of range for a size of {s.size}.");
            result[i] = index < 0 ? index + s.size : index;
        }
    });

    /// <summary>An element of whole numbers.</summary>
    public static long Whole(Tensor x, int i) => x.DType == DType.Int32 ? x.AsSpan<int>()[i] : x.AsSpan<long>()[i];

    /// <summary>A number that comes before another where the element comes before the other one: both zeros are one, and NaN is last.</summary>
    public static long OrderOf(Tensor x, int i)
    {
        if (WholeNumbers.Are(x))
            return Whole(x, i);
        var value = x.GetFlat(i);
        if (double.IsNaN(value))
            return long.MaxValue;
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }

    /// <summary>One number as a tensor that never changes.</summary>
    public static Tensor Scalar(double value, DType dtype) => Recorder.Fixed((value, dtype), static s => Tensor.Scalar(s.value, s.dtype));
}
