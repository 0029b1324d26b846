using Glia.Layers;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Products of matrices and of tensors.</summary>
internal static class Products
{
    public static Operator[] All =>
    [
        new("MatMul", 1, "2", "", c => c.Same(Wrap(MatMul(c.X, c.In(1).To(c.X.DType)), c.Type(0)))),
        new("Gemm", 1, "2-3", "alpha:f beta:f transA:i transB:i", Gemm),
        new("Einsum", 12, "1-*", "equation:s", c => c.Same(Wrap(Einsum.Compute(c.Text("equation", ""), [.. c.All().Select(v => v.Tensor)]), c.Type(0)))),
        new("Det", 11, "1", "", Det),
    ];

    /// <summary>act(x·op(w) + b), which passes over a graph make of products, sums and activation functions.</summary>
    public static Operator Dense { get; } = new("Dense", 1, "2-3", "", FusedDense);

    /// <summary>The product of matrices of real or of whole numbers.</summary>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false) => WholeNumbers.Are(a)
        ? WholeNumbers.MatMul(transposeA ? a.Transpose() : a, transposeB ? b.Transpose() : b)
        : a.MatMul(b, transposeA, transposeB);

    private static Value[] Gemm(NodeCall c)
    {
        var (alpha, beta) = (c.Float("alpha", 1), c.Float("beta", 1));
        var (transA, transB) = (c.Flag("transA"), c.Flag("transB"));
        if (c.X.Rank != 2 || c.In(1).Rank != 2)
            throw new ArgumentException($"matrices were expected but got {c.X.Shape} and {c.In(1).Shape}.");
        var (a, b) = (c.X, c.In(1).To(c.X.DType));
        var bias = c.Has(2) && beta != 0 ? c.In(2).To(a.DType) : null;
        if (a.DType.IsFloatingPoint() && alpha == 1 && beta == 1 && !transA && transB && a.Shape[1] == b.Shape[1] && (bias is null || bias.Shape == new Shape(b.Shape[0])))
            return c.Same(ActivationFunction.Identity.Dense(a, b, bias));
        var y = Scaled(MatMul(a, b, transA, transB), alpha);
        if (bias is null)
            return c.Same(Wrap(y, c.Type(0)));
        bias = Scaled(bias, beta);
        return c.Same(WholeNumbers.Are(a) ? Wrap(Binary<Arithmetic.Sum>("Gemm", y, bias), c.Type(0)) : y + bias);
    }

    private static Tensor Scaled(Tensor x, double factor) => factor == 1 ? x : ViaDouble(x, v => v * factor);

    /// <summary>The weights lie (out, in) where <c>transB</c> is set, as they do in most files, else (in, out).</summary>
    private static Value[] FusedDense(NodeCall c)
    {
        var (x, w, b) = (c.X, c.In(1), c.Maybe(2));
        var activation = c.Attributes.Get<ActivationFunction>("activation") ?? ActivationFunction.Identity;
        var isTransposed = c.Flag("transB");
        var outputs = isTransposed ? w.Shape[0] : w.Shape[1];
        if (isTransposed && x.Rank >= 2 && x.Shape[-1] == w.Shape[1] && x.Count > 0)
            return c.Same(activation.Dense(x.Reshape(-1, x.Shape[-1]), w, b).Reshape(x.Shape.With(-1, outputs)));
        var y = x.MatMul(w, transposeB: isTransposed);
        return c.Same(activation.Apply(b is null ? y : y + b));
    }

    private static Value[] Det(NodeCall c)
    {
        var (x, n) = (c.X, c.X.Shape[-1]);
        if (x.Rank < 2 || x.Shape[-2] != n)
            throw new ArgumentException($"square matrices were expected but got {x.Shape}.");
        return c.Same(Make(new Shape(x.Shape.Sizes[..^2]), x.DType, (x.Detach(), n), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
            {
                var matrix = new double[s.n * s.n];
                for (var j = 0; j < matrix.Length; j++)
                    matrix[j] = s.Item1.GetFlat((i * matrix.Length) + j);
                y.SetFlat(i, Determinant(matrix, s.n));
            }
        }));
    }

    /// <summary>By elimination, with the largest element of each column as its pivot.</summary>
    private static double Determinant(double[] m, int n)
    {
        var result = 1.0;
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(r => Math.Abs(m[(r * n) + k]));
            if (m[(pivot * n) + k] == 0)
                return 0;
            if (pivot != k)
            {
                result = -result;
                for (var j = 0; j < n; j++)
                    (m[(k * n) + j], m[(pivot * n) + j]) = (m[(pivot * n) + j], m[(k * n) + j]);
            }
            result *= m[(k * n) + k];
            for (var r = k + 1; r < n; r++)
            {
                var factor = m[(r * n) + k] / m[(k * n) + k];
                for (var j = k; j < n; j++)
                    m[(r * n) + j] -= factor * m[(k * n) + j];
            }
        }
        return result;
    }
}
