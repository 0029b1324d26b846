using Glia.Optimizers;

namespace Glia.Training.Tests.Callbacks;

public class CallbackTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hooks_ComeInTheirOrder(bool validates)
    {
        var recorder = new Recorder();
        var data = Problems.Clusters(30, seed: 1);
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0.1)) { Callbacks = [recorder], AccumulateSteps = 2 };

        // Three batches: a step of two, and one of what is left.
        trainer.Fit(data, validates ? data : null, epochs: 2, batchSize: 10);

        string[] step = ["step start", "gradients", "step end"];
        string[] epoch = ["epoch start", .. step, .. step, .. validates ? ["validation start"] : Array.Empty<string>(), "epoch end"];
        Assert.Equal(["training start", .. epoch, .. epoch, "training end"], recorder.Calls);
    }

    [Fact]
    public void OnGradients_SeesTheGradientsOfTheWholeStepBeforeTheyAreClipped_AndMayChangeThem()
    {
        var seen = double.NaN;
        var model = Problems.Classifier();
        var before = model.StateDict().ToDictionary(e => e.Key, e => e.Value.ToArray<float>());
        var eraser = new Eraser(norm => seen = norm);
        double reported = 0;
        var trainer = new Trainer(model, Loss.CrossEntropy, new Sgd(0.1)) { Callbacks = [eraser, new StepAction(s => reported = s.GradientNorm)], ClipNorm = 1e-3 };

        trainer.Fit(Problems.Clusters(30, seed: 1), epochs: 1, batchSize: 30);

        Assert.InRange(seen, 0.1, 10);
        Assert.Equal(0, reported);
        Assert.All(model.StateDict(), e => Assert.Equal(before[e.Key], e.Value.ToArray<float>()));
    }

    private sealed class Recorder : Callback
    {
        public List<string> Calls { get; } = [];

        public override void OnTrainingStart(TrainingState state) => Calls.Add("training start");

        public override void OnEpochStart(TrainingState state) => Calls.Add("epoch start");

        public override void OnStepStart(TrainingState state) => Calls.Add("step start");

        public override void OnGradients(TrainingState state) => Calls.Add("gradients");

        public override void OnStepEnd(TrainingState state) => Calls.Add("step end");

        public override void OnValidationStart(TrainingState state) => Calls.Add("validation start");

        public override void OnEpochEnd(TrainingState state) => Calls.Add("epoch end");

        public override void OnTrainingEnd(TrainingState state) => Calls.Add("training end");
    }

    /// <summary>Tells the norm of all gradients and sets them to 0.</summary>
    private sealed class Eraser(Action<double> norm) : Callback
    {
        public override void OnGradients(TrainingState state)
        {
            norm(Math.Sqrt(state.Model.Parameters.Sum(p => p.Grad!.Square().Sum().Item())));
            foreach (var parameter in state.Model.Parameters)
                parameter.Grad!.AsWritableSpan<float>().Clear();
        }
    }
}
