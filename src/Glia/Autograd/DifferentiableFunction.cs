using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>
/// An operation of your own, with its own gradient:
/// <code>
/// sealed class Cube : DifferentiableFunction
/// {
///     protected override Tensor Forward(IReadOnlyList&lt;Tensor&gt; x) => x[0] * x[0] * x[0];
///     protected override Tensor?[] Backward(IReadOnlyList&lt;Tensor&gt; x, Tensor y, Tensor dy) => [dy * 3 * x[0].Square()];
/// }
/// var y = new Cube().Apply(x);
/// </code>
/// Written with tensor operations, the gradient can be differentiated again, and forward mode follows from it. Check it with
/// <see cref="GradientCheck"/>.
/// </summary>
public abstract class DifferentiableFunction
{
    /// <summary>The name in errors and graphs; the class name by default.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Computes the function and records it as one operation.</summary>
    /// <param name="inputs">At least one tensor.</param>
    public Tensor Apply(params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Length == 0)
            throw new ArgumentException($"{Name} expects at least one tensor but got none.");
        return new Node(this).Apply(inputs);
    }

    /// <summary>y = f(x), not recorded.</summary>
    /// <param name="inputs">x.</param>
    protected abstract Tensor Forward(IReadOnlyList<Tensor> inputs);

    /// <summary>The gradient for each input: dy·∂y/∂x.</summary>
    /// <param name="inputs">x.</param>
    /// <param name="output">y.</param>
    /// <param name="gradient">dy, of y's shape.</param>
    /// <returns>One gradient per input, of its shape; null for an input without one.</returns>
    protected abstract Tensor?[] Backward(IReadOnlyList<Tensor> inputs, Tensor output, Tensor gradient);

    private sealed class Node(DifferentiableFunction function) : Operation
    {
        private Tensor?[]? _gradients;
        private Tensor? _gradientsOf;

        public override string Name => function.Name;

        public override bool MixesDTypes => true;

        internal override bool IsComposite => true;

        public override Shape OutputShape(Tensor[] x) => Shape.Scalar;

        public override void Forward(Backend backend, Tensor[] x, Tensor y) => throw new InvalidOperationException("The result is computed by the function.");

        public override Tensor? InputGradient(int i, Tensor y, Tensor dy)
        {
            if (_gradientsOf != dy)
                (_gradients, _gradientsOf) = (Checked(function.Backward(Inputs, y, dy)), dy);
            return _gradients![i];
        }

        /// <summary>Dy ↦ Jᵀ·dy is linear, so the gradient of ⟨Jᵀ·dy, t⟩ with respect to dy is J·t.</summary>
        public override Tensor? Tangent(Tensor y, Tensor?[] tangents)
        {
            using var recording = GradientMode.Set(recording: true);
            var dy = Tensor.Zeros(y.Shape, y.DType, y.Device);
            dy.RequiresGrad = true;
            var gradients = Checked(function.Backward(Inputs, y, dy));
            Tensor? sum = null;
            for (var i = 0; i < gradients.Length; i++)
            {
                if (gradients[i] is { } gradient && tangents[i] is { } tangent)
                    sum = sum is null ? (gradient * tangent).Sum() : sum + (gradient * tangent).Sum();
            }
            return sum is null ? null : Gradients.Of(sum, [dy], createGraph: true)[0];
        }

        protected override Tensor Run(Device device, Tensor[] x, Shape shape)
        {
            using var noGrad = Gradients.NoGrad();
            var y = function.Forward(x) ?? throw new InvalidOperationException($"{Name}.Forward returned null instead of a tensor.");
            // A result that is one of the inputs, or part of another graph, must become a node of its own.
            return y.Detach();
        }

        private Tensor?[] Checked(Tensor?[] gradients)
        {
            if (gradients is null || gradients.Length != Inputs.Length)
                throw new InvalidOperationException($"{Name}.Backward must return {Inputs.Length} gradients, one per input, but returned {gradients?.Length ?? 0}.");
            for (var i = 0; i < gradients.Length; i++)
            {
                if (gradients[i] is { } gradient && gradient.Shape != Inputs[i].Shape)
                    throw ShapeException.Of($"{Name}.Backward", $"a gradient of shape {Inputs[i].Shape} for input {i}", $"{gradient.Shape}");
            }
            return gradients;
        }
    }
}
