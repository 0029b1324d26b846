using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The loss before the first step is far from that of a model that knows nothing.</summary>
internal sealed class WrongInitialLossRule : Rule
{
    private const double Factor = 3;

    public override Symptom Symptom => Symptom.WrongInitialLoss;

    public override Finding? Examine(RunRecord run)
    {
        var (start, expected) = (run.Model.InitialLoss, run.Settings.Loss == "cross-entropy" && run.Data.AreClasses ? Math.Log(run.Model.Outputs) : double.NaN);
        if (!(start > (Factor * expected) + 0.5))
            return null;
        return Found(
            Severity.Warning,
            "the loss starts far too high",
            $"it is {start:G4} before the first step, where even guesses over {run.Model.Outputs} classes give ln {run.Model.Outputs} = {expected:F2}",
            "The model begins sure of random answers: its initial weights or its inputs are too large.",
            new(Setting.Initializer, "Scale the inputs, and use smaller initial weights in the last layer.", "model.Initialize(seed: 1);"));
    }
}
