using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Class indices outside the outputs of the model.</summary>
internal sealed class LabelOutOfRangeRule : Rule
{
    public override Symptom Symptom => Symptom.LabelOutOfRange;

    public override Finding? Examine(RunRecord run) => !run.Data.AreClasses || run.Data.TargetMax < run.Model.Outputs || run.Settings.Loss != "cross-entropy" ? null : Found(
        Severity.Error,
        "labels that the model has no output for",
        $"labels go up to {run.Data.TargetMax:F0}, but the model has {run.Model.Outputs} outputs, for labels 0 to {run.Model.Outputs - 1}",
        "Each class needs an output of its own; labels count from 0.",
        new(Setting.Head, $"Give the last layer {run.Data.TargetMax + 1:F0} outputs, or let the labels begin at 0.", FormattableString.Invariant($".Dense({run.Data.TargetMax + 1:F0})")));
}
