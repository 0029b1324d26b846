using Glia.Layers;

namespace Glia.Tests.Layers.Recurrent;

public class TraceTests
{
    private static readonly ForwardContext Padded = ForwardContext.Inference.WithLengths(Tensor.From([4L, 2]));

    private static Tensor Input => Numbers.Normal((2, 4, 3), 1);

    [Fact]
    public void Lstm_Trace_HoldsTheEquations()
    {
        var layer = new Lstm(3, 5, new() { ReturnSequences = true }, DType.Float64);
        var t = layer.Trace(Input, context: Padded);
        Numbers.Close(layer.Forward(Input, Padded), t.Hidden, 1e-12, 1e-13);
        for (var time = 1; time < 4; time++)
        {
            var (c, before) = (At(t.Cell, 0, time), At(t.Cell, 0, time - 1));
            Numbers.Close((At(t.ForgetGate, 0, time) * before) + (At(t.InputGate, 0, time) * At(t.Proposal, 0, time)), c, 1e-13, 1e-13);
            Numbers.Close(At(t.OutputGate, 0, time) * c.Tanh(), At(t.Hidden, 0, time), 1e-13, 1e-13);
        }
        foreach (var beyond in new[] { t.InputGate, t.ForgetGate, t.OutputGate, t.Proposal, t.Cell, t.Hidden })
            Assert.All(At(beyond, 1, 2).ToDoubles(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Gru_Trace_HoldsTheEquation()
    {
        var layer = new Gru(3, 5, new() { ReturnSequences = true }, DType.Float64);
        var t = layer.Trace(Input);
        Numbers.Close(layer.Forward(Input), t.Hidden, 1e-12, 1e-13);
        var z = At(t.UpdateGate, 0, 2);
        Numbers.Close(((1 - z) * At(t.Proposal, 0, 2)) + (z * At(t.Hidden, 0, 1)), At(t.Hidden, 0, 2), 1e-13, 1e-13);
        Assert.All(t.ResetGate.ToDoubles(), r => Assert.InRange(r, 0, 1));
    }

    [Fact]
    public void SimpleRnn_Trace_HoldsTheEquations()
    {
        var layer = new SimpleRnn(3, 5, new() { Outputs = 2, OutputActivation = new Sigmoid(), ReturnSequences = true }, DType.Float64);
        var t = layer.Trace(Input, context: Padded);
        Numbers.Close(layer.Forward(Input, Padded), t.Output, 1e-12, 1e-13);
        var z = Input.Slice(0, 0, 1).Slice(1, 1, 1).Reshape(1, 3).MatMul(layer.WeightIh, transposeB: true) + layer.Bias! + At(t.Hidden, 0, 0).MatMul(layer.WeightHh, transposeB: true);
        Numbers.Close(z.Tanh(), At(t.Hidden, 0, 1), 1e-13, 1e-13);
        Numbers.Close((At(t.Hidden, 0, 1).MatMul(layer.WeightHy!, transposeB: true) + layer.BiasY!).Sigmoid(), At(t.Output, 0, 1), 1e-13, 1e-13);
        Assert.All(At(t.Output, 1, 3).ToDoubles(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Lstm_Peepholes_ByHand()
    {
        var layer = new Lstm(1, 1, new() { Peephole = true, ForgetBias = 0 }, DType.Float64);
        layer.WeightIh.FillInPlace(0);
        layer.WeightHh.FillInPlace(0);
        layer.WeightPeephole!.CopyFrom(Tensor.From([2.0, -1, 3]));
        var t = layer.Trace(Tensor.Zeros((1, 1, 1), DType.Float64), new(Tensor.Zeros((1, 1), DType.Float64), Tensor.Full((1, 1), 0.5, DType.Float64)));
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var c = Sigmoid(-0.5) * 0.5;
        Assert.Equal(Sigmoid(1), t.InputGate.Item(), 1e-14);
        Assert.Equal(c, t.Cell.Item(), 1e-14);
        Assert.Equal(Sigmoid(3 * c) * Math.Tanh(c), t.Hidden.Item(), 1e-14);
    }

    [Fact]
    public void Lstm_LayerNorm_WeightsOfAnyScale_GiveTheSame()
    {
        var layer = new Lstm(3, 4, new() { LayerNorm = true }, DType.Float64);
        var before = layer.Forward(Input);
        layer.WeightIh.CopyFrom(layer.WeightIh.Detach() * 50);
        layer.WeightHh.CopyFrom(layer.WeightHh.Detach() * 50);
        Numbers.Close(before, layer.Forward(Input), 1e-3, 1e-3);
    }

    private static Tensor At(Tensor x, int sequence, int time) => x.Slice(0, sequence, 1).Slice(1, time, 1).Reshape(1, x.Shape[2]);
}
