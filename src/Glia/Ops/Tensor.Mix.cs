using Glia.Replay;

namespace Glia;

public partial class Tensor
{
    /// <summary>Weighted sums along one axis: y[…, i, …] = Σⱼ weights[i, j]·x[…, j, …].</summary>
    internal static Tensor Mix(Tensor x, int axis, double[,] weights)
    {
        var (outer, count, inner) = Axes.Split(x.Shape, axis);
        var matrix = Recorder.Constant((weights, x.DType, x.Device), static s => From(s.weights).To(s.DType).To(s.Device));
        var y = inner == 1
            ? x.Reshape(outer, count).MatMul(matrix, transposeB: true)
            : matrix.MatMul(x.Reshape(outer, count, inner));
        return y.Reshape(x.Shape.With(axis, weights.GetLength(0)));
    }
}
