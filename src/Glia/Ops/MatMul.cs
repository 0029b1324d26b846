using Glia.Autograd;
using Glia.Backends;
using Glia.Ops;
using Glia.Tracing;

namespace Glia;

/// <summary>op(a)·op(b) over the last two axes; leading axes are a batch and broadcast.</summary>
internal sealed class MatMulOperation(bool transposeA, bool transposeB) : Operation
{
    public override string Name => "MatMul";

    public override Shape OutputShape(Tensor[] x)
    {
        var (m, k) = Sizes(x[0].Shape, transposeA);
        var (k2, n) = Sizes(x[1].Shape, transposeB);
        if (k != k2 || !Shape.TryBroadcast(Batch(x[0].Shape), Batch(x[1].Shape), out var batch))
        {
            throw ShapeException.Of(
                Name,
                "(…, m, k) and (…, k, n)",
                $"{x[0].Shape}{(transposeA ? " transposed" : "")} and {x[1].Shape}{(transposeB ? " transposed" : "")}",
                k != k2 ? $"The inner sizes {k} and {k2} must be equal." : "The leading axes must be equal or 1.");
        }
        return new([.. batch.Sizes, m, n]);
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (m, k) = Sizes(x[0].Shape, transposeA);
        var n = y.Shape[-1];
        var batch = new Shape(y.Shape.Sizes[..^2]);
        var a = Expand(x[0], batch, m * k, out var stepA);
        var b = Expand(x[1], batch, k * n, out var stepB);
        backend.MatMul(transposeA, transposeB, new(m, n, k, batch.Count, stepA, stepB), a, b, y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        var (a, b) = (Inputs[0], Inputs[1]);
        var gradient = (i, transposeA, transposeB) switch
        {
            (0, false, _) => dy.MatMul(b, transposeB: !transposeB),
            (0, true, _) => b.MatMul(dy, transposeB, true),
            (_, _, false) => a.MatMul(dy, transposeA: !transposeA),
            (_, _, true) => dy.MatMul(a, true, transposeA),
        };
        return Broadcasting.SumTo(gradient, Inputs[i].Shape);
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents)
    {
        var sum = tangents[0] is { } ta ? ta.MatMul(Inputs[1], transposeA, transposeB) : null;
        if (tangents[1] is { } tb)
        {
            var term = Inputs[0].MatMul(tb, transposeA, transposeB);
            sum = sum is null ? term : sum + term;
        }
        return sum!;
    }

    private static Shape Batch(Shape shape) => new(shape.Sizes[..^2]);

    private static (int Rows, int Columns) Sizes(Shape shape, bool transpose) => transpose ? (shape[-1], shape[-2]) : (shape[-2], shape[-1]);

    /// <summary>One matrix serves the whole batch as it is; a batch that broadcasts in part is written out.</summary>
    private static Tensor Expand(Tensor x, Shape batch, int matrix, out int step)
    {
        var own = Batch(x.Shape);
        step = own.Count == 1 ? 0 : matrix;
        return own.Count == 1 || own.Count == batch.Count ? x : x.Detach().BroadcastTo(new([.. batch.Sizes, .. x.Shape.Sizes[^2..]]));
    }
}

public partial class Tensor
{
    /// <summary>
    /// The matrix product op(this)·op(<paramref name="other"/>) over the last two axes, where op transposes if asked (without
    /// moving data): (…, m, k)·(…, k, n) = (…, m, n). Leading axes are a batch and broadcast. A vector counts as a row on the left and a
    /// column on the right, and its axis is gone from the result.
    /// </summary>
    /// <exception cref="ShapeException">The inner sizes differ.</exception>
    public Tensor MatMul(Tensor other, bool transposeA = false, bool transposeB = false)
    {
        Require(other);
        if (Rank == 0 || other.Rank == 0)
            throw ShapeException.Of("MatMul", "matrices or vectors", $"{Shape} and {other.Shape}", "Use * to multiply by a number.");
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new MatMulCall(transposeA, transposeB), this, other);
        if (Rank == 1)
        {
            var row = Reshape(1, Count).MatMul(other, false, transposeB);
            return row.Reshape(row.Shape.Without(other.Rank == 1 ? 0 : -2));
        }
        if (other.Rank == 1)
        {
            var column = MatMul(other.Reshape(other.Count, 1), transposeA);
            return column.Reshape(column.Shape.Without(-1));
        }
        // One matrix on the right: the rows of the whole batch make one tall product.
        if (Rank > 2 && other.Rank == 2 && !transposeA && Count > 0)
        {
            var tall = Reshape(-1, Shape[-1]).MatMul(other, false, transposeB);
            return tall.Reshape(Shape.With(-1, tall.Shape[-1]));
        }
        return new MatMulOperation(transposeA, transposeB).Apply(this, other);
    }
}
