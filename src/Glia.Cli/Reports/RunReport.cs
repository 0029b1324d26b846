using System.Globalization;
using Glia.Cli.Commands.Tune;
using Glia.Cli.Output;
using Glia.Cli.Pictures;
using Glia.Cli.Runs;
using Glia.Diagnostics;
using Glia.Plots;
using Glia.Training;

namespace Glia.Cli.Reports;

/// <summary>The report of a run: one HTML page with what was trained, how well it does, how it learned, where it fails, and how to repeat it.</summary>
internal static class RunReport
{
    /// <summary>The name of the file in the folder of a run.</summary>
    public const string Name = "report.html";

    /// <summary>Beyond so many held-out samples, the pictures of predictions are of this many of them.</summary>
    public const int MostSamples = 2000;

    private const int MostClasses = 60;

    /// <exception cref="UserException">The run is not there, not finished or damaged.</exception>
    public static HtmlPage Create(PlotSource run)
    {
        if (RunManifest.IsUnfinished(run.Folder))
            throw RunManifest.Unfinished(run.Folder);
        if (!run.Has(RunFolder.SummaryName))
            throw new UserException($"'{run.Path}' holds no {RunFolder.SummaryName}, which '{CommandLine.Name} train' writes. Give the folder of a run.");
        var summary = ReportSummary.Read(run);
        var page = new HtmlPage(run.Name, Subtitle(summary));
        AddSummary(page, run, summary);
        ReportCharts.AddCurves(page, run);
        AddFindings(page, run, summary);
        if (summary.Test is not null)
        {
            AddClasses(page, summary);
            var isOpen = TryOpen(run, out var note);
            ReportCharts.AddPredictions(page, run, summary, isOpen);
            ReportExamples.Add(page, run, isOpen, note);
        }
        AddModel(page, run);
        AddOrigin(page, run, summary);
        return page;
    }

    private static string Subtitle(ReportSummary summary) => summary.Task switch
    {
        "language-model" => $"Language model of {summary.Data}: {summary.Family}",
        "" => summary.Data,
        var task => $"{char.ToUpperInvariant(task[0])}{task[1..]} of '{summary.Target}' in {summary.Data}: {summary.Family}",
    };

    /// <summary>Whether the held-out data can be looked at, and a word on them.</summary>
    private static bool TryOpen(PlotSource run, out string note)
    {
        note = "";
        try
        {
            if (!run.HasModel)
            {
                note = $"The run holds no {RunFolder.ModelName}, so nothing can be predicted.";
                return false;
            }
            if (!run.IsHeldOut(new()))
            {
                note = $"The data in '{run.Preparation.Source.Data}' are not those of the training any more, so there are no examples.";
                return false;
            }
            var count = run.LimitSamples(MostSamples);
            if (run.Samples(new()).Count < count)
                note = $"Of {ModelSummary.Number(run.Samples(new()).Count)} of the {ModelSummary.Number(count)} held-out samples, evenly spaced.";
            return true;
        }
        catch (UserException e)
        {
            note = $"There are no examples: {e.Message}";
            return false;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ShapeException)
        {
            note = $"There are no examples, since the data cannot be read: {e.Message}";
            return false;
        }
    }

    private static void AddSummary(HtmlPage page, PlotSource run, ReportSummary summary)
    {
        page.Section("Summary");
        if (summary.Failure is { } failure)
        {
            page.Message("Training failed", [("what happened", failure), ("what is left", "the last finite weights; nothing was measured on held-out data")], isSerious: true);
        }
        else
        {
            page.Figures(ReportResults.Figures(run, summary));
            if (summary.StopReason == "Cancelled")
                page.Paragraph("The training was stopped by the user before its end; these are the results of the best weights until then.");
            var (evidence, advice) = summary.Verdict;
            if (evidence.Length > 0)
                page.Paragraph(evidence + (advice.Length > 0 ? " " + advice : ""));
        }
        string Count(string part) => summary.Samples(part) is { } count ? count.ToString("N0", CultureInfo.InvariantCulture) : "?";
        page.Facts(
        [
            ("Data", summary.Data),
            ("Task", summary.Task is "language-model" or "" ? summary.Task : $"{summary.Task} of '{summary.Target}'"),
            ("Samples", $"{Count("train")} to train, {Count("validation")} to validate, {Count("test")} to test"),
            ("Model", $"{summary.Family}, {summary.Number("parameters")?.ToString("N0", CultureInfo.InvariantCulture) ?? "?"} parameters"),
            .. Course(summary),
        ]);
    }

    private static string HowItEnded(string reason) => reason switch
    {
        nameof(StopReason.Completed) => "no more were planned",
        nameof(StopReason.EarlyStopping) => "stopped early, since validation did not improve",
        nameof(StopReason.Cancelled) => "stopped by the user",
        _ => ReportSummary.Words(reason).ToLowerInvariant(),
    };

    private static IEnumerable<(string, string)> Course(ReportSummary summary)
    {
        if (summary.Number("epochsRun") is { } epochs)
        {
            var best = summary.Number("bestEpoch") is { } epoch ? string.Create(CultureInfo.InvariantCulture, $", the weights of epoch {epoch} were kept") : "";
            var seconds = summary.Number("trainingSeconds") is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time:F1} s") : "";
            yield return ("Training", string.Create(CultureInfo.InvariantCulture, $"{epochs} epochs{seconds}{best}; {HowItEnded(summary.StopReason)}"));
        }
        if (summary.Finished.Length > 0)
            yield return ("Finished", summary.Finished.Replace('T', ' ').Replace("Z", " UTC", StringComparison.Ordinal));
    }

    private static void AddFindings(HtmlPage page, PlotSource run, ReportSummary summary)
    {
        if (!run.HasRecord)
            return;
        var options = TrainArguments.Parse(summary.Data, summary.Arguments);
        // What the verdict says need not be said again.
        Finding[] findings = [.. TrainingDoctor.Examine(run.Record).Where(f => f.Symptom != Symptom.NotConverged)];
        page.Section("Findings of the doctor");
        if (findings.Length == 0)
            page.Paragraph("Nothing was found that should be done otherwise.");
        foreach (var finding in findings)
        {
            page.Message(
                $"{finding.Severity}: {finding.Summary}",
                [("Seen", finding.Evidence), ("Reason", finding.Reason), ("What to do", finding.Remedy.Advice), ("How", DoctorReport.Command(finding.Remedy, options) ?? finding.Remedy.Code)],
                finding.Severity == Severity.Error);
        }
    }

    private static void AddClasses(HtmlPage page, ReportSummary summary)
    {
        var classes = summary.Classes();
        if (classes.Count == 0)
            return;
        static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
        page.Section("Classes");
        page.Table(
            ["class", "precision", "recall", "F1", "samples"],
            [.. classes.Take(MostClasses).Select(c => (string[])[c.Name, Share(c.Precision), Share(c.Recall), Share(c.F1), c.Samples.ToString("N0", CultureInfo.InvariantCulture)])]);
        if (classes.Count > MostClasses)
            page.Note($"… and {classes.Count - MostClasses} more classes, which are in {RunFolder.SummaryName}.");
    }

    private static void AddModel(HtmlPage page, PlotSource run)
    {
        if (!run.HasModel)
            return;
        var network = run.Network.Summary();
        page.Section("Model");
        page.Table(
            ["layer", "kind", "output shape", "parameters", "trainable"],
            [["input", "", network.InputShape.ToString(), "0", ""], .. network.Layers.Select(l => (string[])[l.Name, l.Kind, l.OutputShape.ToString(), ModelSummary.Number(l.ParameterCount), l.Trainable])]);
        page.Paragraph(network.Total + ".");
        page.Facts([("It expects", run.Preparation.Expects), ("It predicts", run.Preparation.Predicts(run.Network))]);
    }

    private static void AddOrigin(HtmlPage page, PlotSource run, ReportSummary summary)
    {
        page.Section("Settings");
        page.Facts(summary.Settings.Select(s => (ReportSummary.Words(s.Name).ToLowerInvariant(), s.Value)));
        page.Section("Environment");
        if (summary.Environment.Count > 0)
            page.Facts(summary.Environment.Select(e => (e.Name switch { "runtime" => ".NET", "glia" => "Glia", var name => ReportSummary.Words(name).ToLowerInvariant() }, e.Value)));
        else
            page.Note("The run does not say where it was trained.");
        page.Section("How to repeat it");
        page.Code(TrainArguments.Line(summary.Data, summary.Arguments));
        page.Note("Run it in the folder in which the training was started, if the data are named by a relative path. The same data, seed and instruction set give the same weights to the bit, whatever the number of threads.");
        page.Section("Files of the run");
        page.Table(
            ["file", "bytes"],
            [.. new DirectoryInfo(run.Folder).EnumerateFiles().Where(f => f.Name is not (Name or RunManifest.Name) && !f.Name.StartsWith('.')).OrderBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => (string[])[f.Name, ModelSummary.Number(f.Length)])]);
    }
}
