using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Plots;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Glia.Cli.Runs;

/// <summary>Forecasts at every moment of a part of a series, beside persistence.</summary>
internal sealed class ForecastEvaluation : Evaluation
{
    /// <summary>The chart shows so many forecasts.</summary>
    private const int ShownForecasts = 8;

    private const int MostSteps = 24;

    public required Backtest Backtest { get; init; }

    /// <summary>The whole series.</summary>
    public required double[] Values { get; init; }

    /// <summary>The index of the last known value of the first forecast.</summary>
    public required int FirstOrigin { get; init; }

    /// <summary>The forecast from each moment.</summary>
    public required double[][] Forecasts { get; init; }

    private int Horizon => Backtest.RmseByStep.Count;

    public override string Short => FormattableString.Invariant($"rmse {Backtest.Rmse:G6}");

    public static ForecastEvaluation Of(SequentialNetwork network, SeriesDataset data, SeriesPreparation preparation)
    {
        var (values, encoder) = (data.Values.ToArray(), preparation.Encoder);
        var forecasts = new List<double[]>();
        var loss = 0.0;
        ForEachBatch(network, data, (prediction, target) =>
        {
            loss += preparation.Loss.Compute(prediction, target).Item() * target.Count;
            foreach (var output in prediction.ToArray<float>().Chunk(encoder.Horizon))
                forecasts.Add(encoder.Decode(values[data.FirstOrigin + forecasts.Count], output));
        });
        return new ForecastEvaluation
        {
            Samples = data.Count,
            Loss = loss / ((double)data.Count * encoder.Horizon),
            Backtest = Backtest.Run(values, data.FirstOrigin, data.Count, encoder.Horizon, origin => forecasts[origin - data.FirstOrigin], preparation.Season),
            Values = values,
            FirstOrigin = data.FirstOrigin,
            Forecasts = [.. forecasts],
        };
    }

    public override void Print(Terminal terminal)
    {
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"RMSE {Backtest.Rmse:G5}   persistence {Backtest.PersistenceRmse:G5}{(Backtest.SeasonalRmse is { } seasonal ? $"   a season ago {seasonal.ToString("G5", CultureInfo.InvariantCulture)}" : "")}   skill {Backtest.Skill:F3}"));
        terminal.Line("Persistence says that everything stays as it is; the skill is 1 − RMSE / RMSE of persistence.");
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var heading in (string[])["steps ahead", "RMSE", "persistence", .. Backtest.SeasonalByStep is null ? Array.Empty<string>() : ["a season ago"]])
            table.AddColumn(new TableColumn(heading).RightAligned());
        for (var h = 0; h < Math.Min(MostSteps, Horizon); h++)
        {
            table.AddRow(
                [(h + 1).ToString(CultureInfo.InvariantCulture), Text(Backtest.RmseByStep[h]), Text(Backtest.PersistenceByStep[h]),
                .. Backtest.SeasonalByStep is { } season ? [Text(season[h])] : Array.Empty<string>()]);
        }
        terminal.Ansi.Write(table);
        if (Horizon > MostSteps)
            terminal.Line($"… and {Horizon - MostSteps} more steps ahead; summary.json has all of them.");
    }

    public override IEnumerable<(string File, Chart Chart)> Charts(Problem problem) => [("forecast", SeveralForecasts(problem.Name, problem.Target)), ("horizon", ErrorByStep(problem.Name, problem.Target))];

    /// <summary>The test part with forecasts from some moments, evenly spaced, each a curve of its own that begins at the last known value.</summary>
    public Chart SeveralForecasts(string name, string quantity)
    {
        var last = FirstOrigin + Samples + Horizon;
        double[] time = [.. Enumerable.Range(FirstOrigin, last - FirstOrigin).Select(t => (double)t)];
        var (x, y) = (new List<double>(), new List<double>());
        var distance = Math.Max(Horizon + 1, Samples / ShownForecasts);
        for (var i = 0; i < Samples; i += distance)
        {
            x.AddRange(Enumerable.Range(FirstOrigin + i, Horizon + 1).Select(t => (double)t).Append(double.NaN));
            y.AddRange([Values[FirstOrigin + i], .. Forecasts[i], double.NaN]);
        }
        return Chart.Function($"{name}: test part and forecasts", [new(quantity, time, Values[FirstOrigin..last]), new("forecasts", x, y)], "step", quantity);
    }

    /// <summary>The error by how far a forecast looks ahead, beside that of persistence.</summary>
    public Chart ErrorByStep(string name, string quantity)
    {
        double[] steps = [.. Enumerable.Range(1, Horizon).Select(h => (double)h)];
        List<ChartPoints> errors = [new("model", steps, Backtest.RmseByStep), new("persistence", steps, Backtest.PersistenceByStep)];
        if (Backtest.SeasonalByStep is { } seasonal)
            errors.Add(new("a season ago", steps, seasonal));
        return Chart.Function($"{name}: error by step", errors, "steps ahead", $"RMSE of {quantity}");
    }

    protected override void AddTo(JsonObject json)
    {
        json["rmse"] = RunSummary.Finite(Backtest.Rmse);
        json["persistenceRmse"] = RunSummary.Finite(Backtest.PersistenceRmse);
        if (Backtest.SeasonalRmse is { } seasonal)
            json["seasonalRmse"] = RunSummary.Finite(seasonal);
        json["skill"] = RunSummary.Finite(Backtest.Skill);
        json["rmseByStep"] = Array(Backtest.RmseByStep);
        json["persistenceByStep"] = Array(Backtest.PersistenceByStep);
        if (Backtest.SeasonalByStep is { } bySeason)
            json["seasonalByStep"] = Array(bySeason);

        static JsonArray Array(IReadOnlyList<double> values) => new([.. values.Select(v => RunSummary.Finite(v))]);
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
