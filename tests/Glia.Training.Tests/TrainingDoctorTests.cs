using Glia.Data;
using Glia.Diagnostics;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class TrainingDoctorTests
{
    private static readonly Dictionary<string, Func<(Module Model, Dataset Data, Loss Loss)>> Models = new()
    {
        ["mlp"] = () => (Problems.Classifier(), Problems.Clusters(60, 1), Loss.CrossEntropy),
        ["cnn"] = () => (Problems.DropoutCnn(), Problems.RandomImages(48, 1), Loss.CrossEntropy),
        ["lstm"] = () => (Network.Input(5, 1).Lstm(4).Dense(1).Build(1), Waves(40), Loss.MeanSquaredError),
        ["stateful lstm"] = () => (Stateful(), Waves(40), Loss.MeanSquaredError),
        ["free-form"] = () => (new Free(), Problems.Clusters(60, 1), Loss.CrossEntropy),
        ["frozen"] = () => (Frozen(), Problems.Clusters(60, 1), Loss.CrossEntropy),
        ["sample weights"] = () => (Problems.Classifier(), Weighted(60), Loss.CrossEntropy),
        ["lengths"] = () => (Network.Input(5, 1).Gru(4).Dense(1).Build(1), Ragged(40), Loss.MeanSquaredError),
        ["one sample"] = () => (Problems.Classifier(), Problems.Clusters(1, 1), Loss.CrossEntropy),
        ["one output"] = () => (Network.Input(2).Dense(1).Build(1), Problems.Plane(1, 1), Loss.MeanSquaredError),
        ["custom loss"] = () => (Problems.Classifier(), Problems.Plane(20, 1), Loss.From((p, _) => p.Square().Mean(), "size")),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SameSeed_GivesTheSameBits_WithAndWithoutTheDoctor(string name)
    {
        var (plain, data, loss) = Models[name]();
        var (watched, _, _) = Models[name]();
        var doctor = new TrainingDoctor();
        var expected = Fit(plain, data, loss);
        var actual = Fit(watched, data, loss, doctor);

        Assert.Equal(Bits(plain), Bits(watched));
        Assert.Equal(expected.Epochs.Select(e => e.Training["loss"]), actual.Epochs.Select(e => e.Training["loss"]));
        Assert.Equal(expected.Epochs.Select(e => e.Validation!["loss"]), actual.Epochs.Select(e => e.Validation!["loss"]));
        Assert.NotEmpty(doctor.Record!.Probes);
        Assert.Equal(doctor.Record.ToJson(), Glia.Training.Diagnostics.RunRecord.FromJson(doctor.Record.ToJson()).ToJson());
    }

    [Fact]
    public void StateKeptFromBefore_IsThereForTheFirstStep()
    {
        var (plain, watched) = (Stateful(), Stateful());
        foreach (var model in (Module[])[plain, watched])
        {
            model.ResetState();
            model.Forward(Waves(8).Inputs);
        }
        // All batches have as many samples as the state.
        Fit(plain, Waves(40), Loss.MeanSquaredError);
        Fit(watched, Waves(40), Loss.MeanSquaredError, new TrainingDoctor());
        Assert.Equal(Bits(plain), Bits(watched));
    }

    [Fact]
    public void Everything_TheTrainerCanDo_GivesTheSameBits()
    {
        Assert.Equal(Train(null), Train(new TrainingDoctor()));

        static int[] Train(TrainingDoctor? doctor)
        {
            var model = Problems.DropoutCnn();
            new Trainer(model, new CrossEntropyLoss(labelSmoothing: 0.1), new Adam(1e-3))
            {
                Seed = 5,
                AccumulateSteps = 3,
                ClipNorm = 1,
                Regularizers = [new L1Regularizer(1e-4), new L2Regularizer(1e-4)],
                Callbacks = [.. doctor is null ? Array.Empty<Callback>() : [doctor], new MaxNorm()],
            }.Fit(Problems.RandomImages(50, 1), epochs: 2, batchSize: 8);
            return Bits(model);
        }
    }

    [Fact]
    public void StepsBetweenProbes_AllocateNothingMore()
    {
        Assert.InRange(PerStep(new TrainingDoctor()) - PerStep(null), -200, 200);

        static double PerStep(TrainingDoctor? doctor)
        {
            var marks = new List<(long Bytes, int Probes)>(3000);
            var watch = new StepAction(_ => marks.Add((GC.GetAllocatedBytesForCurrentThread(), 0)));
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(1e-3)) { Callbacks = [.. doctor is null ? Array.Empty<Callback>() : [doctor], watch] }.Fit(Problems.Clusters(2000, 1), epochs: 1, batchSize: 2);
            // The median leaves the probes out, and the growth of the list of losses.
            return marks.Zip(marks.Skip(1), (a, b) => (double)(b.Bytes - a.Bytes)).Skip(100).Order().ElementAt(400);
        }
    }

    [Fact]
    public void StepsBetweenProbes_TakeNoNewBuffers()
    {
        var blocks = new List<long>();
        var doctor = new TrainingDoctor();
        var watch = new StepAction(_ => blocks.Add(Glia.Memory.MemoryPool.Created));
        new Trainer(Problems.DropoutCnn(), Loss.CrossEntropy, new Adam(1e-3)) { Callbacks = [doctor, watch] }.Fit(Problems.RandomImages(64, 1), epochs: 10, batchSize: 16);
        Assert.Equal(blocks[8], blocks[^1]);
        Assert.Contains(doctor.Record!.Probes, p => p.Step > 9);
    }

    [Fact]
    public void Probes_AreManyAtTheStart_AndFewLater()
    {
        var doctor = new TrainingDoctor();
        new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(1e-3)) { Callbacks = [doctor] }.Fit(Problems.Clusters(1000, 1), epochs: 1, batchSize: 1);
        var steps = doctor.Record!.Probes.Select(p => p.Step).ToArray();
        Assert.Equal([1L, 2, 3, 4], steps[..4]);
        Assert.InRange(steps.Length, 15, 30);
        Assert.InRange(steps[^1], 700, 1000);
        Assert.Equal(1000, doctor.Record.Losses.Count * doctor.Record.LossStride);
    }

    [Fact]
    public void Record_SaysHowItWasTrained()
    {
        var doctor = new TrainingDoctor();
        Assert.Null(doctor.Record);
        Assert.Empty(doctor.Findings);
        var history = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0.05)) { ClipNorm = 2, Callbacks = [new EarlyStopping(patience: 1, minimumChange: 10), doctor] }
            .Fit(Problems.Clusters(60, 1), Problems.Clusters(30, 2), epochs: 9, batchSize: 16);

        var record = doctor.Record!;
        Assert.Equal(new() { Optimizer = "SGD", LearningRate = 0.05, BatchSize = 16, Epochs = 9, StepsPerEpoch = 4, ClipNorm = 2, Loss = "cross-entropy" }, record.Settings with { Optimizer = "SGD" });
        Assert.Equal(StopReason.EarlyStopping, record.StopReason);
        Assert.Equal(history.RestoredEpoch, record.RestoredEpoch);
        Assert.Equal(history.Epochs, record.Epochs);
        Assert.Equal(history.Epochs.Count * 4, record.Losses.Count);
        Assert.Equal(history.FirstLoss, record.Losses[0]);
        Assert.Equal((60, 30), (record.Data.Samples, record.Data.ValidationSamples));
        Assert.Null(record.Failure);
    }

    [Fact]
    public void NoEpochs_IsARecordWithoutSteps()
    {
        var doctor = new TrainingDoctor();
        new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam()) { Callbacks = [doctor] }.Fit(Problems.Clusters(60, 1), epochs: 0);
        Assert.Empty(doctor.Record!.Probes);
        Assert.Empty(doctor.Record.Losses);
        Assert.DoesNotContain(doctor.Findings, f => f.Severity > Severity.Hint);
    }

    [Fact]
    public void SecondFit_BeginsANewRecord()
    {
        var doctor = new TrainingDoctor();
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam()) { Callbacks = [doctor] };
        trainer.Fit(Problems.Clusters(60, 1), epochs: 3, batchSize: 16);
        trainer.Fit(Problems.Clusters(60, 1), epochs: 1, batchSize: 16);
        Assert.Equal(4, doctor.Record!.Losses.Count);
        Assert.Equal(1, doctor.Record.Probes[0].Step);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examine_LeavesTheModelAsItWas(string name)
    {
        var (model, data, loss) = Models[name]();
        var stateful = model is SequentialNetwork { Layers: [RecurrentLayer { IsStateful: true } layer, ..] } ? layer : null;
        stateful?.KeptState = new RecurrentState(Tensor.Full((3, 4), 0.25), Tensor.Full((3, 4), 0.5));
        model.ZeroGrad();
        var before = Bits(model);
        TrainingDoctor.Examine(model, loss, data, data);

        Assert.Equal(before, Bits(model));
        Assert.All(model.Parameters, p => Assert.True(p.Grad is null || p.Grad.ToArray<float>().All(g => g == 0)));
        if (stateful is not null)
            Assert.Equal(Enumerable.Repeat(0.25f, 12), stateful.KeptState!.Hidden.ToArray<float>());
        Assert.DoesNotContain(TrainingDoctor.Examine(model, loss, data, null), f => f.Symptom is Symptom.NonFinite or Symptom.WrongHead);
    }

    [Fact]
    public void Examine_SoundModel_FindsNothing() =>
        Assert.Empty(TrainingDoctor.Examine(Problems.Classifier(), Loss.CrossEntropy, Problems.Clusters(90, 1), Problems.Clusters(30, 2)));

    [Fact]
    public void Examine_SoftmaxTwice_IsFound()
    {
        var finding = TrainingDoctor.Examine(new Free(hasSoftmax: true), Loss.CrossEntropy, Problems.Clusters(90, 1))[0];
        Assert.Equal((Symptom.WrongHead, Severity.Error, "softmax is applied twice"), (finding.Symptom, finding.Severity, finding.Summary));
    }

    [Fact]
    public void Examine_NaNInTheData_IsFoundWithItsPlace()
    {
        var data = Problems.Clusters(90, 1);
        data.Inputs.AsWritableSpan<float>()[(37 * 2) + 1] = float.NaN;
        var model = Problems.Classifier();
        var before = Bits(model);
        var finding = TrainingDoctor.Examine(model, Loss.CrossEntropy, data)[0];
        Assert.Equal((Symptom.NonFiniteData, "NaN in input 1 of sample 37"), (finding.Symptom, finding.Evidence));
        Assert.Equal(before, Bits(model));
    }

    [Fact]
    public void Examine_LabelWithoutOutput_IsFound()
    {
        var data = new TensorDataset(Problems.Clusters(90, 1).Inputs, Tensor.From([.. Enumerable.Range(0, 90).Select(i => (long)(i % 4))]));
        var findings = TrainingDoctor.Examine(Problems.Classifier(), Loss.CrossEntropy, data);
        Assert.Equal(Symptom.LabelOutOfRange, findings[0].Symptom);
    }

    [Fact]
    public void Examine_NoSamples_IsRefused() => Assert.Equal(
        "Examine expects at least one sample but the data set is empty.",
        Assert.Throws<ArgumentException>(() => TrainingDoctor.Examine(Problems.Classifier(), Loss.CrossEntropy, Problems.Clusters(9, 1).Subset([]))).Message);

    [Fact]
    public void FrozenLayer_IsAHint_AndLearningGoesOn()
    {
        var doctor = new TrainingDoctor();
        Fit(Frozen(), Problems.Clusters(60, 1), Loss.CrossEntropy, doctor);
        var finding = Assert.Single(doctor.Findings, f => f.Symptom == Symptom.FrozenWeights);
        Assert.Equal("'dense1': IsTrainable is false for 48 of 99 parameters", finding.Evidence);
    }

    internal static int[] Bits(Module model) => [.. model.StateDict().Values.Where(t => t.DType == DType.Float32).SelectMany(t => t.ToArray<float>()).Select(BitConverter.SingleToInt32Bits)];

    private static History Fit(Module model, Dataset data, Loss loss, params Callback[] callbacks) =>
        new Trainer(model, loss, new Adam(0.01)) { Seed = 3, Callbacks = callbacks }.Fit(data, data, epochs: 3, batchSize: 8);

    private static SequentialNetwork Stateful() => Network.Input(5, 1).Lstm(4, options: new() { Stateful = true }).Dense(1).Build(1);

    private static SequentialNetwork Frozen()
    {
        var model = Problems.Classifier();
        foreach (var parameter in model.Layers[0].Parameters)
            parameter.IsTrainable = false;
        return model;
    }

    private static TensorDataset Waves(int count) => new(
        Tensor.From([.. Enumerable.Range(0, count * 5).Select(i => MathF.Sin(((i / 5) + (i % 5)) * 0.7f))], (count, 5, 1)),
        Tensor.From([.. Enumerable.Range(0, count).Select(i => MathF.Sin((i + 5) * 0.7f))], (count, 1)));

    private static TensorDataset Ragged(int count) => new(Waves(count).Inputs, Waves(count).Targets, lengths: Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)(1 + (i % 5)))]));

    private static TensorDataset Weighted(int count)
    {
        var data = Problems.Clusters(count, 1);
        return new TensorDataset(data.Inputs, data.Targets, Tensor.From([.. Enumerable.Range(0, count).Select(i => (float)(i % 4))]));
    }

    /// <summary>A module of one's own with a parameter of its own, and if wanted a softmax where none belongs.</summary>
    private sealed class Free : Module
    {
        private readonly Dense _hidden;
        private readonly Dense _output;
        private readonly Parameter _scale;
        private readonly bool _hasSoftmax;

        public Free(bool hasSoftmax = false)
        {
            _hasSoftmax = hasSoftmax;
            _hidden = Add("hidden", new Dense(2, 8));
            _output = Add("output", new Dense(8, 3));
            _scale = Add("scale", new Parameter(1));
            Initialize(seed: 1);
            _scale.CopyFrom(Tensor.Ones(1));
        }

        public override Tensor Forward(Tensor input, ForwardContext context)
        {
            var hidden = context.Gather(_hidden, _hidden.Forward(input, context)).Tanh();
            var output = _output.Forward(hidden, context) * _scale;
            return _hasSoftmax ? output.Softmax(-1) : output;
        }
    }
}
