using Glia.Data;

namespace Glia.Training;

/// <summary>Short trainings at different rates on the same batches, beside one at rate 0, and what their losses tell.</summary>
internal sealed class RateTrials
{
    private const double Smoothing = 0.9;
    private const double RiseAt = 4;
    private const double LeastSwing = 0.05;
    private const int Parts = 8;

    private readonly ShortTraining _training;
    private readonly Dataset? _validation;
    private readonly CancellationToken _cancellation;
    private readonly List<double> _still;

    public RateTrials(ShortTraining training, int steps, Dataset? validation, CancellationToken cancellation)
    {
        (_training, _validation, _cancellation, Steps, _still) = (training, validation, cancellation, steps, new List<double>(steps));
        training.Run(steps, _ => 0, (_, loss) => Add(_still, loss), cancellation);
        if (!double.IsFinite(_still[^1]))
            throw new TrainingDivergedException($"The loss is {(double.IsNaN(_still[^1]) ? "NaN" : "infinite")} before any learning, so no learning rate can help. Check that the inputs are finite and scaled.");
        StillLoss = _still.Average();
    }

    public int Steps { get; }

    /// <summary>The mean loss at rate 0.</summary>
    public double StillLoss { get; }

    public bool IsZero => _still.TrueForAll(loss => loss == 0);

    private int End => Steps - Math.Max(1, Steps / 4);

    /// <summary>Tries a rate, and finds whether it diverges; the sentence says how.</summary>
    public LearningRateTrial Run(double rate)
    {
        var losses = new List<double>(Steps);
        var (smoothed, still, weight) = (0.0, 0.0, 0.0);
        var (hasRisen, validationLoss) = (false, default(double?));
        _training.Run(Steps, _ => rate, Note, _cancellation, () => validationLoss = _validation is null ? null : _training.LossOver(_validation));
        var trial = new LearningRateTrial(rate, losses) { EndLoss = losses.Count == Steps ? losses.Skip(End).Average() : losses[^1], ValidationLoss = validationLoss };
        var sign = HowItDiverged(trial, hasRisen ? smoothed / weight : null);
        (trial.Verdict, trial.Sentence) = sign is null ? (LearningRateVerdict.Good, "") : (LearningRateVerdict.Diverges, sign);
        if (sign is not null)
            trial.ValidationLoss = null;
        return trial;

        bool Note(int step, double loss)
        {
            (smoothed, still, weight) = ((Smoothing * smoothed) + loss, (Smoothing * still) + _still[step], (Smoothing * weight) + 1);
            hasRisen = step > 0 && smoothed - still > (RiseAt - 1) * Math.Abs(still);
            return Add(losses, loss) && !hasRisen;
        }
    }

    /// <summary>How far the loss fell below rate 0 by the end of a trial, as a share of that.</summary>
    public double Fall(LearningRateTrial trial)
    {
        var (still, end) = (_still.Skip(End).Average(), trial.EndLoss);
        return still == end ? 0 : (still - end) / Math.Max(Math.Abs(still), Math.Abs(end));
    }

    /// <summary>Whether the loss ends below rate 0, by more than chance.</summary>
    public bool Falls(LearningRateTrial trial) => Compare(trial.Losses, _still, 1e-3 * Math.Abs(StillLoss)) < 0;

    /// <summary>Negative where the first ends further below rate 0 than the second, positive where less far, 0 where they do not differ by more than chance.</summary>
    public int Compare(LearningRateTrial first, LearningRateTrial second)
    {
        const double Share = 0.02;
        var still = _still.Skip(End).Average();
        return Compare(first.Losses, second.Losses, Share * Math.Max(Math.Abs(still - first.EndLoss), Math.Abs(still - second.EndLoss)));
    }

    private int Compare(IReadOnlyList<double> first, IReadOnlyList<double> second, double least)
    {
        double[] differences = [.. Enumerable.Range(End, Steps - End).Select(i => first[i] - second[i])];
        var (mean, error) = MeanAndError(differences);
        return Math.Abs(mean) > Math.Max(least, 2 * error) ? Math.Sign(mean) : 0;
    }

    private string? HowItDiverged(LearningRateTrial trial, double? risen)
    {
        var (losses, rate) = (trial.Losses, RateText.Number(trial.Rate));
        var last = losses[^1];
        if (!double.IsFinite(last))
            return $"the loss became {(double.IsNaN(last) ? "NaN" : "infinite")} at step {losses.Count}";
        if (risen is { } height)
            return $"the loss rose from {RateText.Number(StillLoss)} to {RateText.Number(Math.Max(height, last))} within {losses.Count} steps";
        if (Compare(losses, _still, 0) > 0)
            return $"the loss ended at {RateText.Number(trial.EndLoss)} after {Steps} steps, above the {RateText.Number(StillLoss)} that it has without training";
        // A swing must show both in the losses and in their distance from those at rate 0: each has noise that the other has not.
        var (least, leastError, deepest) = (StillLoss, double.PositiveInfinity, 0.0);
        for (var part = 0; part < Parts; part++)
        {
            var (from, to) = (part * Steps / Parts, (part + 1) * Steps / Parts);
            var (mean, error) = MeanAndError([.. Enumerable.Range(from, to - from).Select(i => losses[i])]);
            var distance = Enumerable.Range(from, to - from).Average(i => losses[i] - _still[i]);
            if (mean - least > Math.Max((StillLoss - least) / 2, 2 * Math.Sqrt((error * error) + (leastError * leastError)))
                && distance - deepest > Math.Max(-deepest / 2, LeastSwing * Math.Abs(StillLoss)))
                return $"the loss fell to {RateText.Number(least)} and swung up again to {RateText.Number(mean)} by step {to}";
            if (mean < least)
                (least, leastError) = (mean, error);
            deepest = Math.Min(deepest, distance);
        }
        return null;
    }

    private static (double Mean, double Error) MeanAndError(double[] values)
    {
        var mean = values.Average();
        return (mean, values.Length < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length));
    }

    private static bool Add(List<double> losses, double loss)
    {
        losses.Add(loss);
        return double.IsFinite(loss);
    }
}
