using Glia.Optimizers;
using Glia.Training.Tests.Diagnostics;

namespace Glia.Training.Tests;

public class ConvergenceVerdictTests
{
    private static ConvergenceVerdict Of(Func<int, double> training, Func<int, double>? validation, int epochs, double first = double.NaN, StopReason reason = StopReason.Completed, int? restored = null) =>
        ConvergenceVerdict.Of(Records.Epochs(training, validation, epochs), reason, restored, first);

    [Fact]
    public void LossAtRest_HasConverged()
    {
        var verdict = Of(e => 0.1 + Math.Exp(-e), e => 0.2 + Math.Exp(-e), 20, first: 1.1);
        Assert.Equal((Convergence.Converged, 20), (verdict.Kind, verdict.Epoch));
        Assert.Equal("converged: the validation loss came to rest at 0.2 in epoch 20 of 20. To get further, change the model, the data or the features.", verdict.ToString());
    }

    [Fact]
    public void LossThatFallsToTheEnd_IsStillFalling()
    {
        var verdict = Of(e => 1 - (0.05 * e), null, 10, first: 1);
        Assert.Equal(Convergence.StillFalling, verdict.Kind);
        Assert.Equal("still falling: the training loss fell from 0.625 to 0.525 in the last 4 of 10 epochs. Train for more epochs: the model has not learned all it can.", verdict.ToString());
    }

    [Fact]
    public void LossThatFell_UntilEarlyStopping_HasConverged() =>
        Assert.Equal(Convergence.Converged, Of(e => 1 - (0.05 * e), e => 1 - (0.05 * e), 10, first: 1, StopReason.EarlyStopping).Kind);

    [Fact]
    public void ValidationLossThatTurnsUp_IsOverfitting()
    {
        var verdict = Of(e => 1.0 / e, e => 0.5 + (0.1 * Math.Abs(e - 4)), 10, first: 1);
        Assert.Equal(Convergence.Overfitting, verdict.Kind);
        // The median of three makes epochs 3, 4 and 5 alike.
        Assert.Equal(3, verdict.Epoch);
        Assert.StartsWith("overfitting from epoch 4: ", verdict.ToString(), StringComparison.Ordinal);
        Assert.Equal("the validation loss was lowest in epoch 3 with 0.6 and rose to 1.1 while the training loss went on falling", verdict.Evidence);
        Assert.StartsWith("Use early stopping, which keeps the best weights; ", verdict.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void OverfittingWithRestoredWeights_SaysWhichEpochWasKept()
    {
        var verdict = Of(e => 1.0 / e, e => 0.5 + (0.1 * Math.Abs(e - 4)), 10, first: 1, StopReason.EarlyStopping, restored: 4);
        Assert.Equal(Convergence.Overfitting, verdict.Kind);
        Assert.StartsWith("The weights of epoch 4 were kept; ", verdict.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void OneOddEpoch_IsNoOverfitting() =>
        Assert.Equal(Convergence.Converged, Of(e => 0.1 + Math.Exp(-e), e => e == 15 ? 5 : 0.2 + Math.Exp(-e), 20, first: 1.1).Kind);

    [Fact]
    public void ValidationLossThatTurnsUpWithTheTrainingLoss_IsNoOverfitting() =>
        Assert.NotEqual(Convergence.Overfitting, Of(e => 0.5 + (0.1 * Math.Abs(e - 4)), e => 0.5 + (0.1 * Math.Abs(e - 4)), 10, first: 1.5).Kind);

    [Fact]
    public void LossThatNeverMoves_IsStuck()
    {
        var verdict = Of(_ => 0.695, _ => 0.7, 10, first: 0.7);
        Assert.Equal(Convergence.Stuck, verdict.Kind);
        Assert.StartsWith("stuck: the training loss began at 0.7 and never fell below 0.695. Try other learning rates", verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LossThatGrows_HasDiverged()
    {
        var verdict = Of(e => e, _ => 1, 10, first: 0.5);
        Assert.Equal(Convergence.Diverged, verdict.Kind);
        Assert.Equal("diverged: the training loss began at 0.5 and ended at 10. Divide the learning rate by 10.", verdict.ToString());
    }

    [Fact]
    public void NoEpoch_IsNoVerdictOnLearning()
    {
        var verdict = Of(_ => 1, null, 0);
        Assert.Equal((Convergence.StillFalling, 0), (verdict.Kind, verdict.Epoch));
        Assert.Equal("still falling: no epoch was completed. Train for longer.", verdict.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneEpoch_IsStillFalling(bool isValidated)
    {
        var verdict = Of(_ => 0.5, isValidated ? _ => 0.6 : null, 1, first: 1);
        Assert.Equal((Convergence.StillFalling, 1), (verdict.Kind, verdict.Epoch));
        Assert.Equal(isValidated ? "the validation loss is 0.6 after the only epoch" : "the training loss is 0.5 after the only epoch", verdict.Evidence);
    }

    [Fact]
    public void ValidationInSomeEpochsOnly_LooksAtTraining()
    {
        var epochs = Records.Epochs(e => 0.1 + Math.Exp(-e), e => 1 + e, 20).Select((e, i) => i == 3 ? e with { Validation = null } : e).ToList();
        var verdict = ConvergenceVerdict.Of(epochs, StopReason.Completed, null, 1.1);
        Assert.Equal(Convergence.Converged, verdict.Kind);
        Assert.StartsWith("the training loss came to rest", verdict.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationLossOfNaN_LooksAtTraining()
    {
        var verdict = Of(e => 0.1 + Math.Exp(-e), _ => double.NaN, 20, first: 1.1);
        Assert.Equal((Convergence.Converged, 20), (verdict.Kind, verdict.Epoch));
        Assert.StartsWith("the training loss came to rest at 0.1", verdict.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void History_OfATraining_HasItsVerdict()
    {
        var model = Problems.Classifier();
        var history = new Trainer(model, Loss.CrossEntropy, new Adam(0.02)).Fit(Problems.Clusters(90, 1), Problems.Clusters(30, 2), epochs: 40);
        Assert.Equal(Convergence.Converged, history.Verdict.Kind);
        Assert.Equal(Math.Log(3), history.FirstLoss, 0.8);
        Assert.Equal(Convergence.Stuck, new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0)).Fit(Problems.Clusters(90, 1), epochs: 4).Verdict.Kind);
    }
}
