using Glia.Layers;

namespace Glia.Tests.Layers;

public class MultiHeadAttentionTests
{
    private const DType F64 = DType.Float64;

    [Fact]
    public void Weights_OfEachQuery_SumToOne()
    {
        var weights = Tensor.AttentionWeights(Numbers.Normal((2, 3, 4), 1), Numbers.Normal((2, 5, 4), 2));
        Numbers.Close(Tensor.Ones((2, 3), F64), weights.Sum(-1), 1e-12, 1e-12);
    }

    [Fact]
    public void WhollyForbiddenRow_GivesZeros_AndFiniteGradients()
    {
        var (q, k, v) = (Leaf((2, 4), 1), Leaf((3, 4), 2), Leaf((3, 2), 3));
        Tensor[] masks = [Tensor.From([true, true, true, false, true, false], (2, 3)), Tensor.From([double.NegativeInfinity, 0]).Reshape(2, 1)];
        foreach (var mask in masks)
        {
            var y = Tensor.ScaledDotProductAttention(q, k, v, mask);
            Assert.Equal([0, 0], y.Slice(0, 0, 1).ToDoubles());
            Assert.All(y.ToDoubles(), x => Assert.True(double.IsFinite(x)));
            foreach (var gradient in Gradients.Of(y.Square().Sum(), [q, k, v]))
                Assert.All(gradient.ToDoubles(), x => Assert.True(double.IsFinite(x)));
            GradientCheck.Holds(x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], mask), [q, k, v], "with a row that is forbidden");
        }
    }

    [Fact]
    public void BooleanMask_EqualsMinusInfinityAdded_AndALargeNegativeNumber()
    {
        var (q, k, v) = (Numbers.Normal((2, 4), 1), Numbers.Normal((3, 4), 2), Numbers.Normal((3, 2), 3));
        var mask = Tensor.From([true, false, false, false, true, true], (2, 3));
        var expected = Tensor.ScaledDotProductAttention(q, k, v, mask);
        Numbers.SameBits(expected, Tensor.ScaledDotProductAttention(q, k, v, Tensor.Where(mask, Tensor.Scalar(double.NegativeInfinity, F64), Tensor.Scalar(0, F64))));
        Numbers.Close(expected, Tensor.ScaledDotProductAttention(q, k, v, mask.To(F64) * -1e9), 1e-12, 1e-12);
    }

    [Fact]
    public void ForbiddenKeys_AsIfTheyWereNotThere()
    {
        var (q, k, v) = (Numbers.Normal((2, 4), 1), Numbers.Normal((5, 4), 2), Numbers.Normal((5, 2), 3));
        var y = Tensor.ScaledDotProductAttention(q, k, v, Tensor.From([false, false, false, true, true]));
        Numbers.Close(Tensor.ScaledDotProductAttention(q, k.Slice(0, 0, 3), v.Slice(0, 0, 3)), y, 1e-12, 1e-12);
    }

    [Fact]
    public void Causal_OutputAtAStep_DoesNotDependOnLaterInputs()
    {
        foreach (var layer in CausalLayers())
        {
            var x = Numbers.Normal((2, 6, 4), 1);
            var changed = Tensor.Concat(1, x.Slice(1, 0, 3), Numbers.Normal((2, 3, 4), 2) * 10);
            var (y, other) = (layer.Forward(x), layer.Forward(changed));
            Numbers.Close(y.Slice(1, 0, 3), other.Slice(1, 0, 3), 1e-13, 1e-13, layer.GetType().Name);
            Assert.True(Math.Abs(y[0, 5, 0] - other[0, 5, 0]) > 1e-6);
        }
    }

    [Fact]
    public void StepsPermuted_WithoutPositions_PermuteTheOutput_WithThemTheyDoNot()
    {
        var order = Tensor.From<long>([3, 0, 2, 1]);
        var x = Numbers.Normal((2, 4, 4), 1);
        foreach (var layer in new Layer[] { new MultiHeadAttention(4, 2, dtype: F64), new TransformerEncoder(4, 2, 8, 2, dtype: F64) })
            Numbers.Close(layer.Forward(x).IndexSelect(1, order), layer.Forward(x.IndexSelect(1, order)), 1e-11, 1e-11);
        var encoder = new TransformerEncoder(4, 2, 8, dtype: F64);
        var positions = new PositionalEncoding();
        var (a, b) = (encoder.Forward(positions.Forward(x)).IndexSelect(1, order), encoder.Forward(positions.Forward(x.IndexSelect(1, order))));
        Assert.True((a - b).Abs().Max().Item() > 1e-3);
    }

    [Fact]
    public void Lengths_EqualRunningTheShorterSequencesAlone()
    {
        Layer[] layers =
        [
            new MultiHeadAttention(4, 2, dtype: F64), new TransformerEncoderLayer(4, 2, 8, dtype: F64),
            new TransformerEncoder(4, 2, 8, 2, new() { NormFirst = true }, F64), .. CausalLayers(),
        ];
        var x = Numbers.Normal((3, 5, 4), 1);
        int[] lengths = [5, 2, 3];
        var context = ForwardContext.Inference.WithLengths(Tensor.From<long>([5, 2, 3]));
        foreach (var layer in layers)
        {
            var y = layer.Forward(x, context);
            for (var i = 0; i < lengths.Length; i++)
            {
                var alone = layer.Forward(x.Slice(0, i, 1).Slice(1, 0, lengths[i]));
                Numbers.Close(alone, y.Slice(0, i, 1).Slice(1, 0, lengths[i]), 1e-11, 1e-11, $"{layer.GetType().Name} {i}");
            }
        }
    }

    [Fact]
    public void LengthZero_GivesTheBiasAlone()
    {
        var layer = new MultiHeadAttention(4, 2, dtype: F64);
        layer.OutProj.Bias!.CopyFrom(Numbers.Normal(4, 3));
        var y = layer.Forward(Numbers.Normal((1, 3, 4), 1), ForwardContext.Inference.WithLengths(Tensor.From<long>([0])));
        Numbers.Close(layer.OutProj.Bias!.BroadcastTo((1, 3, 4)), y, 0, 0);
    }

    [Fact]
    public void Attend_SeparateTensors_EqualTheSelfAttentionOfOne()
    {
        var layer = new MultiHeadAttention(6, 3, dtype: F64);
        var x = Numbers.Normal((2, 4, 6), 1);
        var (y, weights) = layer.Attend(x.Clone(), x.Clone(), x.Clone(), ForwardContext.Inference);
        Numbers.Close(layer.Forward(x), y, 1e-12, 1e-12);
        Assert.Equal((2, 3, 4, 4), weights.Shape);
    }

    [Fact]
    public void Attend_ToAnotherSequence_TakesItsSizes()
    {
        var layer = new MultiHeadAttention(4, 2, new() { KeySize = 3, ValueSize = 5 }, F64);
        Assert.Equal(["in_proj_bias", "k_proj_weight", "out_proj.bias", "out_proj.weight", "q_proj_weight", "v_proj_weight"], layer.StateDict().Keys);
        Tensor[] x = [Numbers.Normal((2, 3, 4), 1), Numbers.Normal((2, 5, 3), 2), Numbers.Normal((2, 5, 5), 3), .. layer.Parameters];
        var mask = Tensor.From([false, true, false, false, false, true, false, false, true, true], (2, 5));
        GradientCheck.Holds(t => layer.Attend(t[0], t[1], t[2], ForwardContext.Inference, keyPaddingMask: mask).Output, x, "attention to another sequence");
    }

    [Fact]
    public void Masks_PerHeadOrForAll_AreTheSame()
    {
        var layer = new MultiHeadAttention(4, 2, dtype: F64);
        var x = Numbers.Normal((2, 3, 4), 1);
        var mask = Tensor.From([false, true, true, false, false, true, false, false, false], (3, 3));
        var expected = layer.Attend(x, x, x, ForwardContext.Inference, causal: true).Output;
        Numbers.SameBits(expected, layer.Attend(x, x, x, ForwardContext.Inference, mask).Output);
        Numbers.SameBits(expected, layer.Attend(x, x, x, ForwardContext.Inference, mask.BroadcastTo((2, 2, 3, 3))).Output);
        Numbers.SameBits(expected, layer.Attend(x, x, x, ForwardContext.Inference, mask.BroadcastTo((4, 3, 3))).Output);
    }

    [Fact]
    public void Dropout_OnTheWeights_InTrainingOnly()
    {
        var layer = new MultiHeadAttention(4, 2, new() { Dropout = 0.5 });
        var x = Numbers.Normal((2, 5, 4), 1, DType.Float32);
        Numbers.SameBits(layer.Forward(x), layer.Forward(x));
        Assert.True((layer.Forward(x) - layer.Forward(x, ForwardContext.Training(new Rng(1)))).Abs().Max().Item() > 1e-3);
    }

    public static TheoryData<Action, string> Errors
    {
        get
        {
            var (x, layer) = (Tensor.Zeros((2, 3, 4)), new MultiHeadAttention(4, 2));
            var inference = ForwardContext.Inference;
            return new()
            {
                { () => _ = new MultiHeadAttention(6, 4), "MultiHeadAttention expects heads that divide its 6 features but got 4." },
                { () => new MultiHeadAttention(4, 2, new() { ValueSize = 5 }).Forward(x), "MultiHeadAttention expects keys of 4 and values of 5 features but got one input (3, 4) for all three. Call Attend(query, key, value) in a module of your own." },
                { () => layer.Attend(x, Tensor.Zeros((2, 3, 5)), x, inference), "MultiHeadAttention expects key (batch, time, 4) but got (2, 3, 5)." },
                { () => layer.Attend(x, Tensor.Zeros((2, 5, 4)), x, inference), "MultiHeadAttention expects query (batch, L, …), key and value (batch, S, …) but got (2, 3, 4), (2, 5, 4) and (2, 3, 4)." },
                { () => layer.Attend(x, x, x, inference, keyPaddingMask: Tensor.Zeros((3, 2), DType.Bool)), "MultiHeadAttention expects a key padding mask (2, 3) but got (3, 2)." },
                { () => layer.Attend(x, x, x, inference, Tensor.Zeros((2, 2), DType.Bool)), "Attention expects a mask that broadcasts to the scores (2, 2, 3, 3) but got (2, 2)." },
                { () => layer.Attend(x, x, x, inference, Tensor.Zeros((3, 3), DType.Int64)), "An attention mask is Bool, true where attention is forbidden, or floating point, added to the scores, but got Int64. Convert it with To(DType.Bool)." },
                { () => MultiHeadAttention.PaddingMask(Tensor.From<long>([1, 4]), 3), "PaddingMask expects lengths from 0 to 3, the number of steps, but got 4." },
                { () => layer.Forward(x, inference.WithLengths(Tensor.From<long>([1, 2, 3]))), "MultiHeadAttention expects a key padding mask (2, 3) but got (3, 3)." },
                { () => Tensor.ScaledDotProductAttention(x, Tensor.Zeros((2, 3, 5)), x), "AttentionWeights expects queries (…, L, E) and keys (…, S, E) but got (2, 3, 4) and (2, 3, 5). Query and key need the same number of features." },
                { () => Tensor.ScaledDotProductAttention(x, x, Tensor.Zeros((2, 4, 4))), "ScaledDotProductAttention expects a value (…, S, V) for each key (…, S, E) but got keys (2, 3, 4) and values (2, 4, 4)." },
                { () => Tensor.AttentionWeights(Tensor.Zeros(4), x), "AttentionWeights expects queries (…, L, E) and keys (…, S, E) but got (4,)." },
                { () => new PositionalEmbedding(2, 4).Forward(x), "PositionalEmbedding expects at most 2 steps but got input (3, 4). Make it with a larger maxLength, or take PositionalEncoding, which has no limit." },
                { () => new TransformerDecoderLayer(4, 2).Forward(Tensor.Zeros((3, 4)), x, inference), "TransformerDecoderLayer expects a target (batch, time, 4) but got (3, 4)." },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void WhatDoesNotFit_IsNamed(Action action, string message) => Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(action).Message);

    private static Tensor Leaf(Shape shape, ulong seed)
    {
        var x = Numbers.Normal(shape, seed);
        x.RequiresGrad = true;
        return x;
    }

    private static Layer[] CausalLayers() =>
    [
        new MultiHeadAttention(4, 2, new() { Causal = true }, F64),
        new TransformerEncoder(4, 2, 8, 2, new() { Causal = true, Activation = TransformerActivation.GELU }, F64),
    ];
}
