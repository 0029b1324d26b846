using System.Globalization;
using Glia.Cli.Output;
using Glia.Training.Tuning;
using Spectre.Console;

namespace Glia.Cli.Tuning;

/// <summary>Shows a search as it goes: the best trials so far on a terminal, a line for each result elsewhere.</summary>
internal sealed class SearchProgress(Terminal terminal, SearchPlan plan, int jobs, CancellationToken cancellation)
{
    private const int Best = 8;

    private readonly Dictionary<int, TrialRecord> _records = [];
    private LiveDisplayContext? _live;

    /// <summary>Runs the search inside the live display, if there is one.</summary>
    public SearchResult Run(Func<SearchResult> search)
    {
        if (!terminal.IsInteractive || terminal.Quiet)
            return search();
        return terminal.Ansi.Live(new Text("")).AutoClear(false).Start(live =>
        {
            _live = live;
            return search();
        });
    }

    /// <summary>Shows a result; called by one thread at a time.</summary>
    public void Show(TrialRecord record)
    {
        _records[record.Number] = record;
        if (_live is null)
        {
            terminal.Line(Line(record));
            return;
        }
        var failed = _records.Values.Count(r => r.Failure is not null);
        var state = string.Create(
            CultureInfo.InvariantCulture,
            $"{_records.Count} of {plan.TrialCount} trials begun{(failed > 0 ? $", {failed} failed" : "")}; {jobs} at a time{(cancellation.IsCancellationRequested ? "; stopping …" : "")}");
        var best = _records.Values.Where(r => r.Failure is null).OrderBy(r => r.Score).ThenBy(r => r.Number).Take(Best);
        _live.UpdateTarget(new Rows(SearchReport.TableOf(plan, best), new Text(state)));
        _live.Refresh();
    }

    private string Line(TrialRecord record)
    {
        var last = record.Last;
        var rung = plan.HasRungs ? string.Create(CultureInfo.InvariantCulture, $"  {last.Resource,3} {plan.Pass}{(last.Resource == 1 ? " " : "s")}") : "";
        var outcome = last.Failure is { } failure ? $"failed: {failure}" : string.Create(CultureInfo.InvariantCulture, $"val loss {last.Score:F4}{SearchReport.Measured(plan, last)}");
        var values = string.Join("  ", plan.Space.Parameters.Select((parameter, i) => $"{parameter.Name} {record.Values[i]}"));
        return string.Create(CultureInfo.InvariantCulture, $"trial {record.Number,3}{rung}  {outcome}  {values}");
    }
}
