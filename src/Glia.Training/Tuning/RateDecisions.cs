namespace Glia.Training;

/// <summary>Which rate is tried next, and why.</summary>
internal sealed class RateDecisions(RateTrials trials, (double Smallest, double Start, double Largest) limits, int maxTrials, Action<LearningRateTrial>? onTrial, string preface = "", bool refines = false)
{
    private const double Flat = 0.01;
    private const double Slow = 0.1;
    // Rates above the one with the lowest loss may be as good, but come near to where training breaks down.
    private const double MostAbove = 4.5;
    private const double Finer = 1.3;

    private readonly List<LearningRateTrial> _done = [];
    private LearningRateTrial? _best;
    private LearningRateTrial? _lowest;
    private double _tooLarge = double.PositiveInfinity;
    private bool _wentUp;
    private bool _wentDown;

    public LearningRateTuning Decide()
    {
        if (trials.IsZero)
            return new(limits.Start, false, trials.StillLoss, [], $"The loss is 0 before any learning, so that there is nothing to tune; the learning rate stays {Text(limits.Start)}.");
        double? next = limits.Start;
        while (next is { } rate)
        {
            var trial = trials.Run(rate);
            _done.Add(trial);
            next = Judge(trial, out var what);
            if (_done.Count == maxTrials)
                next = null;
            trial.Sentence = $"rate {Text(rate)}{(_done.Count == 1 ? preface : "")}: {what}{(next is { } then ? $" Next {Text(then)}." : "")}";
            onTrial?.Invoke(trial);
        }
        return Conclude();
    }

    private LearningRateTuning Conclude()
    {
        var (least, most) = (Text(_done.Min(t => t.Rate)), Text(_done.Max(t => t.Rate)));
        if (_best is null)
            throw new TrainingDivergedException($"The loss diverges at each of the {_done.Count} learning rates that were tried, from {most} down to {least}; the last time {_done[^1].Sentence.Split(": ")[1]}. Check that the inputs are finite and scaled, and that the loss fits the model's output.");
        if (!trials.Falls(_best))
            return new(limits.Start, false, trials.StillLoss, _done, $"The loss did not fall at any of the {_done.Count} rates from {least} to {most}, so the learning rate stays {Text(limits.Start)}. Check that the model can learn these data.");
        _best.Verdict = LearningRateVerdict.Good;
        return new(_best.Rate, true, trials.StillLoss, _done, $"Learning rate {Text(_best.Rate)}: the loss fell consistently, from {Text(trials.StillLoss)} to {Text(_best.EndLoss)} in {trials.Steps} steps, {(_done.Count == 1 ? "the only rate tried" : "as far as at any other rate tried, or further")}.");
    }

    private double? Judge(LearningRateTrial trial, out string what)
    {
        if (trial.Verdict == LearningRateVerdict.Diverges)
        {
            what = $"{trial.Sentence}: it diverges.";
            _tooLarge = Math.Min(_tooLarge, trial.Rate);
            return _best is not null ? AfterPeak() : Within(RateText.Rounded(trial.Rate / 10));
        }
        var fell = $"the loss {(trials.Falls(trial) ? "fell" : "went")} from {Text(trials.StillLoss)} to {Text(trial.EndLoss)} in {trials.Steps} steps";
        if (_best is not { } best || _lowest is not { } lowest)
        {
            (_best, _lowest) = (trial, trial);
            what = Describe(trial, fell);
            return Up(trial);
        }
        var isUp = trial.Rate > best.Rate;
        var order = trials.Compare(trial, lowest);
        // Where the loss hardly moves at all, nothing can be compared yet.
        var isFlat = trials.Fall(trial) < Flat && trials.Fall(lowest) < Flat;
        var isAsGood = order == 0 && trial.Rate <= MostAbove * lowest.Rate;
        if (order < 0 || (isUp && (isAsGood || isFlat)))
        {
            best.Verdict = isUp ? LearningRateVerdict.TooSlow : LearningRateVerdict.TooFast;
            _lowest = trial.EndLoss < lowest.EndLoss ? trial : lowest;
            (_best, _wentUp, _wentDown) = (trial, _wentUp || isUp, _wentDown || !isUp);
            what = order < 0 ? $"{fell}, further than at {Text(lowest.Rate)}, which was too {(isUp ? "slow" : "fast")}."
                : isFlat ? Describe(trial, fell)
                : $"{fell}, as far as at {Text(lowest.Rate)}; the larger rate is preferred.";
            return isUp ? Up(trial) : Down(trial);
        }
        trial.Verdict = isUp ? LearningRateVerdict.TooFast : LearningRateVerdict.TooSlow;
        what = $"{fell}, {(order == 0 ? "no further than" : "less far than")} at {Text(lowest.Rate)}.";
        if (isUp)
            _tooLarge = Math.Min(_tooLarge, trial.Rate);
        return isUp ? Between(lowest) ?? AfterPeak() : null;
    }

    private string Describe(LearningRateTrial trial, string fell) => trials.Fall(trial) < Slow
        ? $"{fell}: too slowly."
        : $"{fell}: it falls consistently. Is a larger rate faster?";

    /// <summary>A rate 2 to 5 times as large, the more the slower the loss falls; less where that is known to be too large.</summary>
    private double? Up(LearningRateTrial trial)
    {
        var fall = trials.Fall(trial);
        var next = RateText.Rounded(trial.Rate * (fall < Slow ? 5 : fall < 0.5 ? 3 : 2));
        if (next >= _tooLarge)
            next = RateText.Rounded(Math.Sqrt(trial.Rate * _tooLarge));
        return next < _tooLarge && next >= 1.5 * trial.Rate && Within(next) is { } rate ? rate : AfterPeak();
    }

    /// <summary>In finer search, the rate half-way from the best to the one that is too large, if they are far enough apart.</summary>
    private double? Between(LearningRateTrial best) =>
        refines && RateText.Rounded(Math.Sqrt(best.Rate * _tooLarge)) is var middle && middle >= Finer * best.Rate && middle < _tooLarge ? middle : null;

    /// <summary>No larger rate is better: a smaller one may be, unless it was tried on the way.</summary>
    private double? AfterPeak() => _wentUp || _wentDown ? null : Down(_best!);

    private double? Down(LearningRateTrial trial)
    {
        _wentDown = true;
        return Within(RateText.Rounded(trial.Rate / 3));
    }

    private double? Within(double rate) => rate >= limits.Smallest && rate <= limits.Largest ? rate : null;

    private static string Text(double value) => RateText.Number(value);
}
