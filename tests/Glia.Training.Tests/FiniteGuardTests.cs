using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests;

/// <summary>Training that meets NaN or infinity says where it comes from, and leaves the model as it was before the step.</summary>
[Collection("sequential")]
public class FiniteGuardTests
{
    [Fact]
    public void OverflowInALayer_NamesEpochStepLayerAndOperation()
    {
        // One sample is so large that exp overflows; the batch norm behind it has seen it then.
        var model = Network.Input(2).Add(new Power(), "blowUp").BatchNorm().Dense(1).Build(1);
        var data = new TensorDataset(Tensor.From([.. Enumerable.Range(0, 24).Select(i => i == 20 ? 100f : i % 2)], (12, 2)), Tensor.Ones((12, 1)));
        var error = AssertStopped(model, Loss.MeanSquaredError, data, step: 6);

        Assert.Equal(("blowUp", "Exp"), (error.Origin!.Layer, error.Origin.Operation));
        Assert.Equal("The loss became infinite in epoch 1, step 6, at learning rate 0.01: infinity first appears in the output of Power 'blowUp', made by Exp. Try a learning rate ten times smaller, and check that the inputs are finite and scaled.", error.Message.Replace("NaN in epoch", "infinite in epoch", StringComparison.Ordinal));
    }

    [Fact]
    public void LogOfZeroInALoss_NamesTheOperation()
    {
        var model = Network.Input(2).Dense(1, name: "only").Build(1);
        var loss = Loss.From((p, t) => (t * (p - p).Log()).Sum(), "my loss");
        var error = AssertStopped(model, loss, Problems.Plane(8, 1), step: 1);
        Assert.Equal((null, "Log"), (error.Origin!.Layer, error.Origin.Operation));
        Assert.Contains("first appears in the my loss, made by Log. Keep the operand of Log away from where it is not defined", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InfiniteGradientOfAFiniteLoss_NamesTheLayer()
    {
        // √ has value 0 and an infinite derivative at 0.
        var model = Network.Input(2).Dense(1, useBias: false, name: "only").Build(1);
        model.Parameters[0].CopyFrom(Tensor.Zeros(model.Parameters[0].Shape));
        var error = AssertStopped(model, Loss.From((p, _) => p.Sqrt().Sum()), Problems.Plane(8, 1), step: 1);
        Assert.Equal("only", error.Origin!.Layer);
        Assert.StartsWith("The gradient became infinite in epoch 1, step 1, at learning rate 0.01: infinity first appears in the gradient of the output of Dense 'only'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InfiniteGradient_WithAccumulationAndRegularizers_IsFoundToo()
    {
        var model = Network.Input(2).Dense(1, useBias: false, name: "only").Build(1);
        model.Parameters[0].CopyFrom(Tensor.Zeros(model.Parameters[0].Shape));
        var trainer = new Trainer(model, Loss.From((p, _) => p.Sqrt().Sum()), new Adam(0.01)) { AccumulateSteps = 2, Regularizers = [new L2Regularizer(0.1)] };
        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(Problems.Plane(8, 1), epochs: 1, batchSize: 4));
        Assert.Equal("only", error.Origin!.Layer);
        Assert.All(model.Parameters[0].ToArray<float>(), w => Assert.Equal(0, w));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinity")]
    public void BadInput_NamesTheRow(float value, string word)
    {
        var data = Problems.Clusters(24, 1);
        data.Inputs.AsWritableSpan<float>()[(13 * 2) + 1] = value;
        var model = Network.Input(2).Dense(4).BatchNorm().ReLU().Dense(3).Build(1);
        var error = AssertStopped(model, Loss.CrossEntropy, data, step: 4);
        Assert.Equal((null, null), (error.Origin!.Layer, error.Origin.Operation));
        Assert.EndsWith($"at learning rate 0.01: {word} first appears in the inputs (sample 1 of the batch). Remove the samples with such values, or fill in what is missing.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BadTarget_NamesTheRow()
    {
        var data = Problems.Plane(8, 1);
        data.Targets.AsWritableSpan<float>()[5] = float.NaN;
        var error = AssertStopped(Network.Input(2).Dense(1).Build(1), Loss.MeanSquaredError, data, step: 3);
        Assert.Contains("NaN first appears in the targets (sample 1 of the batch)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightThatWasNaNBefore_IsNamed()
    {
        var model = Network.Input(2).Dense(4).ReLU().Dense(1, name: "last").Build(1);
        model.StateDict()["last.weight"].AsWritableSpan<float>()[2] = float.NaN;
        var error = Assert.Throws<TrainingDivergedException>(() => new Trainer(model, Loss.MeanSquaredError, new Sgd()).Fit(Problems.Plane(8, 1)));
        Assert.Equal("last", error.Origin!.Layer);
        Assert.Contains("NaN first appears in the parameter 'last.weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DroppedUnits_AreTheSameWhenTheStepIsDoneAgain()
    {
        // Only what dropout leaves of a sample of huge numbers overflows; the origin is looked for in the same step.
        var data = Problems.Plane(64, 1);
        var model = Network.Input(2).Dropout(0.5).Add(new Power(), "blowUp").Dense(1).Build(1);
        data.Inputs.AsWritableSpan<float>()[40] = 60;
        for (var seed = 0ul; seed < 4; seed++)
        {
            var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(0)) { Seed = seed };
            var error = Record.Exception(() => trainer.Fit(data, epochs: 6, batchSize: 8));
            Assert.Equal("blowUp", Assert.IsType<TrainingDivergedException>(error).Origin!.Layer);
        }
    }

    [Fact]
    public void StateOfAStatefulLayer_StaysFinite()
    {
        var inputs = Tensor.Ones((8, 3, 2)).Clone();
        inputs.AsWritableSpan<float>()[5 * 6] = float.NaN;
        var model = Network.Input(3, 2).SimpleRnn(4, options: new() { Stateful = true }).Dense(1).Build(1);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd()) { Shuffle = false };
        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(new TensorDataset(inputs, Tensor.Ones((8, 1))), epochs: 1, batchSize: 2));
        Assert.Equal(3, error.Step);
        Assert.Contains("the inputs (sample 1 of the batch)", error.Message, StringComparison.Ordinal);
        Assert.True(model.Forward(Tensor.Ones((2, 3, 2))).ToArray<float>().All(float.IsFinite));
    }

    [Fact]
    public void StepThatOverflowsAWeight_IsNamedInTheNextStep()
    {
        var model = Network.Input(2).Dense(1, name: "only").Build(1);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(1e39));
        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(Problems.Plane(16, 1), epochs: 2, batchSize: 4));
        Assert.Equal((2, "only"), (error.Step, error.Origin!.Layer));
        Assert.Equal("The loss became NaN in epoch 1, step 2, at learning rate 1E+39: infinity first appears in the parameter 'only.bias'. Try a learning rate ten times smaller, and check that the inputs are finite and scaled.", error.Message);
    }

    /// <summary>Trains in order in six batches, and compares the model after the failure with that before the step.</summary>
    private static TrainingDivergedException AssertStopped(Module model, Loss loss, TensorDataset data, long step)
    {
        int[] before = TrainingDoctorTests.Bits(model);
        TrainingDivergedException? seen = null;
        var watch = new Watch(_ => before = TrainingDoctorTests.Bits(model), state => seen = state.Failure);
        var doctor = new TrainingDoctor();
        var trainer = new Trainer(model, loss, new Adam(0.01)) { Shuffle = false, Callbacks = [watch, doctor] };
        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(data, epochs: 1, batchSize: Math.Max(2, data.Count / 6)));

        Assert.Equal((1, step, 0.01), (error.Epoch, error.Step, error.LearningRate));
        Assert.Equal(before, TrainingDoctorTests.Bits(model));
        Assert.All(model.StateDict().Values.Where(t => t.DType == DType.Float32), t => Assert.All(t.ToArray<float>(), x => Assert.True(float.IsFinite(x))));
        Assert.Same(error, seen);
        Assert.Equal((error.Message, error.Step, error.Origin?.Layer), (doctor.Record!.Failure, doctor.Record.FailureStep, doctor.Record.FailureLayer));
        return error;
    }

    private sealed class Watch(Action<TrainingState> stepStart, Action<TrainingState> end) : Callback
    {
        public override void OnStepStart(TrainingState state) => stepStart(state);

        public override void OnTrainingEnd(TrainingState state) => end(state);
    }

    /// <summary>eˣ.</summary>
    private sealed class Power : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override Tensor Forward(Tensor input, ForwardContext context) => input.Exp();
    }
}
