using System.Globalization;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Training;

namespace Glia.Cli.Runs;

/// <summary>Where training is saved, and where it goes on from.</summary>
/// <param name="Callbacks">What saves it; empty where it is not saved.</param>
/// <param name="From">The last checkpoint of a run that goes on; null to begin anew.</param>
internal sealed record RunCheckpoints(IReadOnlyList<Callback> Callbacks, Checkpoint? From)
{
    public static RunCheckpoints None { get; } = new([], null);

    public static RunCheckpoints Of(TrainOptions options, RunFolder run, Terminal terminal)
    {
        var from = options.Resume is null ? null : Checkpoint.Latest(run.CheckpointFolder);
        if (from is not null)
        {
            foreach (var damaged in from.Damaged)
                terminal.Error.WriteLine($"glia: passed over a damaged checkpoint: {damaged}");
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"going on from step {from.Step:N0}, after {from.Epoch:N0} epochs ({Path.GetFileName(from.Path)})"));
        }
        else if (options.Resume is not null)
        {
            terminal.Line("there is no checkpoint yet, so training begins anew");
        }
        return options.Checkpoints.IsOff ? new([], from) : new([Saver(options, run, terminal)], from);
    }

    /// <summary>The best weights are in each checkpoint already, as early stopping keeps them.</summary>
    private static ModelCheckpoint Saver(TrainOptions options, RunFolder run, Terminal terminal)
    {
        var isTold = false;
        return new(run.CheckpointFolder)
        {
            EverySteps = options.Checkpoints.Steps,
            EverySeconds = options.Checkpoints.Seconds,
            Monitor = null,
            OnFailure = Tell,
        };

        void Tell(IOException e)
        {
            // Once, since what keeps one checkpoint from being written keeps the next from it.
            if (!isTold)
                terminal.Error.WriteLine($"glia: a checkpoint could not be written: {FailureReason.Of(e.InnerException as ArgumentOutOfRangeException as Exception ?? e, run.CheckpointFolder)}. Training goes on; the next one is tried when it is due.");
            isTold = true;
        }
    }
}
