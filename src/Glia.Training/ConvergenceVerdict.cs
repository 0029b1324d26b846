using System.Globalization;
using Glia.Training.Diagnostics;

namespace Glia.Training;

/// <summary>How a training came out, and what to do next. It looks at the loss of the epochs only, on the validation samples where there are any.</summary>
/// <param name="Kind">How it came out.</param>
/// <param name="Epoch">The epoch (counted from 1) of the lowest loss; overfitting begins after it. 0 before the first.</param>
/// <param name="Evidence">The numbers it was concluded from.</param>
/// <param name="Advice">What to do next, in a sentence.</param>
public sealed record ConvergenceVerdict(Convergence Kind, int Epoch, string Evidence, string Advice)
{
    // Shares of the way from the first loss down to the best one.
    private const double Moved = 0.02;
    private const double Falls = 0.02;
    private const double Rises = 0.05;

    /// <summary>The verdict on a training.</summary>
    /// <param name="history">What it measured.</param>
    public static ConvergenceVerdict Of(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Of(history.Epochs, history.StopReason, history.RestoredEpoch, history.FirstLoss);
    }

    /// <summary>The verdict in a line.</summary>
    public override string ToString() => $"{Words}: {Evidence}. {Advice}";

    internal static ConvergenceVerdict Of(IReadOnlyList<EpochRecord> epochs, StopReason reason, int? restored, double firstLoss)
    {
        if (epochs.Count == 0)
            return new(Convergence.StillFalling, 0, "no epoch was completed", "Train for longer.");
        var isValidated = epochs.All(e => e.Validation is { } v && double.IsFinite(v["loss"]));
        var training = epochs.Select(e => e.Training["loss"]).ToArray();
        var watched = isValidated ? Series.Smooth([.. epochs.Select(e => e.Validation!["loss"])]) : training;
        var best = Enumerable.Range(0, watched.Count).MinBy(i => watched[i]);
        var start = double.IsFinite(firstLoss) ? firstLoss : training[0];
        var (name, last) = (isValidated ? "validation loss" : "training loss", epochs.Count - 1);
        var way = Math.Max(start - training.Min(), 1e-12);
        if (training[last] > 1.5 * start && training[last] > 1.5 * training.Min())
            return new(Convergence.Diverged, best + 1, Text($"the training loss began at {start:G4} and ended at {training[last]:G4}"), "Divide the learning rate by 10.");
        if (start - training.Min() < Moved * Math.Abs(start))
            return new(Convergence.Stuck, best + 1, Text($"the training loss began at {start:G4} and never fell below {training.Min():G4}"), "Try other learning rates (a range test shows which), and let the doctor look at data and model.");
        if (isValidated && best < last && watched[last] - watched[best] > Rises * way && training[last] < training[best])
        {
            var kept = restored is { } epoch ? Text($"The weights of epoch {epoch} were kept; ") : "Use early stopping, which keeps the best weights; ";
            return new(Convergence.Overfitting, best + 1, Text($"the {name} was lowest in epoch {best + 1} with {watched[best]:G4} and rose to {watched[last]:G4} while the training loss went on falling"), kept + "more data, augmentation, dropout, weight decay or fewer parameters would help.");
        }
        if (epochs.Count == 1)
            return new(Convergence.StillFalling, 1, Text($"the {name} is {watched[0]:G4} after the only epoch"), "Train for more epochs: one does not show where it goes.");
        var fifth = Math.Max(1, epochs.Count / 5);
        var (before, end) = (Mean(watched, epochs.Count - (2 * fifth), fifth), Mean(watched, epochs.Count - fifth, fifth));
        if (reason != StopReason.EarlyStopping && (epochs.Count < 3 || before - end > Falls * way))
            return new(Convergence.StillFalling, best + 1, Text($"the {name} fell from {before:G4} to {end:G4} in the last {(epochs.Count < 3 ? epochs.Count : 2 * fifth)} of {epochs.Count} epochs"), "Train for more epochs: the model has not learned all it can.");
        return new(Convergence.Converged, best + 1, Text($"the {name} came to rest at {watched[best]:G4} in epoch {best + 1} of {epochs.Count}"), "To get further, change the model, the data or the features.");
    }

    private string Words => Kind switch
    {
        Convergence.Converged => "converged",
        Convergence.StillFalling => "still falling",
        Convergence.Overfitting => string.Create(CultureInfo.InvariantCulture, $"overfitting from epoch {Epoch + 1}"),
        Convergence.Stuck => "stuck",
        _ => "diverged",
    };

    private static double Mean(IReadOnlyList<double> values, int start, int count) => values.Skip(Math.Max(0, start)).Take(count).Average();

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
