using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class CpuBackend
{
    public override void IndexSelect(int outer, int size, int inner, Tensor x, Tensor index, Tensor y)
    {
        switch (y.DType.Size())
        {
            case 4: Indexing.Select<int>(outer, size, inner, As<int>(x), index.AsSpan<long>(), As<int>(y)); break;
            case 8: Indexing.Select<long>(outer, size, inner, As<long>(x), index.AsSpan<long>(), As<long>(y)); break;
            default: Indexing.Select<byte>(outer, size, inner, x.Bytes(), index.AsSpan<long>(), y.Bytes()); break;
        }
    }

    public override void IndexAdd(int outer, int size, int inner, Tensor x, Tensor index, Tensor y)
    {
        if (y.DType == DType.Float32)
            Indexing.Add(outer, size, inner, x.AsSpan<float>(), index.AsSpan<long>(), y.Span<float>());
        else
            Indexing.Add(outer, size, inner, x.AsSpan<double>(), index.AsSpan<long>(), y.Span<double>());
    }

    public override void Gather(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y)
    {
        switch (y.DType.Size())
        {
            case 4: Indexing.Gather<int>(outer, count, inner, size, As<int>(x), index.AsSpan<long>(), As<int>(y)); break;
            case 8: Indexing.Gather<long>(outer, count, inner, size, As<long>(x), index.AsSpan<long>(), As<long>(y)); break;
            default: Indexing.Gather<byte>(outer, count, inner, size, x.Bytes(), index.AsSpan<long>(), y.Bytes()); break;
        }
    }

    public override void ScatterAdd(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y)
    {
        if (y.DType == DType.Float32)
            Indexing.ScatterAdd(outer, count, inner, size, x.AsSpan<float>(), index.AsSpan<long>(), y.Span<float>());
        else
            Indexing.ScatterAdd(outer, count, inner, size, x.AsSpan<double>(), index.AsSpan<long>(), y.Span<double>());
    }

    public override void CumulativeSum(bool reverse, int outer, int count, int inner, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32)
            Indexing.CumulativeSum(reverse, outer, count, inner, x.AsSpan<float>(), y.Span<float>());
        else
            Indexing.CumulativeSum(reverse, outer, count, inner, x.AsSpan<double>(), y.Span<double>());
    }
}
