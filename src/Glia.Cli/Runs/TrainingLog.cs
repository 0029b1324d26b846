using System.Text.Json.Nodes;
using Glia.Cli.Problems;
using Glia.Plots;

namespace Glia.Cli.Runs;

/// <summary>What was measured while a model learned, as its run keeps it.</summary>
internal abstract class TrainingLog
{
    /// <summary>The measurements as CSV, one line for each pass over the data.</summary>
    public abstract string ToCsv();

    /// <summary>Adds how training went to the summary of the run.</summary>
    public abstract void AddTo(JsonObject summary);

    /// <summary>The charts of training, by the name of their files.</summary>
    public abstract IEnumerable<(string File, Chart Chart)> Charts(Problem problem);
}
