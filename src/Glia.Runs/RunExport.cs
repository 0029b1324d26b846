using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Glia.Training;

namespace Glia.Runs;

/// <summary>Recorded runs as JSON and CSV. Numbers are written so that reading them gives the same; NaN and infinity, which JSON does not have, are the texts <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</summary>
public static class RunExport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Everything about a run as one JSON document: what it is, every epoch, every step, findings and artefacts.</summary>
    /// <param name="store">Its store.</param>
    /// <param name="id">The run, as for <see cref="RunStore.Find"/>.</param>
    /// <param name="output">Where to write, in UTF-8.</param>
    /// <exception cref="RunStoreException">There is no such run, or the store cannot be read.</exception>
    public static void WriteJson(RunStore store, string id, Stream output)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(output);
        var run = store.Find(id);
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        WriteInfo(json, run);
        WriteEpochs(json, store.Epochs(run.Id));
        WriteSteps(json, store, run);
        RunParts.Write(json, store.Findings(run.Id));
        RunParts.Write(json, store.Artefacts(run.Id));
        json.WriteEndObject();
    }

    /// <summary>Some runs as a JSON array, without their series of numbers.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="output">Where to write, in UTF-8.</param>
    public static void WriteJson(IEnumerable<RunInfo> runs, Stream output)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(output);
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartArray();
        foreach (var run in runs)
        {
            json.WriteStartObject();
            WriteInfo(json, run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The epochs of a run as CSV: <c>epoch,learning_rate,seconds</c>, the values on training samples by name, and those on validation samples with <c>val_</c> before the name.</summary>
    /// <param name="store">Its store.</param>
    /// <param name="id">The run, as for <see cref="RunStore.Find"/>.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="RunStoreException">There is no such run, or the store cannot be read.</exception>
    public static void WriteEpochsCsv(RunStore store, string id, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(output);
        var epochs = store.Epochs(id);
        string[] training = [.. epochs.SelectMany(e => e.Training.Keys).Distinct()];
        string[] validation = [.. epochs.SelectMany(e => e.Validation?.Keys ?? []).Distinct()];
        WriteLine(output, ["epoch", "learning_rate", "seconds", .. training, .. validation.Select(n => "val_" + n)]);
        foreach (var epoch in epochs)
        {
            WriteLine(
                output,
                [
                    Text(epoch.Epoch), Text(epoch.LearningRate), Text(epoch.TrainingSeconds),
                    .. training.Select(n => Value(epoch.Training, n)), .. validation.Select(n => Value(epoch.Validation, n)),
                ]);
        }

        static string Value(IReadOnlyDictionary<string, double>? values, string name) => values is not null && values.TryGetValue(name, out var value) ? Text(value) : "";
    }

    /// <summary>The steps of a run as CSV: the step, and a column for each metric. The learning rate, which is kept where it changes, stands at every step.</summary>
    /// <param name="store">Its store.</param>
    /// <param name="id">The run, as for <see cref="RunStore.Find"/>.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="RunStoreException">There is no such run, or the store cannot be read.</exception>
    public static void WriteStepsCsv(RunStore store, string id, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(output);
        var names = store.StepMetrics(id);
        var series = names.Select(n => store.Steps(id, n)).ToArray();
        WriteLine(output, ["step", .. names]);
        var (places, fields) = (new int[series.Length], new string[series.Length + 1]);
        while (true)
        {
            var step = long.MaxValue;
            for (var i = 0; i < series.Length; i++)
                step = places[i] < series[i].Count ? Math.Min(step, series[i][places[i]].Step) : step;
            if (step == long.MaxValue)
                return;
            fields[0] = step.ToString(CultureInfo.InvariantCulture);
            for (var i = 0; i < series.Length; i++)
            {
                if (places[i] < series[i].Count && series[i][places[i]].Step == step)
                    fields[i + 1] = Text(series[i][places[i]++].Value);
                else if (names[i] != RunRecorder.LearningRate || fields[i + 1] is null)
                    fields[i + 1] = "";
            }
            WriteLine(output, fields);
        }
    }

    internal static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        WriteNumber(json, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(Text(value));
    }

    private static void WriteInfo(Utf8JsonWriter json, RunInfo run)
    {
        var about = run.Description;
        json.WriteString("id", run.Id);
        json.WriteString("name", about.Name);
        json.WriteString("state", run.State.ToString().ToLowerInvariant());
        json.WriteString("started", run.Started);
        if (run.Ended is { } ended)
            json.WriteString("ended", ended);
        else
            json.WriteNull("ended");
        json.WriteString("stopReason", run.StopReason);
        json.WriteString("failure", run.Failure);
        json.WriteString("verdict", run.Verdict);
        json.WriteString("command", about.Command);
        json.WriteString("folder", about.Folder);
        json.WriteNumber("seed", about.Seed);
        json.WriteString("data", about.Data);
        json.WriteString("fingerprint", about.Fingerprint);
        json.WriteString("family", about.Family);
        json.WriteString("model", about.Model);
        json.WriteNumber("parameters", about.Parameters);
        json.WriteString("measure", about.Measure);
        json.WriteNumber("epochsDone", run.Epochs);
        json.WriteNumber("stepsDone", run.Steps);
        if (run.BestEpoch is { } best)
            json.WriteNumber("bestEpoch", best);
        else
            json.WriteNull("bestEpoch");
        WriteValues("settings", about.Settings);
        WriteValues("results", run.Results);
        WriteValues("environment", run.Environment);
        WriteValues("tags", about.Tags);

        void WriteValues(string name, IReadOnlyDictionary<string, RunValue> values)
        {
            json.WriteStartObject(name);
            foreach (var (key, value) in values)
            {
                if (value.Number is { } number)
                    WriteNumber(json, key, number);
                else
                    json.WriteString(key, value.Text);
            }
            json.WriteEndObject();
        }
    }

    private static void WriteEpochs(Utf8JsonWriter json, IReadOnlyList<EpochRecord> epochs)
    {
        json.WriteStartArray("epochs");
        foreach (var epoch in epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            WriteNumber(json, "learningRate", epoch.LearningRate);
            WriteNumber(json, "seconds", epoch.TrainingSeconds);
            WritePart("training", epoch.Training);
            if (epoch.Validation is { } validation)
                WritePart("validation", validation);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        void WritePart(string name, IReadOnlyDictionary<string, double> values)
        {
            json.WriteStartObject(name);
            foreach (var (key, value) in values)
                WriteNumber(json, key, value);
            json.WriteEndObject();
        }
    }

    private static void WriteSteps(Utf8JsonWriter json, RunStore store, RunInfo run)
    {
        json.WriteStartObject("steps");
        foreach (var metric in store.StepMetrics(run.Id))
        {
            var values = store.Steps(run.Id, metric);
            json.WriteStartObject(metric);
            json.WriteStartArray("step");
            foreach (var value in values)
                json.WriteNumberValue(value.Step);
            json.WriteEndArray();
            json.WriteStartArray("value");
            foreach (var value in values)
                WriteNumber(json, value.Value);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void WriteLine(TextWriter output, ReadOnlySpan<string?> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                output.Write(',');
            output.Write(fields[i]);
        }
        output.Write('\n');
    }
}
