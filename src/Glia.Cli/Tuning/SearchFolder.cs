using System.Globalization;
using System.Text;
using Glia.Cli.Runs;
using Glia.Interchange;
using Glia.Layers;
using Glia.Training.Tuning;

namespace Glia.Cli.Tuning;

/// <summary>
/// The folder of a search, which fills while the search goes on: the journal with every result, the best model so far; at the end tables and charts. What is nothing
/// yet is taken away again.
/// </summary>
internal sealed class SearchFolder : IDisposable
{
    private const string JournalName = "search.jsonl";
    private const string TrialKey = "search.trial";

    private readonly bool _isNew;

    private SearchFolder(string path, bool isNew) => (Path, _isNew) = (path, isNew);

    public string Path { get; }

    public string JournalPath => In(JournalName);

    public string ModelPath => In(RunFolder.ModelName);

    /// <summary>The files with plots.</summary>
    public List<string> Pictures { get; } = [];

    public static SearchFolder Open(string? requested, string name, bool resume)
    {
        if (resume)
        {
            if (requested is null)
                throw new UserException("--resume goes on with the search in a folder. Name it with --out.");
            if (!File.Exists(System.IO.Path.Combine(requested, JournalName)))
                throw new UserException($"The folder '{requested}' holds no search ({JournalName}). Leave --resume out to begin one.");
            return new SearchFolder(System.IO.Path.TrimEndingDirectorySeparator(requested), isNew: false);
        }
        if (requested is not null && File.Exists(System.IO.Path.Combine(requested, JournalName)))
            throw new UserException($"The folder '{requested}' holds a search already. Go on with it by --resume, or choose another folder with --out.");
        // A run's folder is checked in the same way, and then becomes the search's.
        using var run = RunFolder.Create(requested, name + "-search");
        run.Complete();
        return new SearchFolder(run.Path, isNew: true);
    }

    /// <summary>Keeps the model of the best trial so far, as one that can be used.</summary>
    public void Keep(SearchPlan plan, TrialRecord record, TrialRun run)
    {
        if (run.BestWeights is not { } weights)
            return;
        var network = plan.RecipeOf(record).Network;
        network.LoadStateDict(weights);
        var metadata = plan.ProblemOf(record).Preparation.ToMetadata();
        metadata[TrialKey] = Mark(record);
        new ModelFile(network, metadata).Save(ModelPath);
    }

    /// <summary>The model of the best trial: the one that was kept, or where that is another's, trained again, to the same bits.</summary>
    public SequentialNetwork BestModel(SearchPlan plan, Search search, TrialRecord best, CancellationToken cancellation)
    {
        if (File.Exists(ModelPath) && ModelFile.Load(ModelPath) is var kept && kept.Metadata.GetValueOrDefault(TrialKey) == Mark(best))
            return kept.Network;
        using var run = plan.TrainWhole(search, search.TrialOf(best.Number));
        run.Advance(best.Last.Resource, cancellation);
        Keep(plan, best, run);
        return ModelFile.Load(ModelPath).Network;
    }

    public void Write(SearchPlan plan, SearchReport report) => Guarded(() =>
    {
        WriteTable(plan, report.Result);
        WriteText("search.json", report.ToJson(Path) + "\n");
        foreach (var (file, chart) in report.Charts)
        {
            chart.SavePng(In(file + ".png"));
            chart.SaveSvg(In(file + ".svg"));
            Pictures.Add($"{file}.png/.svg");
        }
    });

    /// <summary>The results as CSV, the best first.</summary>
    public void WriteTable(SearchPlan plan, SearchResult result)
    {
        var text = new StringBuilder();
        var measure = plan.Problem.Preparation.Measure.Key;
        text.AppendJoin(',', ["rank", "trial", .. plan.Space.Parameters.Select(p => p.Name), "val_loss", .. measure == "loss" ? Array.Empty<string>() : ["val_" + measure], "resource", "steps", "seconds", "failure"]).Append('\n');
        for (var i = 0; i < result.Leaderboard.Count; i++)
        {
            var trial = result.Leaderboard[i];
            var isDone = trial.Failure is null;
            string[] measured = measure == "loss" ? [] : [isDone ? Number(trial.Last.Metrics.GetValueOrDefault(measure, double.NaN)) : ""];
            text.AppendJoin(',', [
                isDone ? Number(i + 1) : "", Number(trial.Number), .. trial.Values.Select(Output.CsvText.Quote), isDone ? Number(trial.Score) : "", .. measured,
                plan.HasRungs ? Number(trial.Last.Resource) : "", Number(trial.Last.Steps), Number(Math.Round(trial.Last.Seconds, 3)), Output.CsvText.Quote(trial.Failure ?? "")]).Append('\n');
        }
        WriteText("results.csv", text.ToString());
    }

    public void Dispose()
    {
        if (!_isNew || !Directory.Exists(Path) || Directory.EnumerateFiles(Path).Any(f => f != JournalPath))
            return;
        // A journal without a result is nothing to go on with.
        if (File.Exists(JournalPath) && File.ReadLines(JournalPath).Skip(1).Any())
            return;
        File.Delete(JournalPath);
        Directory.Delete(Path);
    }

    private static string Mark(TrialRecord record) => string.Create(CultureInfo.InvariantCulture, $"{record.Number}, score {record.Score:R}");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private string In(string file) => System.IO.Path.Combine(Path, file);

    private void WriteText(string file, string text) => AtomicFile.Write(In(file), stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (FailureReason.IsKnown(e))
        {
            throw new UserException($"Cannot save the results in '{Path}': {FailureReason.Of(e, Path)}. The trials are kept in {JournalName}; make room and go on with --resume.", e);
        }
    }
}
