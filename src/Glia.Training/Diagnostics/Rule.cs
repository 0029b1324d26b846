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

    /// <summary>The loss of a model that has learned nothing: of the best constant where it is known, else of the model at its start.</summary>
    protected static double KnowingNothing(RunRecord run) => double.IsFinite(run.Data.BaselineLoss) ? run.Data.BaselineLoss : run.Model.InitialLoss;

    /// <summary>How much the first steps change the weights, as a share of their size; NaN when not seen.</summary>
    protected static double EarlyStep(RunRecord run) =>
        Series.Median(run.Probes.Take(6).Select(p => Series.Median(p.Parameters.Select(x => x.UpdateRatio))).Where(r => r > 0));

    /// <summary>A lower rate: a tenth, or so much less that the first steps would have changed the weights by a hundredth.</summary>
    protected static Remedy LowerRate(RunRecord run)
    {
        const double LargeStep = 0.01;
        const double LargestRate = 0.1;
        var factor = LargeStep / EarlyStep(run);
        if (run.Settings.LearningRate > 10 * LargestRate)
            return Rate(run, Math.Min(LargestRate, run.Settings.LearningRate * Math.Max(double.IsNaN(factor) ? 1 : factor, 1e-4)) / run.Settings.LearningRate, "Begin with a rate that some network has learned with");
        return factor < 0.1 ? Rate(run, Math.Max(factor, 1e-4), "Lower the learning rate so far that a step changes the weights by about 1 % of their size") : Rate(run, 0.1, "Divide the learning rate by 10");
    }

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
    protected static double Round(double value) => value == 0 || !double.IsFinite(value) ? value : double.Parse(value.ToString("G2", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
