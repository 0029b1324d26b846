using Glia.Autograd;

namespace Glia;

public static partial class Gradients
{
    /// <summary>
    /// f(x) and its derivative along directions v, J·v = Σₖ ∂f/∂xₖ·vₖ, in one pass of forward mode (dual numbers): as cheap as f itself for one
    /// direction, where reverse mode gives one row of J.
    /// </summary>
    /// <param name="function">f, written with tensor operations.</param>
    /// <param name="inputs">x₁, x₂, …</param>
    /// <param name="directions">v₁, v₂, … of the inputs' shapes; null stands for zeros.</param>
    /// <returns>The value, and its tangent of the same shape.</returns>
    /// <exception cref="ShapeException">A direction has another shape than its input.</exception>
    public static (Tensor Value, Tensor Tangent) JacobianVectorProduct(
        Func<IReadOnlyList<Tensor>, Tensor> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?> directions)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(directions);
        if (directions.Count != inputs.Count)
            throw new ArgumentException($"JacobianVectorProduct expects one direction per input but got {directions.Count} for {inputs.Count}.");
        for (var i = 0; i < inputs.Count; i++)
        {
            if (directions[i] is { } direction && direction.Shape != inputs[i].Shape)
                throw ShapeException.Of("JacobianVectorProduct", $"a direction of shape {inputs[i].Shape} for input {i}", $"{direction.Shape}");
        }
        return ForwardMode.JacobianVectorProduct(function, inputs, directions);
    }

    /// <summary>The Jacobian ∂f/∂x: all elements of f by all elements of x, by forward or reverse mode, whichever needs fewer passes.</summary>
    /// <returns>A tensor of shape (f's axes…, x's axes…).</returns>
    public static Tensor Jacobian(Func<Tensor, Tensor> function, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(function);
        var variable = Variable(x);
        var y = function(variable);
        var shape = new Shape([.. y.Shape.Sizes, .. x.Shape.Sizes]);
        if (y.Count <= x.Count)
            return Stack(Rows(y, variable), 0, shape);
        var columns = Enumerable.Range(0, x.Count).Select(i => ForwardMode.JacobianVectorProduct(v => function(v[0]), [x.Detach()], [Unit(x, i)]).Tangent);
        return Stack([.. columns.Select(c => c.Detach().Reshape(c.Count))], 1, shape);
    }

    /// <summary>The Hessian ∂²f/∂x∂x of a function that gives a single number.</summary>
    /// <returns>A tensor of shape (x's axes…, x's axes…), symmetric.</returns>
    /// <exception cref="ShapeException">f gives more than one number.</exception>
    public static Tensor Hessian(Func<Tensor, Tensor> function, Tensor x)
    {
        var (variable, gradient) = GradientOf(function, x);
        return Stack(Rows(gradient, variable), 0, new Shape([.. x.Shape.Sizes, .. x.Shape.Sizes]));
    }

    /// <summary>The Hessian of f times a vector, without forming the Hessian: the gradient of ⟨∂f/∂x, v⟩.</summary>
    /// <param name="function">A function that gives a single number.</param>
    /// <param name="x">Where.</param>
    /// <param name="vector">v, of x's shape.</param>
    /// <exception cref="ShapeException">f gives more than one number, or v has another shape than x.</exception>
    public static Tensor HessianVectorProduct(Func<Tensor, Tensor> function, Tensor x, Tensor vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        var (variable, gradient) = GradientOf(function, x);
        if (vector.Shape != x.Shape)
            throw ShapeException.Of("HessianVectorProduct", $"a vector of shape {x.Shape}", $"{vector.Shape}");
        return Of((gradient * vector.Detach()).Sum(), [variable])[0];
    }

    private static (Tensor Variable, Tensor Gradient) GradientOf(Func<Tensor, Tensor> function, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(function);
        var variable = Variable(x);
        var y = function(variable);
        if (y.Count != 1)
            throw ShapeException.Of("Hessian", "a function that gives a single number", $"one that gives {y.Shape}", "Reduce it, for example with Sum().");
        return (variable, Of(y, [variable], createGraph: true)[0]);
    }

    private static Tensor Variable(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var variable = x.Detach();
        variable.RequiresGrad = true;
        return variable;
    }

    private static Tensor[] Rows(Tensor y, Tensor x)
    {
        var flat = y.Reshape(y.Count);
        return [.. Enumerable.Range(0, y.Count).Select(i => Of(flat, [x], Unit(flat, i))[0].Reshape(x.Count))];
    }

    private static Tensor Stack(Tensor[] parts, int axis, Shape shape) =>
        parts.Length == 0 ? Tensor.Zeros(shape) : Tensor.Stack(axis, parts).Reshape(shape);

    /// <summary>1 at one element, 0 elsewhere.</summary>
    private static Tensor Unit(Tensor like, int index)
    {
        var unit = Tensor.Zeros(like.Shape, like.DType, like.Device);
        unit.SetFlat(index, 1);
        return unit;
    }
}
