using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Glia.Tests;

/// <summary>Laws that hold for tensors of any shape and content.</summary>
[Properties(Arbitrary = [typeof(Tensors)], MaxTest = 60)]
public class TensorLaws
{
    /// <summary>A tensor of up to four axes with sizes from 0 to 4.</summary>
    public sealed record Any(Tensor Value, int Seed);

    public static class Tensors
    {
        public static Arbitrary<Any> Any() => (
            from sizes in Gen.Choose(0, 4).ArrayOf().Resize(4)
            from seed in Gen.Choose(0, 10_000)
            select new Any(Numbers.Normal(new Shape(sizes.Take(4).ToArray()), (ulong)seed), seed)).ToArbitrary();
    }

    /// <summary>The same axes, some of them with size 1.</summary>
    private static Tensor Squeezed(Any x)
    {
        var rng = new Rng((ulong)x.Seed);
        var sizes = x.Value.Shape.Sizes.ToArray().Select(s => rng.NextInt(2) == 0 ? 1 : s).ToArray();
        return Numbers.Normal(sizes, (ulong)x.Seed + 1);
    }

    private static void Same(Tensor expected, Tensor actual) => Numbers.Close(expected, actual, 1e-12, 1e-12);

    [Property]
    public void SumAndProduct_Commute(Any x)
    {
        Numbers.SameBits(x.Value + Squeezed(x), Squeezed(x) + x.Value);
        Numbers.SameBits(x.Value * Squeezed(x), Squeezed(x) * x.Value);
    }

    [Property]
    public void Broadcasting_EqualsWritingItOut(Any x) =>
        Numbers.SameBits(x.Value - Squeezed(x), x.Value - Squeezed(x).BroadcastTo(x.Value.Shape));

    [Property]
    public void Permute_ThenItsInverse_IsTheSame(Any x)
    {
        var order = new Rng((ulong)x.Seed).Permutation(x.Value.Rank);
        var inverse = Enumerable.Range(0, order.Length).OrderBy(i => order[i]).ToArray();
        Numbers.SameBits(x.Value, x.Value.Permute(order).Permute(inverse));
    }

    [Property]
    public void Reshape_ThereAndBack_IsTheSame(Any x) => Numbers.SameBits(x.Value, x.Value.Reshape(new Shape(x.Value.Count)).Reshape(x.Value.Shape));

    [Property]
    public void Sum_IsLinear(Any x) => Same((2.5 * x.Value.Sum()) + Squeezed(x).BroadcastTo(x.Value.Shape).Sum(), ((2.5 * x.Value) + Squeezed(x)).Sum());

    [Property]
    public void Sum_AxisByAxis_IsTheSumOfAll(Any x)
    {
        var sum = x.Value;
        while (sum.Rank > 0)
            sum = sum.Sum(new Rng((ulong)x.Seed).NextInt(sum.Rank));
        Same(x.Value.Sum(), sum);
    }

    [Property]
    public void SliceThenConcat_IsTheSame(Any x)
    {
        for (var axis = 0; axis < x.Value.Rank; axis++)
        {
            var size = x.Value.Shape[axis];
            var cut = new Rng((ulong)x.Seed).NextInt(size + 1);
            Numbers.SameBits(x.Value, Tensor.Concat(axis, x.Value.Slice(axis, 0, cut), x.Value.Slice(axis, cut, size - cut)));
        }
    }

    [Property]
    public void MatMul_Transposed_IsTheProductOfTransposesInTurn(NonNegativeInt m, NonNegativeInt k, NonNegativeInt n, NonNegativeInt seed)
    {
        var a = Numbers.Normal((m.Get % 9, k.Get % 9), (ulong)seed.Get);
        var b = Numbers.Normal((k.Get % 9, n.Get % 9), (ulong)seed.Get + 1);
        var expected = a.MatMul(b);
        Same(expected, b.MatMul(a, transposeA: true, transposeB: true).Transpose());
        Same(expected, a.Transpose().MatMul(b, transposeA: true));
        Same(expected, a.MatMul(b.Transpose(), transposeB: true));
    }

    [Property]
    public void Softmax_RowsSumToOne_AndAShiftChangesNothing(Any x, NormalFloat shift)
    {
        for (var axis = 0; axis < x.Value.Rank; axis++)
        {
            var y = x.Value.Softmax(axis);
            if (x.Value.Shape[axis] > 0)
                Same(Tensor.Ones(x.Value.Shape.Without(axis), DType.Float64), y.Sum(axis));
            Numbers.Close(y, (x.Value + (shift.Get % 1000)).Softmax(axis), 1e-10, 1e-12);
            Numbers.Close(y.Log(), x.Value.LogSoftmax(axis), 1e-10, 1e-10);
        }
    }
}
