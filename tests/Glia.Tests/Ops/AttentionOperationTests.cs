using Glia.Kernels;
using Glia.Ops;

namespace Glia.Tests.Ops;

/// <summary>The fused attention against its decomposition where the operation table does not reach: masks, many blocks of queries, every instruction set.</summary>
public class AttentionOperationTests
{
    public static TheoryData<string> IsaNames => [.. Numbers.Isas.Select(isa => isa.ToString())];

    [Theory]
    [InlineData(1, 1, 1, 4)]
    [InlineData(2, 1, 3, 4)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(2, 2, 3, 1)]
    public void Mask_OfAnyRepetition_EqualsDecomposition(int batch, int heads, int queries, int keys)
    {
        var mask = Tensor.Greater(Numbers.Normal((batch, heads, queries, keys), 4), Tensor.Scalar(0.3, DType.Float64));
        foreach (var causal in new[] { false, true })
            Check(new(2, 2, 3, 4, 2, 3, 0.6, causal, Packed: false), DType.Float64, 1e-12, mask);
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void ManySizes_EqualDecomposition(string isa)
    {
        using var scope = IsaSupport.Use(Enum.Parse<Isa>(isa));
        foreach (var (batch, heads, queries, keys, features) in new[] { (1, 1, 1, 1, 1), (2, 3, 17, 17, 5), (1, 2, 65, 33, 16), (2, 1, 50, 2_000, 3), (1, 1, 300, 300, 8) })
        {
            foreach (var causal in new[] { false, true })
            {
                Check(new(batch, heads, queries, keys, features, features + 1, 0.4, causal, Packed: false), DType.Float64, 1e-10);
                Check(new(batch, heads, queries, keys, features, features + 1, 0.4, causal, Packed: false), DType.Float32, 2e-4);
                if (queries == keys)
                    Check(new(batch, heads, queries, keys, features, features + 1, 0.4, causal, Packed: true), DType.Float32, 2e-4);
            }
        }
    }

    [Fact]
    public void AnyNumberOfThreads_SameBits()
    {
        var previous = WorkerPool.Threads;
        try
        {
            Tensor[]? first = null;
            foreach (var threads in new[] { 1, 2, 3 })
            {
                WorkerPool.Threads = threads;
                var sizes = new AttentionSizes(3, 2, 130, 130, 16, 16, 0.25, Causal: false, Packed: true);
                var x = Leaf((3, 130, 96), 1, DType.Float32);
                var y = new AttentionOperation(sizes).Apply(x);
                var norm = Numbers.Normal((3, 130, 96), 2, DType.Float32).LayerNorm(96, Leaf(96, 3, DType.Float32), Leaf(96, 4, DType.Float32));
                Tensor[] results = [y, .. Gradients.Of(y, [x], Numbers.Normal(y.Shape, 5, DType.Float32)), norm];
                foreach (var (expected, actual) in (first ??= results).Zip(results))
                    Numbers.SameBits(expected, actual);
            }
        }
        finally
        {
            WorkerPool.Threads = previous;
        }
    }

    private static void Check(AttentionSizes sizes, DType dtype, double tolerance, Tensor? mask = null)
    {
        Tensor[] x = sizes.Packed
            ? [Leaf((sizes.Batch, sizes.Queries, sizes.StepQ), 1, dtype)]
            : [
                Leaf((sizes.Batch, sizes.Queries, sizes.StepQ), 1, dtype), Leaf((sizes.Batch, sizes.Keys, sizes.StepK), 2, dtype),
                Leaf((sizes.Batch, sizes.Keys, sizes.StepV), 3, dtype),
            ];
        Tensor[] all = mask is null ? x : [.. x, mask];
        var operation = new AttentionOperation(sizes);
        var y = operation.Apply(all);
        var plain = new AttentionOperation(sizes).Decompose(all);
        Numbers.Close(plain, y, tolerance, tolerance, $"{sizes}");
        var u = Numbers.Normal(y.Shape, 9, dtype);
        foreach (var (expected, actual) in Gradients.Of(plain, x, u).Zip(Gradients.Of(y, x, u)))
            Numbers.Close(expected, actual, tolerance, tolerance, $"{sizes} gradient");
    }

    private static Tensor Leaf(Shape shape, ulong seed, DType dtype)
    {
        var x = Numbers.Normal(shape, seed, dtype).Clone();
        x.RequiresGrad = true;
        return x;
    }
}
