using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Diagnostics;
using Glia.Plots;
using Glia.Training;
using Glia.Training.Diagnostics;

namespace Glia.Cli.Runs;

/// <summary>Loss and metric by epoch.</summary>
internal sealed class NetworkLog(History history, RunRecord record) : TrainingLog
{
    public History History => history;

    public override (StopReason Reason, int? BestEpoch, string Verdict) Outcome => (history.StopReason, history.RestoredEpoch, history.Verdict.ToString());

    public override string ToCsv()
    {
        var text = new StringBuilder();
        string[] names = history.Epochs.Count > 0 ? [.. history.Epochs[0].Training.Keys] : ["loss"];
        text.AppendJoin(',', ["epoch", "learning_rate", "seconds", .. names, .. names.Select(n => "val_" + n)]).Append('\n');
        foreach (var epoch in history.Epochs)
        {
            IEnumerable<double> values =
                [epoch.Epoch, epoch.LearningRate, epoch.TrainingSeconds, .. names.Select(n => epoch.Training[n]), .. names.Select(n => epoch.Validation?[n] ?? double.NaN)];
            text.AppendJoin(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }
        return text.ToString();
    }

    public override void AddTo(JsonObject summary)
    {
        summary["epochsRun"] = history.Epochs.Count;
        summary["bestEpoch"] = history.RestoredEpoch;
        summary["stopReason"] = history.StopReason.ToString();
        summary["trainingSeconds"] = Math.Round(history.TrainingSeconds, 3);
        summary["verdict"] = DoctorReport.ToJson(history.Verdict);
        summary["findings"] = DoctorReport.ToJson(TrainingDoctor.Examine(record));
    }

    public override string ToRecord() => record.ToJson();

    public override void PrintAdvice(Terminal terminal, TrainOptions options)
    {
        terminal.Heading("Verdict");
        terminal.Line(history.Verdict.ToString());
        DoctorReport.Print(terminal, [.. TrainingDoctor.Examine(record).Where(f => f.Symptom != Symptom.NotConverged)], options);
    }

    public override IEnumerable<(string File, Chart Chart)> Charts(Problem problem)
    {
        if (history.Epochs.Count == 0)
            yield break;
        yield return ("loss", Curves(problem, "loss", "loss", 1));
        var measure = problem.Preparation.Measure;
        yield return (measure.File, Curves(problem, measure.Key, measure.Axis, measure.ChartScale));
    }

    private Chart Curves(Problem problem, string key, string label, double scale)
    {
        var series = new List<ChartSeries> { new("training", [.. history.Epochs.Select(e => e.Training[key] * scale)]) };
        if (history.Epochs[0].Validation is not null)
            series.Add(new("validation", [.. history.Epochs.Select(e => e.Validation![key] * scale)]));
        return Chart.LearningCurves($"{problem.Name}: {label}", label, series, history.RestoredEpoch, xLabel: problem.Kind == ProblemKind.Text ? "round" : "epoch");
    }
}
