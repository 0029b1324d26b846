using Glia.Data;
using Glia.Diagnostics;
using Glia.Training;
using Glia.Training.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>A plan carried out under the eyes of the doctor.</summary>
/// <param name="Record">What was measured.</param>
/// <param name="Findings">What the doctor says.</param>
/// <param name="Score">The validation measure of the kept weights: accuracy for classes, 1 − MSE / variance for numbers; 0 when training failed.</param>
internal sealed record PlanRun(RunRecord Record, IReadOnlyList<Finding> Findings, double Score)
{
    public static PlanRun Of(Plan plan)
    {
        var data = PlanData.Create(plan);
        var model = PlanModel.Create(plan, data);
        var loss = PlanModel.LossOf(plan, data);
        var (train, validation) = plan.Head == Head.SquaredError && data.Classes > 0 ? (OneHot(data.Train, data.Classes), OneHot(data.Validation, data.Classes)) : (data.Train, data.Validation);
        var doctor = new TrainingDoctor();
        var trainer = new Trainer(model, loss, PlanModel.OptimizerOf(plan))
        {
            Seed = plan.Seed,
            ClipNorm = plan.ClipNorm,
            Callbacks = [.. plan.StopsEarly ? [new EarlyStopping(patience: Math.Max(5, plan.Epochs / 5))] : Array.Empty<Callback>(), doctor],
        };
        try
        {
            trainer.Fit(train, validation, plan.Epochs, plan.BatchSize);
        }
        catch (TrainingDivergedException)
        {
            // The doctor has seen it.
        }
        return new(doctor.Record!, doctor.Findings, ScoreOf(trainer, data, doctor.Record!.Failure is not null));
    }

    private static double ScoreOf(Trainer trainer, PlanData data, bool hasFailed)
    {
        if (hasFailed)
            return 0;
        using var noGrad = Gradients.NoGrad();
        var prediction = trainer.Predict(data.Validation);
        if (data.Classes > 0)
        {
            var classes = prediction.ArgMax(-1).AsSpan<long>();
            var hits = 0;
            var truth = data.Validation.Targets.AsSpan<long>();
            for (var i = 0; i < truth.Length; i++)
                hits += classes[i] == truth[i] ? 1 : 0;
            return (double)hits / truth.Length;
        }
        var difference = prediction - data.Validation.Targets;
        var centred = data.Validation.Targets - data.Validation.Targets.Mean();
        var score = 1 - (difference.Square().Mean().Item() / centred.Square().Mean().Item());
        return double.IsFinite(score) ? Math.Max(0, score) : 0;
    }

    private static TensorDataset OneHot(TensorDataset data, int classes)
    {
        var labels = data.Targets.AsSpan<long>();
        var rows = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
            rows[(i * classes) + (int)labels[i]] = 1;
        return new TensorDataset(data.Inputs, Tensor.From(rows, (labels.Length, classes)));
    }
}
