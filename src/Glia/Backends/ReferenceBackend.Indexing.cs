namespace Glia.Backends;

internal sealed partial class ReferenceBackend
{
    public override void IndexSelect(int outer, int size, int inner, Tensor x, Tensor index, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
        {
            var (o, j) = (i / inner / index.Count, i / inner % index.Count);
            y.SetFlat(i, x.GetFlat((((o * size) + (int)index.GetFlat(j)) * inner) + (i % inner)));
        }
    }

    public override void IndexAdd(int outer, int size, int inner, Tensor x, Tensor index, Tensor y)
    {
        y.FillInPlace(0);
        for (var i = 0; i < x.Count; i++)
        {
            var (o, j) = (i / inner / index.Count, i / inner % index.Count);
            var at = (((o * size) + (int)index.GetFlat(j)) * inner) + (i % inner);
            y.SetFlat(at, y.GetFlat(at) + x.GetFlat(i));
        }
    }

    public override void Gather(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, x.GetFlat(Source(i, count, inner, size, index)));
    }

    public override void ScatterAdd(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y)
    {
        y.FillInPlace(0);
        for (var i = 0; i < x.Count; i++)
        {
            var at = Source(i, count, inner, size, index);
            y.SetFlat(at, y.GetFlat(at) + x.GetFlat(i));
        }
    }

    public override void CumulativeSum(bool reverse, int outer, int count, int inner, Tensor x, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
        {
            var j = i / inner % count;
            var sum = 0.0;
            for (var k = reverse ? j : 0; k <= (reverse ? count - 1 : j); k++)
                sum += x.GetFlat(i + ((k - j) * inner));
            y.SetFlat(i, sum);
        }
    }

    /// <summary>The element of [outer, size, inner] that the i-th index of [outer, count, inner] names.</summary>
    private static int Source(int i, int count, int inner, int size, Tensor index) =>
        (((i / inner / count * size) + (int)index.GetFlat(i)) * inner) + (i % inner);
}
