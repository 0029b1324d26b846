using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Pictures;
using Glia.Cli.Runs;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Reports;

/// <summary>What <c>summary.json</c> says of a run, read leniently: an older or a failed run says less.</summary>
internal sealed class ReportSummary
{
    private readonly JsonObject _json;

    private ReportSummary(JsonObject json)
    {
        _json = json;
        Data = Text(json, "data");
        Task = Text(json, "task");
        Target = Text(json, "target");
        Family = Text(json, "family");
        Arguments = [.. Pairs("arguments")];
        Settings = [.. Pairs("settings").Where(s => s.Value.Length > 0)];
        Environment = [.. Pairs("environment").Where(s => s.Value.Length > 0)];
        Test = json["test"]?.AsObject();
        Failure = json["failure"]?.GetValue<string>();
    }

    public string Data { get; }

    public string Task { get; }

    public string Target { get; }

    public string Family { get; }

    /// <summary>The options of training, as they were given.</summary>
    public IReadOnlyList<(string Name, string Value)> Arguments { get; }

    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    public IReadOnlyList<(string Name, string Value)> Environment { get; }

    /// <summary>What was measured on the held-out part; null where training failed.</summary>
    public JsonObject? Test { get; }

    /// <summary>Why training failed; null where it did not.</summary>
    public string? Failure { get; }

    /// <summary>When the run was finished; empty where it does not say.</summary>
    public string Finished => Text(_json, "finished");

    public string StopReason => Text(_json, "stopReason");

    /// <summary>How training came out: the verdict on convergence, or of a perceptron its explanation.</summary>
    public (string Evidence, string Advice) Verdict => _json["verdict"] is JsonObject verdict
        ? ($"{Words(Text(verdict, "kind"))}: {Text(verdict, "evidence")}.", Text(verdict, "advice"))
        : (Text(_json, "explanation"), "");

    /// <exception cref="UserException">The file is not there, or damaged.</exception>
    public static ReportSummary Read(PlotSource run) => run.Parse(RunFolder.SummaryName, text =>
    {
        var summary = new ReportSummary(JsonNode.Parse(text)?.AsObject() ?? throw new FormatException("it is no object."));
        // Everything that is read later is read once here, where damage is reported.
        _ = (summary.Verdict, summary.Finished, summary.StopReason, summary.Number("parameters"), summary.Samples("train"), summary.Number("epochsRun"), summary.Classes());
        return summary;
    });

    /// <summary>A number; null where it is not there.</summary>
    public double? Number(string name) => Number(_json, name);

    public double? Samples(string part) => _json["samples"] is JsonObject samples ? Number(samples, part) : null;

    /// <summary>A number that was measured on held-out data; null where it is not there.</summary>
    public double? Result(string name) => Test is null ? null : Number(Test, name);

    /// <summary>What was measured step by step ahead, or nothing.</summary>
    public double[] Results(string name) => Test?[name] is JsonArray values ? [.. values.Select(v => v?.GetValue<double>() ?? double.NaN)] : [];

    /// <summary>The classes with precision, recall, F1 and number of samples; empty where there are none.</summary>
    public IReadOnlyList<(string Name, double Precision, double Recall, double F1, double Samples)> Classes() => Test?["classes"] is JsonArray classes
        ? [.. classes.Select(c => c!.AsObject()).Select(c => (Text(c, "name"), Number(c, "precision") ?? 0, Number(c, "recall") ?? 0, Number(c, "f1") ?? 0, Number(c, "samples") ?? 0))]
        : [];

    /// <summary>How often each class was taken for each; null where it is not there.</summary>
    public long[,]? Confusion()
    {
        if (Test?["confusion"] is not JsonArray rows || rows.Any(r => r is not JsonArray row || row.Count != rows.Count))
            return null;
        var counts = new long[rows.Count, rows.Count];
        for (var actual = 0; actual < rows.Count; actual++)
        {
            for (var predicted = 0; predicted < rows.Count; predicted++)
                counts[actual, predicted] = rows[actual]![predicted]!.GetValue<long>();
        }
        return counts;
    }

    /// <summary>A name such as <c>EarlyStopping</c> in words.</summary>
    public static string Words(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));

    private static string Text(JsonObject json, string name) => json[name]?.GetValue<string>() ?? "";

    private static double? Number(JsonObject json, string name) => json[name] is { } value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null;

    private IEnumerable<(string Name, string Value)> Pairs(string name) => _json[name] is not JsonObject pairs ? [] : pairs
        .Where(p => p.Value is JsonValue)
        .Select(p => (p.Key, p.Value!.GetValueKind() == JsonValueKind.Number ? p.Value.GetValue<double>().ToString("G6", CultureInfo.InvariantCulture) : p.Value.ToString()));
}
