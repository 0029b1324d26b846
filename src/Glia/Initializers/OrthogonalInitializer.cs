namespace Glia.Initializers;

/// <summary>
/// Normal vectors made orthogonal one after the other (Gram–Schmidt). Each keeps its own direction's sign, which makes the result evenly
/// distributed.
/// </summary>
internal sealed class OrthogonalInitializer(double gain) : Initializer
{
    private readonly double _gain = RequireScale(gain, nameof(gain));

    public override void Fill(Tensor tensor, Rng rng)
    {
        if (tensor.Rank < 2)
            throw ShapeException.Of(nameof(Orthogonal), "a tensor of at least two axes", $"{tensor.Shape}", "Take another initializer for vectors.");
        if (tensor.Count == 0)
            return;
        using var scope = new TensorScope();
        var rows = tensor.Shape[0];
        var columns = tensor.Count / rows;
        var vectors = Tensor.AllocatePersistent((Math.Min(rows, columns), Math.Max(rows, columns)), DType.Float64, Device.Cpu);
        for (var i = 0; i < vectors.Shape[0]; i++)
        {
            vectors.Slice(0, i, 1).CopyFrom(Next(vectors.Slice(0, 0, i), rng));
            scope.Reset();
        }
        var matrix = (rows <= columns ? vectors : vectors.Transpose()) * _gain;
        tensor.CopyFrom(matrix.Reshape(tensor.Shape).To(tensor.DType).To(tensor.Device));
    }

    /// <summary>A vector of length 1 orthogonal to the rows of a matrix.</summary>
    private static Tensor Next(Tensor others, Rng rng)
    {
        while (true)
        {
            var vector = Tensor.Normal(rng, (1, others.Shape[1]), dtype: DType.Float64);
            // Projecting twice leaves an error of the size of one rounding.
            for (var pass = 0; pass < 2 && others.Shape[0] > 0; pass++)
                vector -= vector.MatMul(others, transposeB: true).MatMul(others);
            var norm = Math.Sqrt(vector.Square().Sum().Item());
            // A vector that the others all but span is drawn again.
            if (norm > 1e-6)
                return vector / norm;
        }
    }
}
