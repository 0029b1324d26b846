using System.Text;
using Glia.Data;
using Glia.Interchange;
using Glia.Optimizers;

namespace Glia.Training.Tests.Checkpoints;

/// <summary>Checkpoints that are damaged, too new, or of another training.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Setup Make(params Callback[] callbacks) => new(
        new Trainer(Network.Input(2).Dense(3).Build(1), Loss.CrossEntropy, new Sgd(0.1)) { Callbacks = [.. callbacks] }, Problems.Clusters(32, 1), Epochs: 2);

    /// <summary>Two checkpoints, of steps 3 and 4.</summary>
    private (string Older, string Newer) Two()
    {
        Make(new ModelCheckpoint(_folder.Path) { EverySteps = 1, Monitor = null }).Fit();
        return (_folder["step-000000003.safetensors"], _folder["step-000000004.safetensors"]);
    }

    [Fact]
    public void EveryFlippedByte_IsFoundAndTheCheckpointBeforeIsTaken()
    {
        var (older, newer) = Two();
        var whole = File.ReadAllBytes(newer);
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.StartsWith(newer, Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(damaged, newer).VerifyChecksum()).Message, StringComparison.Ordinal);
            if (i % 50 > 0)
                continue;
            File.WriteAllBytes(newer, damaged);
            var latest = Checkpoint.Latest(_folder.Path)!;
            Assert.Equal(older, latest.Path);
            Assert.StartsWith(newer, Assert.Single(latest.Damaged), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryCut_IsFoundAndTheCheckpointBeforeIsTaken()
    {
        var (older, newer) = Two();
        var whole = File.ReadAllBytes(newer);
        for (var length = 0; length < whole.Length; length += length is < 40 or > 2600 ? 1 : 13)
        {
            File.WriteAllBytes(newer, whole[..length]);
            var latest = Checkpoint.Latest(_folder.Path)!;
            Assert.Equal((older, 1), (latest.Path, latest.Damaged.Count));
        }
        File.WriteAllBytes(newer, [.. whole, 0]);
        Assert.Equal(older, Checkpoint.Latest(_folder.Path)!.Path);
        File.WriteAllBytes(newer, whole);
        Assert.Equal((newer, 0), (Checkpoint.Latest(_folder.Path)!.Path, Checkpoint.Latest(_folder.Path)!.Damaged.Count));
    }

    [Fact]
    public void DamagedFile_IsReplacedWhenTrainingGoesOn()
    {
        var (_, newer) = Two();
        File.WriteAllBytes(newer, new byte[100]);
        Make(new ModelCheckpoint(_folder.Path) { EverySteps = 1, Monitor = null }).Fit(Checkpoint.Latest(_folder.Path));
        Assert.Equal((4, 0), (Checkpoint.Latest(_folder.Path)!.Step, Checkpoint.Latest(_folder.Path)!.Damaged.Count));
    }

    [Fact]
    public void AllDamaged_IsAnErrorThatNamesThem()
    {
        var (older, newer) = Two();
        File.WriteAllBytes(older, new byte[100]);
        File.WriteAllBytes(newer, []);
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Latest(_folder.Path));
        Assert.Contains(older, error.Message, StringComparison.Ordinal);
        Assert.Contains(newer, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"The checkpoint is damaged: {newer}", Assert.Throws<CheckpointException>(() => Checkpoint.Load(newer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NewerVersion_IsRefusedByName()
    {
        Two();
        var file = new SafetensorsWriter { HasChecksum = true };
        file.AddMetadata("glia.checkpoint", "2");
        file.Save(_folder["step-000000005.safetensors"]);
        Assert.Equal(
            $"{_folder["step-000000005.safetensors"]}: the checkpoint has format version 2, but this version of Glia reads version 1. Use a newer Glia.",
            Assert.Throws<CheckpointException>(() => Checkpoint.Latest(_folder.Path)).Message);
    }

    [Fact]
    public void OtherSafetensors_AreNoCheckpoint()
    {
        new SafetensorsWriter().Save(_folder["weights.safetensors"]);
        Assert.EndsWith("this safetensors file is no checkpoint. Give a file that ModelCheckpoint wrote.", Assert.Throws<CheckpointException>(() => Checkpoint.Load(_folder["weights.safetensors"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SameTraining_WritesTheSameBytesButForTheTimes()
    {
        var (_, newer) = Two();
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(newer));
        Assert.Contains("\"glia.checkpoint\":\"1\"", text, StringComparison.Ordinal);
        using var other = new TemporaryFolder();
        Make(new ModelCheckpoint(other.Path) { EverySteps = 1, Monitor = null }).Fit();
        var (a, b) = (CheckpointFile.Read(newer), CheckpointFile.Read(other["step-000000004.safetensors"]));
        Setup.AssertSame(a.Tensors, b.Tensors);
        Assert.Equal(["position.history", "sha256"], a.Texts.Where(t => b.Texts[t.Key] != t.Value).Select(t => t.Key).Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "layer", "layer 1 is" }, { "loss", "loss is" }, { "optimizer", "optimizer is Sgd there, Adam here" }, { "learning rate", "learningRate of the optimizer is 0.1 there, 0.2 here" },
        { "momentum", "momentum of the optimizer is 0 there, 0.5 here" }, { "seed", "seed is 0 there, 1 here" }, { "batch size", "batch size is 16 there, 8 here" },
        { "accumulation", "batches of a step is 1 there, 2 here" }, { "shuffling", "shuffling is yes there, no here" }, { "data", "training data is 32 samples" },
        { "validation", "validation data is none there, 30 samples" }, { "clipping", "largest norm of the gradients is none there, 1 here" },
        { "penalty", "penalties is none there, L1Regularizer 0.1 here" }, { "metric", "metrics is none there, accuracy here" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void OtherTraining_IsRefusedNamingWhatDiffers(string change, string message)
    {
        Two();
        var model = Network.Input(2).Dense(change == "layer" ? 4 : 3).Build(1);
        Optimizer optimizer = change switch
        {
            "optimizer" => new Adam(0.1),
            "learning rate" => new Sgd(0.2),
            "momentum" => new Sgd(0.1, momentum: 0.5),
            _ => new Sgd(0.1),
        };
        var trainer = new Trainer(model, change == "loss" ? new Losses.CrossEntropyLoss(reduction: Losses.LossReduction.Sum) : Loss.CrossEntropy, optimizer)
        {
            Seed = change == "seed" ? 1UL : 0,
            AccumulateSteps = change == "accumulation" ? 2 : 1,
            Shuffle = change != "shuffling",
            ClipNorm = change == "clipping" ? 1 : null,
            Regularizers = change == "penalty" ? [new L1Regularizer(0.1)] : [],
            Metrics = change == "metric" ? [new Accuracy()] : [],
        };
        var before = model.StateDict().ToDictionary(t => t.Key, t => t.Value.Clone());
        var error = Assert.Throws<CheckpointException>(() => trainer.Fit(
            Problems.Clusters(32, change == "data" ? 2UL : 1), change == "validation" ? Problems.Clusters(30, 2) : null, 2, change == "batch size" ? 8 : 16, Checkpoint.Latest(_folder.Path)));
        Assert.StartsWith($"The checkpoint '{_folder["step-000000004.safetensors"]}' does not fit this training: {message}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Give the same settings and data, or train anew.", error.Message, StringComparison.Ordinal);
        Setup.AssertSame(before, model.StateDict());
    }

    [Fact]
    public void MissingCallback_IsNamed()
    {
        Make(new EarlyStopping(), new ModelCheckpoint(_folder.Path)).Fit();
        Assert.Contains("the callback EarlyStopping is missing here", Assert.Throws<CheckpointException>(() => Make().Fit(Checkpoint.Latest(_folder.Path))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "callbacks.EarlyStopping.monitor is loss Lower there, loss Higher here",
            Assert.Throws<CheckpointException>(() => Make(new EarlyStopping(mode: MonitorMode.Higher)).Fit(Checkpoint.Latest(_folder.Path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnCallback_HasItsStateAgain()
    {
        var crashing = Make(new Counter(), new ModelCheckpoint(_folder.Path) { EverySteps = 3 }, new StepAction(s =>
        {
            if (s.Step == 4)
                throw new InvalidOperationException("a crash");
        }));
        Assert.Throws<InvalidOperationException>(() => crashing.Fit());
        var counter = new Counter();
        Make(counter).Fit(Checkpoint.Latest(_folder.Path));
        Assert.Equal(4, counter.Steps);
    }

    [Fact]
    public void SlowAndLargeData_AreKnownBySomeSamples()
    {
        var counting = new CountingData(100_000);
        var fingerprint = DataFingerprint.Of(counting);
        Assert.StartsWith("100000 samples ", fingerprint, StringComparison.Ordinal);
        Assert.Equal(64, counting.Read);
        Assert.NotEqual(fingerprint, DataFingerprint.Of(new CountingData(100_001)));
    }

    private sealed class Counter : Callback
    {
        public int Steps { get; private set; }

        public override void OnStepEnd(TrainingState state) => Steps++;

        public override void SaveState(CheckpointWriter writer) => writer.Write("steps", Steps);

        public override void LoadState(CheckpointReader reader) => Steps = (int)reader.ReadInteger("steps");
    }

    private sealed class CountingData(int count) : Dataset
    {
        public int Read { get; private set; }

        public override int Count => count;

        public override Shape InputShape => 2;

        public override Shape TargetShape => Shape.Scalar;

        public override DType TargetDType => DType.Int64;

        public override bool IsSlow => true;

        public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
        {
            Read += samples.Length;
            for (var i = 0; i < samples.Length; i++)
                input.AsWritableSpan<float>()[2 * i] = samples[i];
        }
    }
}
