using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>A single float or double: the path for processors without SIMD, and the one to read first.</summary>
internal readonly struct LanesScalar<T>(T value) : ILanes<LanesScalar<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T Value = value;

    public static int Count => 1;

    public static LanesScalar<T> Load(ref readonly T source, nuint offset) => new(Unsafe.Add(ref Unsafe.AsRef(in source), offset));

    public static void Store(LanesScalar<T> value, ref T destination, nuint offset) => Unsafe.Add(ref destination, offset) = value.Value;

    public static LanesScalar<T> Constant(double value) => new(T.CreateTruncating(value));

    public static LanesScalar<T> operator +(LanesScalar<T> a, LanesScalar<T> b) => new(a.Value + b.Value);

    public static LanesScalar<T> operator -(LanesScalar<T> a, LanesScalar<T> b) => new(a.Value - b.Value);

    public static LanesScalar<T> operator *(LanesScalar<T> a, LanesScalar<T> b) => new(a.Value * b.Value);

    public static LanesScalar<T> operator /(LanesScalar<T> a, LanesScalar<T> b) => new(a.Value / b.Value);

    public static LanesScalar<T> operator -(LanesScalar<T> a) => new(-a.Value);

    public static LanesScalar<T> Abs(LanesScalar<T> a) => new(T.Abs(a.Value));

    public static LanesScalar<T> Sqrt(LanesScalar<T> a) => new(T.Sqrt(a.Value));

    public static LanesScalar<T> Exp(LanesScalar<T> a) => new(T.Exp(a.Value));

    public static LanesScalar<T> Log(LanesScalar<T> a) => new(T.Log(a.Value));

    public static LanesScalar<T> Log1p(LanesScalar<T> a) => RealMath.Log1p(a);

    public static LanesScalar<T> Tanh(LanesScalar<T> a) => new(T.Tanh(a.Value));

    public static LanesScalar<T> Sigmoid(LanesScalar<T> a) => RealMath.Sigmoid(a);

    public static LanesScalar<T> Erf(LanesScalar<T> a) => RealMath.Erf(a);

    public static LanesScalar<T> Pow(LanesScalar<T> a, LanesScalar<T> b) => new(T.Pow(a.Value, b.Value));

    public static LanesScalar<T> Floor(LanesScalar<T> a) => new(T.Floor(a.Value));

    public static LanesScalar<T> Sin(LanesScalar<T> a) => new(T.Sin(a.Value));

    public static LanesScalar<T> Cos(LanesScalar<T> a) => new(T.Cos(a.Value));

    public static LanesScalar<T> Greater(LanesScalar<T> a, LanesScalar<T> b) => new(a.Value > b.Value ? T.One : T.Zero);

    public static LanesScalar<T> Equal(LanesScalar<T> a, LanesScalar<T> b) => new(a.Value == b.Value ? T.One : T.Zero);

    public static LanesScalar<T> Select(LanesScalar<T> mask, LanesScalar<T> whenTrue, LanesScalar<T> whenFalse) =>
        mask.Value != T.Zero ? whenTrue : whenFalse;
}
