using Glia.Data;
using Glia.Diagnostics;
using Glia.Layers;

namespace Glia.Tests.Diagnostics;

public class NonFiniteOriginTests
{
    private static readonly Batch Two = new(Tensor.Ones((2, 3)), Tensor.Ones((2, 1)));

    private static SequentialNetwork Model() => Network.Input(3).Dense(4, name: "first").Tanh().Dense(1, name: "last").Build(1);

    private static NonFiniteOrigin? Find(Module model, Loss loss, Batch batch) => NonFiniteOrigin.Find(model, loss, batch, ForwardContext.Inference);

    [Fact]
    public void FiniteStep_HasNone() => Assert.Null(Find(Model(), Loss.MeanSquaredError, Two));

    [Fact]
    public void Inputs_ComeBeforeTargets_AndTargetsBeforeWeights()
    {
        var model = Model();
        model.StateDict()["last.weight"].AsWritableSpan<float>()[0] = float.NaN;
        var targets = Tensor.From(new float[,] { { 1 }, { float.PositiveInfinity } });
        var inputs = Tensor.From(new float[,] { { 1, 2, float.NaN }, { 1, 1, 1 } });
        Assert.Equal("NaN first appears in the inputs (sample 0 of the batch)", Find(model, Loss.MeanSquaredError, new Batch(inputs, targets))!.ToString());
        Assert.Equal("infinity first appears in the targets (sample 1 of the batch)", Find(model, Loss.MeanSquaredError, new Batch(Two.Input, targets))!.ToString());
        Assert.Equal("NaN first appears in the parameter 'last.weight'", Find(model, Loss.MeanSquaredError, Two)!.ToString());
    }

    [Fact]
    public void FirstLayerThatOverflows_IsNamed_NotThoseBehindIt()
    {
        var model = Network.Input(3).Dense(4, name: "first").Dense(4, name: "second").ReLU().Dense(1).Build(1);
        model.StateDict()["second.weight"].CopyFrom(Tensor.Full((4, 4), 3e38));
        model.StateDict()["first.bias"].CopyFrom(Tensor.Full(4, 100));
        var origin = Find(model, Loss.MeanSquaredError, Two)!;
        Assert.Equal("second", origin.Layer);
        Assert.NotNull(origin.Operation);
        Assert.True(double.IsInfinity(origin.Value));
    }

    [Fact]
    public void GradientOfALossThatIsFinite_IsNamedByItsLayer()
    {
        var model = Model();
        model.StateDict()["last.weight"].CopyFrom(Tensor.Zeros((1, 4)));
        model.StateDict()["last.bias"].CopyFrom(Tensor.Zeros(1));
        var origin = Find(model, Loss.From((p, _) => p.Sqrt().Sum()), Two)!;
        Assert.Equal(("the gradient of the output of Dense 'last'", "last"), (origin.Place, origin.Layer));
    }

    [Fact]
    public void FreeFormModule_IsToldByItsOperation()
    {
        var origin = Find(new Reciprocal(), Loss.MeanSquaredError, Two)!;
        Assert.Equal(("the model's output", null), (origin.Place, origin.Layer));
        Assert.NotNull(origin.Operation);
    }

    [Fact]
    public void Inputs_AreLeftAsTheyWere()
    {
        var batch = new Batch(Tensor.Ones((2, 3)), Tensor.Ones((2, 1)));
        Find(Model(), Loss.MeanSquaredError, batch);
        Assert.False(batch.Input.RequiresGrad);
        Assert.Null(batch.Input.Grad);
        Assert.Null(Find(Network.Input(2).Embedding(5, 3).Flatten().Dense(1).Build(1), Loss.MeanSquaredError, new Batch(Tensor.From(new long[,] { { 1, 2 }, { 3, 4 } }), Two.Target)));
    }

    /// <summary>1/(w·0).</summary>
    private sealed class Reciprocal : Module
    {
        private readonly Parameter _weight;

        public Reciprocal() => _weight = Add("weight", new Parameter(1));

        public override Tensor Forward(Tensor input, ForwardContext context) => 1 / (_weight * input.Sum([1], keepDims: true) * 0);
    }
}
