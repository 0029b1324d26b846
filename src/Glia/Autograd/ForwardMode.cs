namespace Glia.Autograd;

/// <summary>Dual numbers: while active on this thread, results carry the tangents that follow from those of their inputs.</summary>
internal static class ForwardMode
{
    [ThreadStatic]
    private static int _depth;

    public static bool IsActive => _depth > 0;

    public static Pausing Pause()
    {
        var pausing = new Pausing(_depth);
        _depth = 0;
        return pausing;
    }

    internal readonly struct Pausing(int depth) : IDisposable
    {
        public void Dispose() => _depth = depth;
    }

    /// <summary>f(x) and its derivative along a direction, J·v, in one pass.</summary>
    /// <returns>The value, and the tangent (zeros when the value does not depend on the inputs).</returns>
    public static (Tensor Value, Tensor Tangent) JacobianVectorProduct(
        Func<IReadOnlyList<Tensor>, Tensor> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?> directions)
    {
        var duals = new Tensor[inputs.Count];
        for (var i = 0; i < duals.Length; i++)
        {
            duals[i] = inputs[i].Alias();
            duals[i].Tangent = directions[i];
        }
        _depth++;
        try
        {
            var y = function(duals);
            return (y, y.Tangent ?? Tensor.Zeros(y.Shape, y.DType, y.Device));
        }
        finally
        {
            _depth--;
        }
    }
}
