using Glia.Layers;

namespace Glia.Tests.Layers;

public class ConvLstmTests
{
    private const DType F64 = DType.Float64;

    [Fact]
    public void OneDimension_EqualsTwoWithOneRow()
    {
        var (one, two) = (new ConvLstm1D(2, 3, 3, true, dtype: F64), new ConvLstm2D(2, 3, (1, 3), true, dtype: F64));
        two.LoadStateDict(one.StateDict().ToDictionary(p => p.Key, p => p.Value.Rank == 1 ? p.Value : p.Value.Reshape(p.Value.Shape[0], p.Value.Shape[1], 1, 3)));
        var x = Numbers.Normal((2, 4, 2, 6), 1);
        Numbers.Close(one.Forward(x), two.Forward(x.Reshape(2, 4, 2, 1, 6)).Reshape(2, 4, 3, 6), 1e-12, 1e-12);
    }

    [Fact]
    public void LastOutput_IsTheLastOfTheSequence()
    {
        var (all, last) = (new ConvLstm2D(1, 2, 3, returnSequences: true, dtype: F64), new ConvLstm2D(1, 2, 3, dtype: F64));
        last.LoadStateDict(all.StateDict());
        var x = Numbers.Normal(new Shape(2, 3, 1, 4, 5), 1);
        Numbers.SameBits(all.Forward(x).Slice(1, 2, 1).Reshape(2, 2, 4, 5), last.Forward(x));
    }

    [Fact]
    public void SequenceInTwoPieces_StateHandedOn_EqualsOnePiece()
    {
        var layer = new ConvLstm1D(1, 2, 3, peepholes: 4, dtype: F64);
        foreach (var parameter in layer.Parameters)
            parameter.CopyFrom(Numbers.Normal(parameter.Shape, 3));
        var x = Numbers.Normal((2, 5, 1, 4), 1);
        var whole = layer.Run(x, ForwardContext.Inference);
        var first = layer.Run(x.Slice(1, 0, 2), ForwardContext.Inference);
        var second = layer.Run(x.Slice(1, 2, 3), ForwardContext.Inference, first.Hidden, first.Cell);
        Numbers.Close(whole.Output, Tensor.Concat(1, first.Output, second.Output), 1e-12, 1e-12);
        Numbers.Close(whole.Cell, second.Cell, 1e-12, 1e-12);
    }

    [Fact]
    public void Lengths_EqualRunningTheShorterSequencesAlone()
    {
        var layer = new ConvLstm1D(1, 2, 3, dtype: F64);
        var x = Numbers.Normal((2, 4, 1, 5), 1);
        var (output, hidden, cell) = layer.Run(x, ForwardContext.Inference.WithLengths(Tensor.From<long>([4, 2])));
        var alone = layer.Run(x.Slice(0, 1, 1).Slice(1, 0, 2), ForwardContext.Inference);
        Numbers.Close(alone.Output, output.Slice(0, 1, 1).Slice(1, 0, 2), 1e-12, 1e-12);
        Assert.All(output.Slice(0, 1, 1).Slice(1, 2, 2).ToDoubles(), v => Assert.Equal(0, v));
        Numbers.Close(alone.Hidden, hidden.Slice(0, 1, 1), 1e-12, 1e-12);
        Numbers.Close(alone.Cell, cell.Slice(0, 1, 1), 1e-12, 1e-12);
    }

    [Fact]
    public void ForwardModeEqualsReverse_AndSecondOrderEqualsFiniteDifferences()
    {
        var layer = new ConvLstm1D(1, 2, 3, peepholes: 4, dtype: F64);
        var (x, direction) = (Numbers.Normal((2, 3, 1, 4), 1), Numbers.Normal((2, 3, 1, 4), 20));
        var (y, tangent) = Gradients.JacobianVectorProduct(t => layer.Forward(t[0]), [x], [direction]);
        var u = Numbers.Normal(y.Shape, 5);
        x.RequiresGrad = true;
        Assert.Equal(Numbers.Dot(Gradients.Of(layer.Forward(x), [x], u)[0], direction), Numbers.Dot(u, tangent), 9);
        GradientCheck.Holds(t => Gradients.Of(layer.Forward(t[0]).Square().Sum(), [t[0]], createGraph: true)[0], [x], "second order");
    }

    [Fact]
    public void ForgetGates_StartOpen() =>
        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 0], new ConvLstm1D(1, 2, 3).Bias!.ToDoubles());

    [Fact]
    public void StateOrSizeThatDoesNotFit_IsNamed()
    {
        var layer = new ConvLstm1D(1, 2, 3, peepholes: 4);
        Assert.Equal(
            "ConvLstm1D expects a state of shape (2, 2, 4) but got (2, 2, 5).",
            Assert.Throws<ShapeException>(() => layer.Run(Tensor.Zeros((2, 3, 1, 4)), ForwardContext.Inference, Tensor.Zeros((2, 2, 5)))).Message);
        Assert.Equal(
            "ConvLstm1D expects steps of 5, the size of its peepholes, but got input (3, 1, 4).",
            Assert.Throws<ShapeException>(() => new ConvLstm1D(1, 2, 3, peepholes: 5).OutputShape((3, 1, 4))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvLstm2D(1, 2, 3, peepholes: (0, 2)));
    }
}
