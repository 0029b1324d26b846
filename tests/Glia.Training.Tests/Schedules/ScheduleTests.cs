using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class ScheduleTests
{
    [Fact]
    public void Schedules_StartAtTheirBaseRateAndEndWhereTheySay()
    {
        Check(new ConstantSchedule(0.3), (0, 0.3), (1000, 0.3));
        Check(new StepSchedule(0.4, 3, 0.5), (0, 0.4), (2, 0.4), (3, 0.2), (6, 0.1));
        Check(new MultiStepSchedule(1, [5, 2, 5]), (1, 1), (2, 0.1), (5, 1e-3));
        Check(new ExponentialSchedule(1, 0.5), (0, 1), (3, 0.125));
        Check(new PolynomialSchedule(2, 10, 2), (0, 2), (5, 0.5), (10, 0), (99, 0));
        Check(new CosineSchedule(1, 10, 0.2), (0, 1), (5, 0.6), (10, 0.2), (20, 1));
        Check(new CosineRestartsSchedule(1, 4), (0, 1), (2, 0.5), (4, 1), (400, 1));
        Check(new CosineRestartsSchedule(1, 4, 2), (4, 1), (8, 0.5), (12, 1), (20, 0.5), (28, 1));
        Check(new LinearWarmupSchedule(0.6, 5, 0), (0, 0), (1, 0.12), (5, 0.6), (50, 0.6));
        Check(new LinearWarmupSchedule(new ExponentialSchedule(1, 0.5), 4, 0.5), (0, 0.5), (2, 0.75), (4, 1), (5, 0.5));
        Check(new InverseSqrtSchedule(1, 4), (0, 0.125), (3, 0.5), (15, 0.25));
        Check(new OneCycleSchedule(1, 11, 0.5, 10, 10, Annealing.Linear), (0, 0.1), (10, 0.01), (100, 0.01));
        Check(Schedule.From(t => 1.0 / (t + 1)), (0, 1), (3, 0.25));
    }

    [Fact]
    public void OneCycle_PeaksAtTheEndOfItsWarmup_WithoutAJump()
    {
        foreach (var annealing in Enum.GetValues<Annealing>())
        {
            foreach (var threePhase in new[] { false, true })
            {
                var schedule = new OneCycleSchedule(1, 1001, 0.3, annealing: annealing, threePhase: threePhase);
                var rates = Enumerable.Range(0, 1001).Select(t => schedule.Rate(t)).ToArray();
                Assert.InRange(Array.IndexOf(rates, rates.Max()), 299, 300);
                Assert.True(rates.Zip(rates.Skip(1)).Max(p => Math.Abs(p.First - p.Second)) < 0.01);
                Assert.Equal(1 / 25.0, rates[0], 12);
                Assert.Equal(1 / 25.0 / 1e4, rates[^1], 12);
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void OneCycle_OfOneStepOrOneSide_StaysFinite(double share)
    {
        for (var steps = 1; steps < 5; steps++)
        {
            for (var t = 0; t < 6; t++)
                Assert.InRange(new OneCycleSchedule(1, steps, share).Rate(t), 0, 1);
        }
    }

    [Fact]
    public void Scheduler_SetsTheRateOfEveryStep()
    {
        var used = RatesUsed(new LearningRateScheduler(Schedule.From(t => 1e-3 * (t + 1))), epochs: 2);
        Assert.Equal(Enumerable.Range(1, 8).Select(t => 1e-3 * t), used, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Scheduler_OfEpochs_KeepsTheRateWithinAnEpoch()
    {
        var used = RatesUsed(new LearningRateScheduler(new StepSchedule(0.1, 1, 0.5), ScheduleUnit.Epoch), epochs: 2);
        Assert.Equal([0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05], used, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Plateau_LowersTheRateAfterPatience_AndGoesOnFromItsState()
    {
        var options = new ReduceOnPlateauOptions { Patience = 1, Factor = 0.5, Cooldown = 1 };
        var plateau = new ReduceOnPlateau(options);
        double[] values = [1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9];
        var rates = new List<double>();
        var rate = 1.0;
        foreach (var value in values)
        {
            var resumed = new ReduceOnPlateau(options) { State = plateau.State };
            rate = resumed.Report(value, rate);
            plateau = resumed;
            rates.Add(rate);
        }
        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25], rates);
    }

    [Fact]
    public void Plateau_InATrainer_LowersTheRateOfAModelThatCannotImprove()
    {
        var optimizer = new Sgd(1e-30);
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, optimizer) { Callbacks = [new ReduceOnPlateau(new() { Patience = 2, Epsilon = 0 })] };
        trainer.Fit(Problems.Clusters(30, 1), Problems.Clusters(30, 2), epochs: 7);
        Assert.Equal(1e-32, optimizer.LearningRate, 1e-40);
    }

    [Fact]
    public void Plateau_WatchingSomethingUnknown_IsRefused()
    {
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { Callbacks = [new ReduceOnPlateau(new() { Monitor = "auc" })] };
        var error = Assert.Throws<ArgumentException>(() => trainer.Fit(Problems.Clusters(30, 1), epochs: 1));
        Assert.Equal("ReduceOnPlateau watches 'auc', but training measures loss. Add the metric to the trainer, or watch one of these.", error.Message);
    }

    [Fact]
    public void SettingsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialSchedule(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(1, 10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineRestartsSchedule(1, 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearWarmupSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InverseSqrtSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, 10, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, 10, 0.6, threePhase: true));
        Assert.Throws<ArgumentException>(() => new ReduceOnPlateau(new() { Factor = 1 }));
        Assert.Throws<ArgumentException>(() => new ReduceOnPlateau(new() { Patience = -1 }));
    }

    private static void Check(Schedule schedule, params (long Step, double Rate)[] expected)
    {
        foreach (var (step, rate) in expected)
            Assert.Equal(rate, schedule.Rate(step), 1e-12);
    }

    /// <summary>The rates at which the steps of a training of 4 steps an epoch were made.</summary>
    private static List<double> RatesUsed(LearningRateScheduler scheduler, int epochs)
    {
        var used = new List<double>();
        // With one weight of gradient 1, the change of the weight is the rate.
        var model = Network.Input(1).Dense(1, useBias: false).Build();
        var weight = model.Parameters[0];
        var before = weight[0, 0];
        var watch = new StepAction(_ =>
        {
            used.Add(before - weight[0, 0]);
            before = weight[0, 0];
        });
        var data = new Glia.Data.TensorDataset(Tensor.Ones((4, 1)), Tensor.Zeros((4, 1)));
        new Trainer(model, Loss.From((p, _) => p.Sum()), new Sgd(99)) { Callbacks = [watch, scheduler] }.Fit(data, epochs: epochs, batchSize: 1);
        return used;
    }
}
