using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The output of the model and the loss do not go together.</summary>
internal sealed class WrongHeadRule : Rule
{
    public override Symptom Symptom => Symptom.WrongHead;

    public override IReadOnlyList<Symptom> Explains => [Symptom.WrongInitialLoss, Symptom.CannotOverfitBatch, Symptom.SlowLearning, Symptom.NotConverged, Symptom.Underfitting, Symptom.Saturation, Symptom.VanishingGradients];

    public override Finding? Examine(RunRecord run)
    {
        var (model, loss, last) = (run.Model, run.Settings.Loss, run.Model.Layers is [.., var l] ? l : null);
        return loss switch
        {
            "cross-entropy" when model.GivesDistributions => Head("softmax is applied twice", "the outputs are probabilities already: not negative, with sum 1", "The cross-entropy applies softmax itself; of probabilities it makes nearly even ones, so the gradient is small and the loss stays high.", "Take the softmax away: the model gives logits."),
            "cross-entropy" when IsBent(last) => Head($"{last!.Type} before cross-entropy", $"the outputs lie between {model.OutputMin:G3} and {model.OutputMax:G3}", "Logits must be free to take any value; an activation on them holds probabilities back.", $"Take {last.Type} away from the output layer."),
            "binary cross-entropy" when last is { Type: "Sigmoid" } or { Type: "Softmax" } => Head("sigmoid is applied twice", $"the model ends in {last.Type} and the loss takes logits", "The binary cross-entropy applies the sigmoid itself; of probabilities it makes numbers from 0.5 to 0.73.", "Take the last activation away."),
            "negative log-likelihood" when model.OutputMin >= 0 => Head("probabilities where their logarithms are expected", $"the outputs lie between {model.OutputMin:G3} and {model.OutputMax:G3}", "The negative log-likelihood takes log-probabilities, which are at most 0.", "End the model in LogSoftmax, or use Loss.CrossEntropy on logits."),
            _ when !run.Data.AreClasses && !run.Data.AreOneHot && IsBent(last) && !Reaches(last!.Type, run.Data) => Head($"{last!.Type} cannot reach the targets", $"targets go from {run.Data.TargetMin:G4} to {run.Data.TargetMax:G4}", "The last activation gives only part of the numbers that are wanted.", "End a regression in a linear layer, or scale the targets into the range."),
            _ => null,
        };
    }

    private static bool IsBent(LayerProfile? last) => last is { Role: LayerRole.Rectifier or LayerRole.Squashing };

    private static bool Reaches(string activation, DataProfile data) => activation switch
    {
        "ReLU" => data.TargetMin >= 0,
        "ReLU6" => data.TargetMin >= 0 && data.TargetMax <= 6,
        "Sigmoid" or "HardSigmoid" => data.TargetMin >= 0 && data.TargetMax <= 1,
        _ => data.TargetMin >= -1 && data.TargetMax <= 1,
    };

    private Finding Head(string summary, FormattableString evidence, string reason, string advice) => Found(
        Severity.Error, summary, evidence, reason, new(Setting.Head, advice, "….Dense(classes).Build()  with  Loss.CrossEntropy"));

    private Finding Head(string summary, string evidence, string reason, string advice) => Head(summary, (FormattableString)$"{evidence}", reason, advice);
}
