using PublicCheck = Glia.GradientCheck;

namespace Glia.Tests.Autograd;

public class GradientFunctionTests
{
    private static Tensor Vector(params double[] values) => Tensor.From(values);

    [Fact]
    public void Jacobian_OfMoreInputsThanOutputs_ComesRowByRow()
    {
        var jacobian = Gradients.Jacobian(x => Tensor.Stack(0, (x * x).Sum(), x.Slice(0, 0, 1).Sum() * x.Slice(0, 2, 1).Sum()), Vector(1, 2, 3));
        Assert.Equal((2, 3), jacobian.Shape);
        Assert.Equal([2, 4, 6, 3, 0, 1], jacobian.ToArray<double>());
    }

    [Fact]
    public void Jacobian_OfMoreOutputsThanInputs_ComesColumnByColumn()
    {
        var jacobian = Gradients.Jacobian(x => Tensor.Concat(0, x, x * x, x.Exp() * 0), Vector(2, 5));
        Assert.Equal((6, 2), jacobian.Shape);
        Assert.Equal([1, 0, 0, 1, 4, 0, 0, 10, 0, 0, 0, 0], jacobian.ToArray<double>());
    }

    [Fact]
    public void Jacobian_KeepsTheAxesOfBoth()
    {
        var weight = Tensor.Normal(new Rng(1), (3, 4), dtype: DType.Float64);
        var jacobian = Gradients.Jacobian(x => x.MatMul(weight), Tensor.Normal(new Rng(2), (2, 3), dtype: DType.Float64));
        Assert.Equal(new Shape(2, 4, 2, 3), jacobian.Shape);
        Assert.Equal(weight[1, 2], jacobian[0, 2, 0, 1]);
        Assert.Equal(0, jacobian[0, 2, 1, 1]);
    }

    [Fact]
    public void Hessian_OfRosenbrock_IsExact()
    {
        // f = 100(y − x²)² + (1 − x)²: f_xx = 1200x² − 400y + 2, f_xy = −400x, f_yy = 200.
        static Tensor Rosenbrock(Tensor p)
        {
            var (x, y) = (p.Slice(0, 0, 1), p.Slice(0, 1, 1));
            return ((y - x.Square()).Square() * 100 + (1 - x).Square()).Sum();
        }

        var hessian = Gradients.Hessian(Rosenbrock, Vector(1.5, -2));
        Assert.Equal([1200 * 2.25 + 800 + 2, -600, -600, 200], hessian.ToArray<double>().Select(v => Math.Round(v, 9)));
        var product = Gradients.HessianVectorProduct(Rosenbrock, Vector(1.5, -2), Vector(1, 2));
        Assert.Equal([(1200 * 2.25) + 802 - 1200, -600 + 400], product.ToArray<double>().Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void Hessian_OfSeveralNumbers_IsRefused()
    {
        var error = Assert.Throws<ShapeException>(() => Gradients.Hessian(x => x * 2, Vector(1, 2)));
        Assert.Equal("Hessian expects a function that gives a single number but got one that gives (2,). Reduce it, for example with Sum().", error.Message);
    }

    [Fact]
    public void JacobianVectorProduct_IsTheDerivativeAlongTheDirections()
    {
        var (value, tangent) = Gradients.JacobianVectorProduct(x => x[0] * x[1].Sin(), [Vector(2), Vector(0.5)], [Vector(3), Vector(-1)]);
        Assert.Equal(2 * Math.Sin(0.5), value.Item(), 12);
        Assert.Equal((3 * Math.Sin(0.5)) - (2 * Math.Cos(0.5)), tangent.Item(), 12);
    }

    [Fact]
    public void JacobianVectorProduct_WithADirectionOfAnotherShape_IsRefused()
    {
        var error = Assert.Throws<ShapeException>(() => Gradients.JacobianVectorProduct(x => x[0], [Vector(1, 2)], [Vector(1)]));
        Assert.Equal("JacobianVectorProduct expects a direction of shape (2,) for input 0 but got (1,).", error.Message);
    }

    [Fact]
    public void GradientCheck_OfARightAndAWrongGradient_TellsThemApart()
    {
        var x = Tensor.Uniform(new Rng(3), (2, 3), -1, 1, DType.Float64);
        Assert.True(PublicCheck.Run(t => new Cube().Apply(t[0]), [x]).IsCorrect);
        var wrong = PublicCheck.Run(t => new WrongCube().Apply(t[0]), [x]);
        Assert.False(wrong.IsCorrect);
        Assert.StartsWith("WRONG: at worst, input 0 element ", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void GradientCheck_OfALayer_ChecksItsParametersToo()
    {
        var layer = new Glia.Layers.Dense(3, 2, dtype: DType.Float64);
        Assert.True(PublicCheck.Run(layer, Tensor.Normal(new Rng(1), (4, 3), dtype: DType.Float64)).IsCorrect);
        var error = Assert.Throws<ArgumentException>(() => PublicCheck.Run(new Glia.Layers.Dense(3, 2), Tensor.Zeros((4, 3))));
        Assert.Equal("GradientCheck expects Float64 inputs but got Float32 (4, 3). Convert them with To(DType.Float64).", error.Message);
    }

    [Fact]
    public void CustomFunction_HasForwardModeAndHigherDerivatives()
    {
        var x = Vector(2);
        var (_, tangent) = Gradients.JacobianVectorProduct(t => new Cube().Apply(t[0]), [x], [Vector(5)]);
        Assert.Equal(60, tangent.Item(), 12);
        Assert.Equal(12, Gradients.Hessian(t => new Cube().Apply(t).Sum(), x).Item(), 12);
    }

    [Fact]
    public void CustomFunction_ThatReturnsItsInput_IsANodeOfItsOwn()
    {
        var x = Vector(2, 3);
        x.RequiresGrad = true;
        new Reversal().Apply(x).Sum().Backward();
        Assert.Equal([-1, -1], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void CustomFunction_WithAGradientOfAnotherShape_IsNamed()
    {
        var x = Vector(2, 3);
        x.RequiresGrad = true;
        var error = Assert.Throws<ShapeException>(() => new Shrinking().Apply(x).Sum().Backward());
        Assert.Equal("Shrinking.Backward expects a gradient of shape (2,) for input 0 but got ().", error.Message);
    }

    [Fact]
    public void Graph_ShowsOperationsInOrderWithShapesAndParameterNames()
    {
        var model = Network.Input(3).Dense(2, name: "fc").Tanh().Build(1);
        var loss = model.Forward(Tensor.Ones((4, 3))).Sum();
        var graph = ComputationGraph.Of(loss, model);

        Assert.Equal(
            """
            %0 = input (4, 3) Float32
            %1 = fc.weight (2, 3) Float32
            %2 = fc.bias (2,) Float32
            %3 = Dense(%0, %1, %2) (4, 2) Float32
            %4 = Reshape(%3) (1, 8, 1) Float32
            %5 = Sum(%4) (1, 1, 1) Float32
            %6 = Reshape(%5) () Float32

            """.ReplaceLineEndings("\n"),
            graph.ToText());
        Assert.Contains("  n1([\"fc.weight<br/>(2, 3)\"])\n", graph.ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("  n0 --> n3\n", graph.ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("  n3 [shape=box, label=\"Dense\\n(4, 2)\"];\n", graph.ToDot(), StringComparison.Ordinal);
    }

    private sealed class Cube : DifferentiableFunction
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> inputs) => inputs[0] * inputs[0] * inputs[0];

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, Tensor output, Tensor gradient) => [gradient * 3 * inputs[0].Square()];
    }

    private sealed class WrongCube : DifferentiableFunction
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> inputs) => inputs[0] * inputs[0] * inputs[0];

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, Tensor output, Tensor gradient) => [gradient * 2 * inputs[0].Square()];
    }

    private sealed class Reversal : DifferentiableFunction
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> inputs) => inputs[0];

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, Tensor output, Tensor gradient) => [-gradient];
    }

    private sealed class Shrinking : DifferentiableFunction
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> inputs) => inputs[0] * 2;

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, Tensor output, Tensor gradient) => [gradient.Sum()];
    }
}
