using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Backends;

/// <summary>Conversion between element types: whole numbers are cut towards 0 and saturate, Bool is "not 0".</summary>
internal static class Casting
{
    public static void Cast(Tensor x, Tensor y)
    {
        switch (x.DType)
        {
            case DType.Float32: From<float>(x.AsSpan<float>(), y); break;
            case DType.Float64: From<double>(x.AsSpan<double>(), y); break;
            case DType.Int32: From<int>(x.AsSpan<int>(), y); break;
            case DType.Int64: From<long>(x.AsSpan<long>(), y); break;
            default: From<byte>(x.Bytes(), y); break;
        }
    }

    private static void From<T>(ReadOnlySpan<T> x, Tensor y)
        where T : unmanaged, INumberBase<T>
    {
        switch (y.DType)
        {
            case DType.Float32: TensorPrimitives.ConvertSaturating(x, y.Span<float>()); break;
            case DType.Float64: TensorPrimitives.ConvertSaturating(x, y.Span<double>()); break;
            case DType.Int32: TensorPrimitives.ConvertSaturating(x, y.Span<int>()); break;
            case DType.Int64: TensorPrimitives.ConvertSaturating(x, y.Span<long>()); break;
            default:
                var truth = y.Span<bool>();
                for (var i = 0; i < x.Length; i++)
                    truth[i] = x[i] != T.Zero;
                break;
        }
    }
}
