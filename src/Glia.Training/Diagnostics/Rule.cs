using Glia.Diagnostics;

namespace Glia.Training.Diagnostics;

/// <summary>One thing that can be wrong, how it is told from the numbers of a run, and what helps.</summary>
internal abstract class Rule
{
    /// <summary>What it finds.</summary>
    public abstract Symptom Symptom { get; }

    /// <summary>What follows from it, and is not reported beside it.</summary>
    public virtual IReadOnlyList<Symptom> Explains => [];

    /// <summary>The finding; null when all is well, or the record does not tell.</summary>
    public abstract Finding? Examine(RunRecord run);

    protected Finding Found(Severity severity, string summary, FormattableString evidence, string reason, Remedy remedy) =>
        new(Symptom, severity, summary, FormattableString.Invariant(evidence), reason, remedy);

    /// <summary>A change of the learning rate by a factor.</summary>
    protected static Remedy Rate(RunRecord run, double factor, string advice)
    {
        var rate = Round(run.Settings.LearningRate * factor);
        return new(Setting.LearningRate, FormattableString.Invariant($"{advice}: {rate:G3} in place of {run.Settings.LearningRate:G3}."), FormattableString.Invariant($"optimizer.LearningRate = {rate:G3};"))
        {
            Value = rate,
            Option = FormattableString.Invariant($"--learning-rate {rate:0.#########}"),
        };
    }

    /// <summary>Two significant digits.</summary>
    private static double Round(double value) => value == 0 || !double.IsFinite(value) ? value : double.Parse(value.ToString("G2", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
