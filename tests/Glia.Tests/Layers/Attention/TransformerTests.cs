using Glia.Layers;

namespace Glia.Tests.Layers;

public class TransformerTests
{
    private const DType F64 = DType.Float64;
    private static readonly TransformerOptions NoDropout = new() { Dropout = 0 };

    [Fact]
    public void Stacks_NameTheirParametersAsPyTorchDoes()
    {
        var keys = new TransformerEncoder(4, 2, 8, 2).StateDict().Keys.ToArray();
        Assert.Equal(24, keys.Length);
        Assert.Equal("layers.0.linear1.bias layers.0.linear1.weight layers.0.linear2.bias layers.0.linear2.weight layers.0.norm1.bias layers.0.norm1.weight "
            + "layers.0.norm2.bias layers.0.norm2.weight layers.0.self_attn.in_proj_bias layers.0.self_attn.in_proj_weight layers.0.self_attn.out_proj.bias "
            + "layers.0.self_attn.out_proj.weight", string.Join(" ", keys[..12]));
        Assert.Contains("layers.1.multihead_attn.in_proj_weight", new TransformerDecoder(4, 2, 8, 2).StateDict().Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EncoderLayer_ForwardModeEqualsReverse_AndSecondOrderEqualsFiniteDifferences(bool normFirst)
    {
        var layer = new TransformerEncoderLayer(4, 2, 5, NoDropout with { NormFirst = normFirst, Causal = true, Activation = TransformerActivation.GELU }, F64);
        var (x, direction) = (Numbers.Normal((2, 3, 4), 1), Numbers.Normal((2, 3, 4), 20));
        var (y, tangent) = Gradients.JacobianVectorProduct(t => layer.Forward(t[0]), [x], [direction]);
        var u = Numbers.Normal(y.Shape, 5);
        x.RequiresGrad = true;
        Assert.Equal(Numbers.Dot(Gradients.Of(layer.Forward(x), [x], u)[0], direction), Numbers.Dot(u, tangent), 9);
        GradientCheck.Holds(t => Gradients.Of(layer.Forward(t[0]).Square().Sum(), [t[0]], createGraph: true)[0], [x], "second order");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DecoderLayer_Gradients_EqualFiniteDifferences(bool normFirst)
    {
        var layer = new TransformerDecoderLayer(4, 2, 5, NoDropout with { NormFirst = normFirst }, F64);
        var masks = new TransformerDecoderMasks { MemoryPadding = Tensor.From([false, true, false, false], (2, 2)) };
        Tensor[] x = [Numbers.Normal((2, 3, 4), 1), Numbers.Normal((2, 2, 4), 2), .. layer.Parameters];
        GradientCheck.Holds(t => layer.Forward(t[0], t[1], ForwardContext.Inference, masks), x, "decoder");
    }

    [Fact]
    public void Decoder_SeesEarlierTargetStepsAndTheValidMemoryOnly()
    {
        var decoder = new TransformerDecoder(4, 2, 8, 2, NoDropout, F64);
        var (target, memory) = (Numbers.Normal((1, 4, 4), 1), Numbers.Normal((1, 3, 4), 2));
        var masks = new TransformerDecoderMasks { MemoryPadding = MultiHeadAttention.PaddingMask(Tensor.From<long>([2]), 3) };
        var y = decoder.Forward(target, memory, ForwardContext.Inference, masks);
        Numbers.Close(y.Slice(1, 0, 2), decoder.Forward(target.Slice(1, 0, 2), memory.Slice(1, 0, 2), ForwardContext.Inference), 1e-11, 1e-11);
        Assert.True((y - decoder.Forward(target, memory, ForwardContext.Inference)).Abs().Max().Item() > 1e-4);
        Assert.True((y - decoder.Forward(target, memory, ForwardContext.Inference, masks with { Causal = false })).Slice(1, 0, 2).Abs().Max().Item() > 1e-4);
    }

    [Fact]
    public void Decoder_WithoutAMemory_SaysWhatToCall() => Assert.Equal(
        "TransformerDecoder takes a target and a memory: call Forward(target, memory, context). For a decoder without a memory take TransformerEncoder with Causal.",
        Assert.Throws<NotSupportedException>(() => new TransformerDecoder(4, 2, 8).Forward(Tensor.Zeros((1, 2, 4)))).Message);

    [Fact]
    public void NormFirst_OfZeroWeights_PassesTheInputOn()
    {
        var layer = new TransformerEncoderLayer(4, 2, 8, new() { NormFirst = true }, F64);
        layer.SelfAttention.OutProj.Weight.CopyFrom(Tensor.Zeros((4, 4), F64));
        layer.Linear2.Weight.CopyFrom(Tensor.Zeros((4, 8), F64));
        var x = Numbers.Normal((2, 3, 4), 1);
        Numbers.Close(x, layer.Forward(x), 0, 0);
    }

    [Fact]
    public void AttentionWeights_OneMatrixPerLayerAndHead()
    {
        var encoder = new TransformerEncoder(4, 2, 8, 3, new() { Causal = true }, F64);
        var weights = encoder.AttentionWeights(Numbers.Normal((2, 5, 4), 1), ForwardContext.Inference);
        Assert.Equal(3, weights.Count);
        Assert.All(weights, w => Assert.Equal((2, 2, 5, 5), w.Shape));
        Numbers.Close(Tensor.Ones((2, 2, 5), F64), weights[2].Sum(-1), 1e-12, 1e-12);
        Assert.Equal(0, weights[1][0, 1, 2, 3]);
    }

    [Fact]
    public void PositionalEncoding_IsVaswanisFormula()
    {
        var table = PositionalEncoding.Table(7, 5, F64);
        Assert.Equal(Math.Sin(6 / Math.Pow(10_000, 2.0 / 5)), table[6, 2], 14);
        Assert.Equal(Math.Cos(6 / Math.Pow(10_000, 2.0 / 5)), table[6, 3], 14);
        Assert.Equal([0, 1, 0, 1, 0], table.Slice(0, 0, 1).ToDoubles());
        var layer = new PositionalEncoding();
        foreach (var time in new[] { 7, 3, 7 })
            Numbers.SameBits(table.Slice(0, 0, time).Reshape(1, time, 5), layer.Forward(Tensor.Zeros((1, time, 5), F64)));
    }

    [Fact]
    public void Activation_OutOfRange_Refused() => Assert.StartsWith(
        "The activation of a Transformer must be ReLU or GELU.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransformerEncoderLayer(4, 2, 8, new() { Activation = (TransformerActivation)7 })).Message, StringComparison.Ordinal);
}
