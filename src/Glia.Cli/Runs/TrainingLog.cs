using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Plots;
using Glia.Training;

namespace Glia.Cli.Runs;

/// <summary>What was measured while a model learned, as its run keeps it.</summary>
internal abstract class TrainingLog
{
    /// <summary>The measurements as CSV, one line for each pass over the data.</summary>
    public abstract string ToCsv();

    /// <summary>Adds how training went to the summary of the run.</summary>
    public abstract void AddTo(JsonObject summary);

    /// <summary>Why it ended, the epoch that was kept (null for the last), and how it came out, in words.</summary>
    public abstract (StopReason Reason, int? BestEpoch, string Verdict) Outcome { get; }

    /// <summary>What came of it and what could be better, for people.</summary>
    public virtual void PrintAdvice(Terminal terminal, TrainOptions options)
    {
    }

    /// <summary>What the doctor concludes from, as JSON; null where there is none.</summary>
    public virtual string? ToRecord() => null;

    /// <summary>The charts of training, by the name of their files.</summary>
    public abstract IEnumerable<(string File, Chart Chart)> Charts(Problem problem);
}
