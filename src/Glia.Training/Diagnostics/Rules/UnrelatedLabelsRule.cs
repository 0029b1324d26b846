using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Neighbours in the inputs tell nothing about each other's targets, and neither does training.</summary>
internal sealed class UnrelatedLabelsRule : Rule
{
    private const double Signal = 3;
    private const double Gain = 0.2;

    public override Symptom Symptom => Symptom.UnrelatedLabels;

    public override IReadOnlyList<Symptom> Explains => [Symptom.Underfitting, Symptom.Overfitting, Symptom.NotConverged, Symptom.ConflictingLabels, Symptom.DeadUnits, Symptom.ConstantLoss];

    public override Finding? Examine(RunRecord run)
    {
        var data = run.Data;
        if (double.IsNaN(data.NeighbourSignal) || data.NeighbourSignal >= Signal || data.TargetMin == data.TargetMax || double.IsNaN(data.BaselineLoss))
            return null;
        // A model that predicts new samples proves that there is something to learn, whatever neighbours say.
        var best = Series.Smooth([.. run.Epochs.Select(e => e.Validation?["loss"] ?? double.NaN)]).DefaultIfEmpty(double.NaN).Min();
        if (run.Epochs.Count == 0 || double.IsNaN(best) || best < data.BaselineLoss * (1 - Gain))
            return null;
        return Found(
            Severity.Error,
            "the labels have nothing to do with the inputs",
            $"the nearest neighbours of a sample tell its target {data.NeighbourSignal:F1} standard deviations better than guessing, and the validation loss never fell below {best:G4}, where a constant has {data.BaselineLoss:G4}",
            "So it looks when inputs and labels were shuffled apart, joined in the wrong order, or are noise.",
            new(Setting.Data, "Look at some samples with their labels, and check that both are read in the same order.", "Console.WriteLine(string.Join(\", \", table.Columns.Select(c => c.Name)));"));
    }
}
