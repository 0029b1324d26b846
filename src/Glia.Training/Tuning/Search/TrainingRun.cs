namespace Glia.Training.Tuning;

/// <summary>A trial that trains a model on each fold. Its score is the mean, over the folds, of the best epoch so far.</summary>
internal sealed class TrainingRun : TrialRun
{
    private readonly FoldRun[] _folds;

    public TrainingRun(Trial trial, IReadOnlyList<Fold> folds, Func<Trial, Candidate> build, string monitor, MonitorMode goal, int epochs) =>
        _folds = [.. folds.Select(fold => new FoldRun(fold, build(trial), monitor, goal, epochs))];

    public override IReadOnlyDictionary<string, double> Metrics => _folds[0].Best!.Keys
        .ToDictionary(name => name, name => _folds.Average(fold => fold.Best![name]), StringComparer.Ordinal);

    public override long Steps => _folds.Sum(fold => fold.Steps);

    public override IReadOnlyDictionary<string, Tensor>? BestWeights => _folds.Length == 1 ? _folds[0].Weights : null;

    public override double Advance(int resource, CancellationToken cancellation)
    {
        foreach (var fold in _folds)
            fold.Advance(resource, cancellation);
        return _folds.Average(fold => fold.Score);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var fold in _folds)
            fold.End();
        base.Dispose(disposing);
    }

    /// <summary>Training on one fold, with the weights of its best epoch.</summary>
    private sealed class FoldRun(Fold fold, Candidate candidate, string monitor, MonitorMode goal, int epochs)
    {
        private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);
        private TrainingCourse? _course;

        /// <summary>What was measured after the best epoch.</summary>
        public IReadOnlyDictionary<string, double>? Best { get; private set; }

        public double Score => Best![monitor];

        public long Steps => _course?.State.Step ?? 0;

        public IReadOnlyDictionary<string, Tensor> Weights => _weights;

        public void Advance(int resource, CancellationToken cancellation)
        {
            _course ??= candidate.Trainer.Start(
                candidate.Prepare?.Invoke(fold.Train) ?? fold.Train, fold.Validation, Math.Min(epochs, candidate.Epochs ?? int.MaxValue), candidate.BatchSize);
            _course.Continue(Math.Min(resource, candidate.Epochs ?? int.MaxValue), cancellation, Remember);
            // An epoch that was cut short is not what a whole one would have been.
            cancellation.ThrowIfCancellationRequested();
        }

        public void End() => _course?.End();

        private void Remember(TrainingState state)
        {
            var record = state.History.Epochs[^1];
            var value = record.Monitored(monitor, nameof(Search));
            if (Best is not null && !double.IsNaN(Score) && (goal == MonitorMode.Lower ? !(value < Score) : !(value > Score)))
                return;
            Best = record.Validation!;
            foreach (var (key, tensor) in state.Model.StateDict())
            {
                if (_weights.TryGetValue(key, out var copy))
                    copy.CopyFrom(tensor);
                else
                    _weights[key] = tensor.Clone();
            }
        }
    }
}
