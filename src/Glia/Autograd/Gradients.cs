namespace Glia;

/// <summary>Switches and functions of automatic differentiation that do not belong to one tensor.</summary>
public static partial class Gradients
{
    /// <summary>Whether operations on this thread are recorded for differentiation; true by default.</summary>
    public static bool AreRecorded => Autograd.GradientMode.IsRecording;

    /// <summary>Stops recording on this thread until the returned guard is disposed: <c>using (Gradients.NoGrad()) { … }</c>.</summary>
    public static NoGradScope NoGrad() => new(Autograd.GradientMode.Set(recording: false));

    /// <summary>dy·∂y/∂x for each x by reverse mode, without touching <see cref="Tensor.Grad"/>; zeros where y does not depend on x.</summary>
    /// <param name="y">The result of recorded operations.</param>
    /// <param name="xs">Tensors that require a gradient, leaves or not.</param>
    /// <param name="dy">The weight of each element of y; ones by default.</param>
    /// <param name="createGraph">Records the computation of the gradients, so that they can be differentiated again.</param>
    /// <returns>One gradient per x, of its shape.</returns>
    /// <exception cref="ShapeException">dy has another shape than y.</exception>
    public static Tensor[] Of(Tensor y, IReadOnlyList<Tensor> xs, Tensor? dy = null, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(xs);
        dy ??= Tensor.Ones(y.Shape, y.DType, y.Device);
        if (dy.Shape != y.Shape)
            throw ShapeException.Of("Gradients.Of", $"a weight of shape {y.Shape}", $"{dy.Shape}");
        var distinct = xs.Distinct().ToList();
        var gradients = Autograd.BackwardPass.Gradients(y, dy, distinct, createGraph);
        return xs.Select(x => gradients[distinct.IndexOf(x)] ?? Tensor.Zeros(x.Shape, x.DType, x.Device)).ToArray();
    }

    /// <summary>Recording is off until this is disposed.</summary>
    public readonly struct NoGradScope : IDisposable
    {
        private readonly Autograd.GradientMode.Switch _switch;

        internal NoGradScope(Autograd.GradientMode.Switch before) => _switch = before;

        /// <summary>Records again, if it was so before.</summary>
        public void Dispose() => _switch.Dispose();
    }
}
