namespace Glia.Training;

/// <summary>What was measured in one epoch.</summary>
public sealed record EpochRecord
{
    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate at its end.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Seconds spent on its training steps.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Loss and metrics on the training samples, gathered while the model was changing.</summary>
    public required IReadOnlyDictionary<string, double> Training { get; init; }

    /// <summary>Loss and metrics on the validation samples after the epoch; null without any.</summary>
    public IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>The value that a callback watches: on the validation samples if there are any.</summary>
    /// <exception cref="ArgumentException">Nothing of that name is measured.</exception>
    internal double Monitored(string monitor, string callback)
    {
        var values = Validation ?? Training;
        return values.TryGetValue(monitor, out var value)
            ? value
            : throw new ArgumentException($"{callback} watches '{monitor}', but training measures {string.Join(", ", values.Keys)}. Add the metric to the trainer, or watch one of these.");
    }
}
