using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Plots;
using Glia.Training;

namespace Glia.Cli.Output;

/// <summary>A search for a learning rate and a range test, as text, JSON, CSV and charts.</summary>
internal sealed class RateReport(Problem problem, NetworkRecipe recipe, LearningRateTuning tuning, LearningRateRange range)
{
    private const int ChartWidth = 100;
    private const int ChartHeight = 18;

    private (double, string) Mark => (tuning.Rate, $"learning rate {Text(tuning.Rate)}");

    private ChartPoints[] Curves => [new("smoothed loss", Rates, [.. range.Points.Select(p => p.Smoothed)])];

    private double[] Rates => [.. range.Points.Select(p => p.Rate)];

    /// <summary>The charts, by the name of their files.</summary>
    public IEnumerable<(string File, Chart Chart)> Charts =>
    [
        ("range", Chart.Function(
            $"{problem.Name}: loss against the learning rate",
            [.. Curves, new("loss of a batch", Rates, [.. range.Points.Select(p => p.Smoothed <= 0 || p.Loss <= Highest ? p.Loss : double.NaN)])],
            "learning rate",
            "loss",
            logX: true,
            mark: Mark)),
    ];

    // Single losses beyond the smoothed ones would leave no room for these.
    private double Highest => 1.5 * range.Points.Max(p => p.Smoothed);

    /// <summary>A rate as the user would type it.</summary>
    public static string Text(double rate) => rate.ToString("0.############", CultureInfo.InvariantCulture) is var plain && plain.Length <= 8 ? plain : rate.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A line for each rate that was tried, and the conclusion.</summary>
    public static void PrintShort(Terminal terminal, LearningRateTuning tuning)
    {
        terminal.Heading("Learning rate");
        foreach (var trial in tuning.Trials)
        {
            var word = trial.Verdict switch
            {
                LearningRateVerdict.Diverges => "diverges",
                LearningRateVerdict.TooSlow => "too slow",
                LearningRateVerdict.TooFast => "too fast",
                _ => "good",
            };
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {Text(trial.Rate),-8} loss {tuning.InitialLoss:G3} → {trial.EndLoss:G3}, {word}"));
        }
        terminal.Line(tuning.Conclusion);
    }

    public void PrintRange(Terminal terminal)
    {
        terminal.Heading("Range test: the rate grows from step to step");
        var isAscii = terminal.IsInteractive && !terminal.Ansi.Profile.Capabilities.Unicode;
        var width = Math.Clamp(terminal.Ansi.Profile.Width - 1, 30, ChartWidth);
        foreach (var line in TerminalChart.Function("rate", "loss", Curves, width, ChartHeight, Mark, logX: true, isAscii))
            terminal.Line(line);
        terminal.Line($"suggestions: {(range.Valley is { } valley ? $"valley {Text(valley)}, steepest {Text(range.Steepest!.Value)}" : "none, the loss never fell")}{(range.DivergedAt is { } end ? $"; diverged at {Text(end)}" : "")}");
    }

    public string ToCsv()
    {
        var text = new StringBuilder("rate,loss,smoothed\n");
        foreach (var point in range.Points)
            text.AppendJoin(',', new[] { point.Rate, point.Loss, point.Smoothed }.Select(v => v.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    }

    public string ToJson(ulong seed) => RunSummary.ToText(new JsonObject
    {
        ["data"] = problem.Preparation.Source.Data,
        ["family"] = recipe.Family,
        ["optimizer"] = recipe.OptimizerName,
        ["batchSize"] = recipe.BatchSize,
        ["seed"] = seed,
        ["learningRate"] = tuning.Rate,
        ["tuning"] = ToJson(tuning),
        ["range"] = new JsonObject
        {
            ["valley"] = range.Valley,
            ["steepest"] = range.Steepest,
            ["divergedAt"] = range.DivergedAt,
            ["points"] = new JsonArray([.. range.Points.Select(p => new JsonObject { ["rate"] = p.Rate, ["loss"] = RunSummary.Finite(p.Loss), ["smoothed"] = RunSummary.Finite(p.Smoothed) })]),
        },
    });

    public static JsonObject ToJson(LearningRateTuning tuning) => new()
    {
        ["conclusive"] = tuning.IsConclusive,
        ["conclusion"] = tuning.Conclusion,
        ["initialLoss"] = tuning.InitialLoss,
        ["trials"] = new JsonArray([.. tuning.Trials.Select(t => new JsonObject
        {
            ["rate"] = t.Rate,
            ["verdict"] = t.Verdict.ToString(),
            ["endLoss"] = RunSummary.Finite(t.EndLoss),
            ["validationLoss"] = t.ValidationLoss is { } loss ? RunSummary.Finite(loss) : null,
            ["sentence"] = t.Sentence,
        })]),
    };
}
