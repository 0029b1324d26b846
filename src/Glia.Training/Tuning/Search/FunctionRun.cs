namespace Glia.Training.Tuning;

/// <summary>A function of the trial, which begins anew each time.</summary>
internal sealed class FunctionRun(Trial trial, Func<Trial, double> objective) : TrialRun
{
    public override double Advance(int resource, CancellationToken cancellation) => objective(trial);
}
