using Glia.Optimizers;

namespace Glia.Training.Tests.Checkpoints;

public sealed class ModelCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folder => _folder["checkpoints"];

    public void Dispose() => _folder.Dispose();

    /// <summary>Five steps an epoch, three epochs.</summary>
    private static Setup Make(params Callback[] callbacks) => new(
        new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.01)) { Callbacks = [.. callbacks] }, Problems.Clusters(70, 1), Problems.Clusters(30, 2));

    private string[] Files() => [.. Directory.GetFileSystemEntries(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Steps_AreCountedAndTheLastTwoKept()
    {
        var checkpoint = new ModelCheckpoint(Folder) { EverySteps = 4 };
        Make(checkpoint).Fit();
        // At steps 4, 8, 12 and, where training ends, 15.
        Assert.Equal(["best.safetensors", "step-000000012.safetensors", "step-000000015.safetensors"], Files());
        Assert.Equal(4, checkpoint.Count);
        Assert.True(checkpoint.Seconds > 0);
        Assert.Equal((15, 3), (Checkpoint.Latest(Folder)!.Step, Checkpoint.Latest(Folder)!.Epoch));
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(2, 5, 2)]
    public void Epochs_AreCountedAndAsManyKeptAsAsked(int every, int keep, int count)
    {
        var checkpoint = new ModelCheckpoint(Folder) { EveryEpochs = every, Keep = keep, Monitor = null };
        Make(checkpoint).Fit();
        Assert.Equal(count, checkpoint.Count);
        Assert.Equal(Math.Min(count, keep), Files().Length);
    }

    [Fact]
    public void Seconds_AreTheRuleWhereNoneIsGiven()
    {
        var (rare, often) = (new ModelCheckpoint(Folder), new ModelCheckpoint(_folder["often"]) { EverySeconds = 0 });
        Make(rare, often, new StepAction(_ => Thread.Sleep(20))).Fit();
        Assert.Equal(1, rare.Count);
        // No more often than a fiftieth of the time allows.
        Assert.InRange(often.Count, 1, 15);
    }

    [Fact]
    public void Best_IsTheEpochOfTheSmallestLoss()
    {
        var setup = Make(new ModelCheckpoint(Folder), new LearningRateScheduler(Schedule.From(epoch => epoch == 0 ? 0.01 : 10), ScheduleUnit.Epoch));
        var history = setup.Fit();
        var best = Checkpoint.Load(new ModelCheckpoint(Folder).BestPath);
        Assert.Equal(history.Epochs.MinBy(e => e.Validation!["loss"])!.Epoch, best.Epoch);
        Assert.NotEqual(3, best.Epoch);
        setup.Trainer.Model.LoadStateDict(best.Weights);
        Assert.Equal(history.Epochs[best.Epoch - 1].Validation!["loss"], setup.Trainer.Evaluate(setup.Validation!)["loss"]);
    }

    [Fact]
    public void Best_GoesOnAcrossAResume()
    {
        var whole = Make(new ModelCheckpoint(Folder) { EverySteps = 2 });
        whole.Fit();
        var bytes = File.ReadAllBytes(Path.Combine(Folder, Checkpoint.BestName));
        var other = _folder["other"];
        Assert.Throws<InvalidOperationException>(() => Make(new ModelCheckpoint(other) { EverySteps = 2 }, new StepAction(s => ThrowAt(s, 9))).Fit());
        Make(new ModelCheckpoint(other) { EverySteps = 2 }).Fit(Checkpoint.Latest(other));
        Setup.AssertSame(Checkpoint.Load(Path.Combine(Folder, Checkpoint.BestName)).Weights, Checkpoint.Load(Path.Combine(other, Checkpoint.BestName)).Weights);
        Assert.NotEmpty(bytes);
    }

    [Fact]
    public void Cancelled_GoesOnAsIfItHadNotBeen()
    {
        using var source = new CancellationTokenSource();
        var (whole, cancelled, resumed) = (Make(), Make(new ModelCheckpoint(Folder), new StepAction(s => { if (s.Step == 7) source.Cancel(); })), Make(new ModelCheckpoint(Folder)));
        var expected = whole.Fit();
        var history = cancelled.Trainer.Fit(cancelled.Train, cancelled.Validation, 3, 16, cancellation: source.Token);
        Assert.Equal(StopReason.Cancelled, history.StopReason);
        Assert.Equal(7, Checkpoint.Latest(Folder)!.Step);
        Setup.AssertSame(whole, expected, resumed, resumed.Fit(Checkpoint.Latest(Folder)));
    }

    [Fact]
    public void Order_OfCallbacksDoesNotMatter()
    {
        // MaxNorm changes the weights after the step, whether it stands before or behind.
        Make(new ModelCheckpoint(Folder) { EverySteps = 3 }, new MaxNorm(0.5)).Fit();
        Make(new MaxNorm(0.5), new ModelCheckpoint(_folder["behind"]) { EverySteps = 3 }).Fit();
        Setup.AssertSame(Checkpoint.Latest(Folder)!.Weights, Checkpoint.Latest(_folder["behind"])!.Weights);
    }

    [Fact]
    public void FinishedTraining_HasNothingLeftToDo()
    {
        var first = Make(new ModelCheckpoint(Folder), new EarlyStopping());
        var history = first.Fit();
        var steps = new StepAction(_ => { });
        var again = Make(new ModelCheckpoint(Folder), new EarlyStopping(), steps);
        Setup.AssertSame(first, history, again, again.Fit(Checkpoint.Latest(Folder)));
        Assert.Equal(0, steps.Steps);
    }

    [Fact]
    public void MetricThatCannotBeSaved_LeavesCheckpointsToTheEndsOfEpochs()
    {
        Setup With(params Callback[] callbacks) => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.01)) { Metrics = [new Unsaved()], Callbacks = [.. callbacks] }, Problems.Clusters(70, 1));
        var checkpoint = new ModelCheckpoint(Folder) { EverySteps = 3, Keep = 9, Monitor = null };
        var whole = With(checkpoint);
        var history = whole.Fit();
        Assert.Equal(["step-000000005.safetensors", "step-000000010.safetensors", "step-000000015.safetensors"], Files());
        var resumed = With();
        Setup.AssertSame(whole, history, resumed, resumed.Fit(Checkpoint.Load(Path.Combine(Folder, "step-000000005.safetensors"))));
    }

    [Fact]
    public void FolderOfAnotherTraining_IsNotWrittenTo()
    {
        Make(new ModelCheckpoint(Folder)).Fit();
        var before = Files();
        var error = Assert.Throws<IOException>(() => Make(new ModelCheckpoint(Folder)).Fit());
        Assert.Equal(
            $"The folder '{Folder}' holds checkpoints already, the last of step 15 ('step-000000015.safetensors'). Go on from it with resume: Checkpoint.Latest(…), or choose another folder.", error.Message);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void FolderInUse_IsNotWrittenTo()
    {
        var inner = default(Exception);
        Make(new ModelCheckpoint(Folder), new StepAction(s =>
        {
            if (s.Step == 1)
                inner = Record.Exception(() => Make(new ModelCheckpoint(Folder)).Fit());
        })).Fit();
        Assert.StartsWith($"Cannot write checkpoints to '{Folder}': ", Assert.IsType<IOException>(inner).Message, StringComparison.Ordinal);
        Assert.Equal(["best.safetensors", "step-000000015.safetensors"], Files());
    }

    [Fact]
    public void FolderThatCannotBeMade_IsToldBeforeTraining()
    {
        var steps = new StepAction(_ => { });
        var error = Assert.Throws<IOException>(() => Make(steps, new ModelCheckpoint("/sys/glia/checkpoints")).Fit());
        Assert.StartsWith("Cannot create the folder '/sys/glia", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps.Steps);
    }

    [Fact]
    public void LeftOverOfAKilledWriter_IsRemoved()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, ".glia-abc.tmp"), "half");
        Make(new ModelCheckpoint(Folder)).Fit();
        Assert.DoesNotContain(".glia-abc.tmp", Files());
    }

    [Fact]
    public void FailureToWrite_EndsTrainingUnlessItIsToGoOn()
    {
        // Where the file is to be renamed to there is a folder, which no file replaces.
        void Block(string folder) => Directory.CreateDirectory(Path.Combine(folder, "step-000000006.safetensors", "in the way"));
        var loud = Make(new ModelCheckpoint(Folder) { EverySteps = 3 }, new StepAction(s => { if (s.Step == 5) Block(Folder); }));
        Assert.Throws<IOException>(() => loud.Fit());
        Assert.Equal(3, Checkpoint.Latest(Folder)!.Step);

        var told = new List<string>();
        var quiet = new ModelCheckpoint(_folder["quiet"]) { EverySteps = 3, OnFailure = e => told.Add(e.Message) };
        Make(quiet, new StepAction(s => { if (s.Step == 5) Block(quiet.Folder); })).Fit();
        Assert.Contains("step-000000006.safetensors", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(15, Checkpoint.Latest(quiet.Folder)!.Step);
    }

    [Fact]
    public void NoCheckpoints_AreNoLatestOne()
    {
        Assert.Null(Checkpoint.Latest(_folder["nowhere"]));
        Assert.Null(Checkpoint.Latest(_folder.Path));
        Assert.Throws<FileNotFoundException>(() => Checkpoint.Load(_folder["none.safetensors"]));
    }

    [Fact]
    public void UnknownMonitor_IsToldAfterTheFirstEpoch() => Assert.Contains(
        "ModelCheckpoint watches 'accuracy'", Assert.Throws<ArgumentException>(() => Make(new ModelCheckpoint(Folder) { Monitor = "accuracy" }).Fit()).Message, StringComparison.Ordinal);

    private static void ThrowAt(TrainingState state, long step)
    {
        if (state.Step == step)
            throw new InvalidOperationException("a crash");
    }

    private sealed class Unsaved : Metric
    {
        private int _batches;

        public override string Name => "batches";

        public override MonitorMode Mode => MonitorMode.Higher;

        public override double Value => _batches;

        public override void Reset() => _batches = 0;

        public override void Update(Tensor prediction, Tensor target) => _batches++;
    }
}
