using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;
using Glia.Tests.Layers;
using Glia.Tests.Losses;

namespace Glia.Tests.Replay;

/// <summary>A recorded step does what the same step does without a recording, to the bit.</summary>
public class TrainingStepTests
{
    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void Replay_OfEveryLayer_EqualsPlainSteps(string name)
    {
        var row = LayerTable.Rows[name];
        var (recorded, plain) = (Model(row), Model(row));
        plain.LoadStateDict(recorded.StateDict());
        if (!recorded.Parameters.Any())
            return;
        var step = new TrainingStep(recorded, Loss.MeanSquaredError, new Adam(1e-2));
        Equal(step, recorded, plain, Loss.MeanSquaredError, [.. Enumerable.Range(0, 5).Select(i => Batch(row, i, 3))]);
        Assert.Null(step.Obstacle);
        Assert.Equal(1, step.Recordings);
        var (batch, before) = (Batch(row, 0, 3), GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < 10; i++)
            step.Run(batch.Input, batch.Target);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public static TheoryData<string> LossNames => [.. LossRow.Rows.Keys];

    [Theory]
    [MemberData(nameof(LossNames))]
    public void Replay_OfEveryLoss_EqualsPlainSteps(string name)
    {
        var row = LossRow.Rows[name];
        var loss = row.Create(LossReduction.Mean);
        var (prediction, target) = (row.Prediction(), row.Target());
        SequentialNetwork Create() => Network.Input(prediction.Shape.Sizes[1..]).Add(new PReLU(dtype: DType.Float64)).Build(1);
        var (recorded, plain) = (Create(), Create());
        var order = new[] { Tensor.From<long>([0, 1, 2, 3]), Tensor.From<long>([3, 1, 0, 2]), Tensor.From<long>([2, 2, 1, 0]), Tensor.From<long>([1, 0, 3, 3]) };
        var batches = order.Select(o => new Batch(prediction.IndexSelect(0, o).Clone(), target.IndexSelect(0, o).Clone())).ToArray();
        Equal(new TrainingStep(recorded, loss, new Adam(1e-2)), recorded, plain, loss, batches);
    }

    [Fact]
    public void Replay_OfChangingBatches_EqualsPlainSteps()
    {
        var row = LayerTable.Rows["SequentialNetwork"];
        var (recorded, plain) = (Model(row), Model(row));
        plain.LoadStateDict(recorded.StateDict());
        var step = new TrainingStep(recorded, Loss.MeanSquaredError, new Adam(1e-2));
        Equal(step, recorded, plain, Loss.MeanSquaredError, [.. new[] { 4, 4, 3, 4, 3, 4, 3, 2, 4 }.Select((size, i) => Batch(row, i, size))]);
        Assert.Equal(2, step.Recordings);
    }

    [Fact]
    public void Replay_OfParametersFrozenMeanwhile_EqualsPlainSteps()
    {
        var (recorded, plain) = (Mlp(), Mlp());
        var optimizer = new Adam(1e-2);
        var step = new TrainingStep(recorded, Loss.CrossEntropy, optimizer);
        var plainStep = Plain(plain, Loss.CrossEntropy, new Adam(1e-2));
        for (var i = 0; i < 9; i++)
        {
            foreach (var model in new[] { recorded, plain })
                model.Parameters[0].IsTrainable = i is < 3 or > 5;
            var batch = Labelled(i);
            Assert.Equal(plainStep(batch, i), step.Run(batch.Input, batch.Target));
        }
        SameBits(plain, recorded);
    }

    [Fact]
    public void Replay_OfIgnoredTargets_EqualsPlainSteps()
    {
        var (recorded, plain) = (Mlp(), Mlp());
        var batches = Enumerable.Range(0, 6).Select(Labelled).ToArray();
        batches[2] = batches[2] with { Target = Tensor.From<long>([0, -100, 1, -100]) };
        batches[4] = batches[4] with { Target = Tensor.From<long>([-100, -100, 1, 2]) };
        var step = new TrainingStep(recorded, Loss.CrossEntropy, new Adam(1e-2));
        Equal(step, recorded, plain, Loss.CrossEntropy, batches);
        Assert.Equal(1, step.Recordings);
    }

    [Fact]
    public void Replay_OfAWrongTarget_SaysSoAndGoesOn()
    {
        var (recorded, plain) = (Mlp(), Mlp());
        var step = new TrainingStep(recorded, Loss.CrossEntropy, new Adam(1e-2));
        var plainStep = Plain(plain, Loss.CrossEntropy, new Adam(1e-2));
        Assert.Equal(plainStep(Labelled(0), 0), step.Run(Labelled(0).Input, Labelled(0).Target));
        var error = Assert.Throws<ArgumentException>(() => step.Run(Labelled(1).Input, Tensor.From<long>([0, 1, 3, 0])));
        Assert.Contains("expects class indices from 0 to 2 but target 2 is 3", error.Message, StringComparison.Ordinal);
        Assert.Equal(plainStep(Labelled(2), 1), step.Run(Labelled(2).Input, Labelled(2).Target));
        SameBits(plain, recorded);
    }

    [Theory]
    [InlineData("MLP")]
    [InlineData("CNN")]
    [InlineData("LSTM")]
    [InlineData("attention")]
    public void Replay_AllocatesNothing(string kind)
    {
        var (model, input) = kind switch
        {
            "MLP" => (Network.Input(6).Dense(8).Tanh().Dropout(0.1).Dense(3).Build(1), Numbers.Normal((4, 6), 1, DType.Float32)),
            "CNN" => (Network.Input(1, 8, 8).Conv2D(4, 3).BatchNorm().ReLU().MaxPool2D(2).Flatten().Dense(3).Build(1), Numbers.Normal((4, 1, 8, 8), 1, DType.Float32)),
            "LSTM" => (Network.Input(5, 2).Lstm(6).Dense(3).Build(1), Numbers.Normal((4, 5, 2), 1, DType.Float32)),
            _ => (Network.Input(5, 4).TransformerEncoder(2, 6).Flatten().Dense(3).Build(1), Numbers.Normal((4, 5, 4), 1, DType.Float32)),
        };
        var target = Tensor.From<long>([0, 2, 1, 1]);
        var step = new TrainingStep(model, Loss.CrossEntropy, kind == "MLP" ? new Sgd(0.01) : new Adam(1e-3));
        for (var i = 0; i < 50; i++)
            step.Run(input, target);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            step.Run(input, target);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ModuleOfOnesOwn_IsRecordedOnlyWhenAskedFor()
    {
        var counting = new Counting();
        var step = new TrainingStep(counting, Loss.MeanSquaredError, new Sgd(0.1));
        Assert.Contains("replayOwnModules", step.Obstacle, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            step.Run(Tensor.Ones((2, 2)), Tensor.Zeros((2, 2)));
        Assert.Equal(3, counting.Calls);

        counting = new Counting();
        step = new TrainingStep(counting, Loss.MeanSquaredError, new Sgd(0.1), replayOwnModules: true);
        for (var i = 0; i < 3; i++)
            step.Run(Tensor.Ones((2, 2)), Tensor.Zeros((2, 2)));
        Assert.Equal(1, counting.Calls);
    }

    [Fact]
    public void StatefulLayer_IsNotRecorded()
    {
        SequentialNetwork Create() => Network.Input(3, 2).Lstm(4, options: new() { Stateful = true }).Dense(3).Build(1);
        var (recorded, plain) = (Create(), Create());
        var step = new TrainingStep(recorded, Loss.CrossEntropy, new Adam(1e-2));
        Equal(step, recorded, plain, Loss.CrossEntropy, [.. Enumerable.Range(0, 4).Select(i => new Batch(Numbers.Normal((4, 3, 2), (ulong)i, DType.Float32), Tensor.From<long>([0, 2, 1, 1])))]);
        Assert.Equal("a layer keeps its state", step.Obstacle);
    }

    [Fact]
    public void LossThatReadsNumbers_IsNotRecorded()
    {
        var (recorded, plain) = (Mlp(), Mlp());
        var loss = Loss.From((prediction, _) => prediction.Square().Mean() * (prediction.Sum().Item() > 0 ? 1 : 2));
        var step = new TrainingStep(recorded, loss, new Adam(1e-2), replayOwnModules: true);
        Equal(step, recorded, plain, loss, [.. Enumerable.Range(0, 4).Select(Labelled)]);
        Assert.Equal("numbers are read or written by a program", step.Obstacle);
    }

    private static void Equal(TrainingStep step, Module recorded, Module plain, Loss loss, Batch[] batches)
    {
        var plainStep = Plain(plain, loss, new Adam(1e-2));
        for (var i = 0; i < batches.Length; i++)
        {
            var expected = plainStep(batches[i], i);
            Assert.Equal(expected, step.Run(batches[i].Input, batches[i].Target));
        }
        SameBits(plain, recorded);
    }

    private static Func<Batch, int, double> Plain(Module model, Loss loss, Optimizer optimizer)
    {
        optimizer.Attach(model.Parameters, decayAll: false);
        return (batch, i) =>
        {
            var value = loss.Compute(model.Forward(batch.Input, ForwardContext.Training(new Rng(0).Split("training").Split((ulong)i))), batch.Target);
            optimizer.ZeroGrad();
            value.Backward();
            optimizer.Step();
            return value.Item();
        };
    }

    private static void SameBits(Module expected, Module actual)
    {
        var state = actual.StateDict();
        foreach (var (name, tensor) in expected.StateDict())
            Assert.True(tensor.Bytes().SequenceEqual(state[name].Bytes()), name);
    }

    private static SequentialNetwork Model(LayerRow row)
    {
        var network = Network.Input(row.Sample.Sizes).Add(row.Create(DType.Float32));
        return network.Flatten().Dense(2).Build(1);
    }

    private static Batch Batch(LayerRow row, int seed, int size)
    {
        var shape = new Shape([size, .. row.Sample.Sizes]);
        var input = row.IndicesBelow is { } below
            ? Tensor.From([.. Enumerable.Range(0, shape.Count).Select(i => (long)((i + (seed * 3)) % below))], shape)
            : Numbers.Normal(shape, (ulong)seed + 1, DType.Float32);
        return new(input, Numbers.Normal((size, 2), (ulong)seed + 100, DType.Float32));
    }

    private static SequentialNetwork Mlp() => Network.Input(5).Dense(8).Tanh().Dropout(0.2).Dense(3).Build(1);

    private static Batch Labelled(int seed) => new(Numbers.Normal((4, 5), (ulong)seed + 1, DType.Float32), Tensor.From([.. Enumerable.Range(0, 4).Select(i => (long)((i + seed) % 3))]));

    private sealed class Counting : Module
    {
        private readonly Dense _dense;

        public Counting() => _dense = Add("dense", new Dense(2, 2));

        public int Calls { get; private set; }

        public override Tensor Forward(Tensor input, ForwardContext context)
        {
            Calls++;
            return _dense.Forward(input, context);
        }
    }
}
