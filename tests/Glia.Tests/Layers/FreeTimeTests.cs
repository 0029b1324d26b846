using System.Text.Json;
using Glia.Layers;
using Glia.Models;

namespace Glia.Tests.Layers;

/// <summary>Networks for sequences whose number of steps differs from call to call.</summary>
public class FreeTimeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Sequence_AnyNumberOfSteps_EqualsTheLayersByHand(int steps)
    {
        var model = Network.Sequence(5, 2).Lstm(4, returnSequences: true).Gru(3).Dense(2).Build(seed: 1);
        var x = Tensor.Normal(new Rng(2), (3, steps, 2));
        var expected = model.Layers.Aggregate(x, (h, layer) => layer.Forward(h));
        Numbers.SameBits(expected, model.Predict(x), "output");
        Assert.Equal((5, 2), model.InputShape);
        Assert.Equal(2, model.OutputShape((steps, 2)));
    }

    [Fact]
    public void Sequence_DenseForEachStep_GivesAsManySteps()
    {
        var model = Network.Sequence(4).OneHot(3).Dense(2).Build();
        Assert.Equal((4, 2), model.ResultShape);
        Assert.Equal((1, 7, 2), model.Predict(Tensor.Zeros((1, 7), DType.Int64)).Shape);
    }

    [Fact]
    public void Sequence_Blocks_TakeOtherLengthsToo()
    {
        var model = Network.Sequence(4, 2)
            .Residual(b => b.Dense(2).Tanh())
            .Branches(BranchMerge.Add, b => b.Bidirectional(l => l.Lstm(1, returnSequences: true)), b => b)
            .TimeDistributed(b => b.Dense(3).ReLU())
            .MultiHeadAttention(1)
            .Build(seed: 3);
        Assert.Equal((2, 6, 3), Copy(model).Predict(Tensor.Zeros((2, 6, 2))).Shape);
    }

    [Fact]
    public void Sequence_WrittenAndRead_StaysFree()
    {
        var model = Network.Sequence(5, 2).Lstm(4).Dense(1).Build(seed: 1);
        var copy = Copy(model);
        var x = Tensor.Normal(new Rng(2), (1, 8, 2));
        Assert.True(copy.HasFreeTime);
        Numbers.SameBits(model.Predict(x), copy.Predict(x), "output");
    }

    [Fact]
    public void Input_WrittenAndRead_StaysFixed()
    {
        var copy = Copy(Network.Input(5, 2).Lstm(4).Build());
        Assert.False(copy.HasFreeTime);
        var e = Assert.Throws<ShapeException>(() => copy.Predict(Tensor.Zeros((1, 8, 2))));
        Assert.Equal("The network expects a batch of shape (batch, 5, 2) but got (1, 8, 2).", e.Message);
    }

    [Fact]
    public void Sequence_OtherFeatures_AreRefused()
    {
        var model = Network.Sequence(5, 2).Lstm(4).Build();
        Assert.Equal("The network expects a batch of shape (batch, time, 2) but got (1, 5, 3).", Message(() => model.Predict(Tensor.Zeros((1, 5, 3)))));
        Assert.Equal("The network expects a batch of shape (batch, time, 2) but got (1, 0, 2).", Message(() => model.Predict(Tensor.Zeros((1, 0, 2)))));
        Assert.Equal("The network expects samples of shape (5, 2) or with another number of steps but got (3,).", Message(() => model.OutputShape(3)));
    }

    [Fact]
    public void Sequence_LayerThatNeedsTheUsualSteps_RefusesOthers()
    {
        var model = Network.Sequence(5, 2).Lstm(4, returnSequences: true).Flatten().Dense(1).Build();
        var message = Message(() => model.Predict(Tensor.Zeros((1, 6, 2))));
        Assert.StartsWith("The network was made for 5 steps and cannot take 6: Dense 'dense1' expects last dimension 20 but got input (24,).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transformer_ShorterThanTheContextTaken_LongerRefused()
    {
        var model = TransformerLanguageModel.Create(vocabulary: 5, context: 8, modelSize: 8, heads: 2, layers: 1, seed: 1);
        Assert.Equal((1, 3, 5), model.Predict(Tensor.Zeros((1, 3), DType.Int64)).Shape);
        var message = Message(() => model.Predict(Tensor.Zeros((1, 9), DType.Int64)));
        Assert.StartsWith("The network was made for 8 steps and cannot take 9: PositionalEmbedding 'positionalembedding1' expects at most 8 steps", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_SaysThatStepsMayDiffer()
    {
        const string Free = "shapes are those of 5 steps; the number of steps may differ from call to call";
        Assert.EndsWith(Free, Network.Sequence(5, 2).Lstm(4).Build().Summary().ToString(), StringComparison.Ordinal);
        Assert.Null(Network.Input(5, 2).Lstm(4).Build().Summary().FreeTime);
    }

    [Fact]
    public void Sequence_NoSteps_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Network.Sequence(0, 2));

    [Theory]
    [InlineData("""{"version":1,"input":[],"freeTime":true,"layers":[]}""")]
    [InlineData("""{"version":1,"input":[3],"freeTime":"yes","layers":[]}""")]
    public void DamagedFreeTime_IsRefused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Throws<FormatException>(() => SequentialNetwork.ReadArchitecture(document.RootElement));
    }

    [Fact]
    public void OneHot_PutsOnesAndNamesWhatIsWrong()
    {
        var layer = new OneHot(3);
        Assert.Equal([0, 0, 1, 1, 0, 0], layer.Forward(Tensor.From([2L, 0], (1, 2))).ToDoubles());
        Assert.Equal("OneHot expects indices from 0 to 2 but got 3.", Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.From([3L], (1, 1)))).Message);
        Assert.Equal("OneHot expects Int64 indices but got Float32. Convert them with To(DType.Int64).", Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.From([1f], (1, 1)))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneHot(0));
        Assert.Throws<ArgumentException>(() => new OneHot(2, DType.Int64));
    }

    private static string Message(Func<object> action) => Assert.Throws<ShapeException>(() => { action(); }).Message;

    private static SequentialNetwork Copy(SequentialNetwork model)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            model.WriteArchitecture(writer);
        using var document = JsonDocument.Parse(stream.ToArray());
        var copy = SequentialNetwork.ReadArchitecture(document.RootElement, model.ParameterCount);
        copy.LoadStateDict(model.StateDict());
        return copy;
    }
}
