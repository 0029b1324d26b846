using System.Text;
using System.Text.Json;

namespace Glia.Training.Tuning;

/// <summary>
/// The results of a search in a file: a line about the search, then one for each result, each on the disk before the search goes on. A last line that was cut short by the
/// end of the process is taken away.
/// </summary>
internal sealed class SearchJournal : IDisposable
{
    private const string FormatKey = "gliaSearch";
    private const int Version = 1;

    private readonly FileStream _file;
    private readonly Dictionary<(int Trial, int Rung), RungRecord> _known;
    private readonly IReadOnlyList<SearchParameter> _parameters;

    private SearchJournal(FileStream file, Dictionary<(int Trial, int Rung), RungRecord> known, IReadOnlyList<SearchParameter> parameters) =>
        (_file, _known, _parameters) = (file, known, parameters);

    public static SearchJournal Open(string path, Search search)
    {
        // One process at a time: the results of two would be mixed.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var journal = new SearchJournal(file, [], search.Space.Parameters);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            if (end == 0)
            {
                if (bytes.Length > 0 && !Encoding.UTF8.GetBytes(Header(search)).AsSpan().StartsWith(bytes))
                    throw new FormatException($"{path}: this is not the journal of a search. Give another file.");
                file.SetLength(0);
                journal.Write(Header(search));
                return journal;
            }
            var lines = Encoding.UTF8.GetString(bytes.AsSpan(0, end - 1)).Split('\n');
            RequireSame(path, lines[0], Header(search));
            for (var i = 1; i < lines.Length; i++)
                journal.Read(path, i + 1, lines[i]);
            file.SetLength(end);
            file.Seek(0, SeekOrigin.End);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The result of a job that was done before; null if it was not.</summary>
    public RungRecord? Find(SearchJob job) => _known.GetValueOrDefault((job.Trial, job.Rung));

    public void Append(Trial trial, RungRecord result) => Write(Json(json =>
    {
        json.WriteNumber("trial", trial.Number);
        json.WriteNumber("rung", result.Rung);
        json.WriteNumber("resource", result.Resource);
        if (result.Failure is { } failure)
            json.WriteString("failed", failure);
        else
            json.WriteNumber("score", result.Score);
        json.WriteNumber("steps", result.Steps);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteStartObject("metrics");
        foreach (var (name, value) in result.Metrics.Where(m => double.IsFinite(m.Value)))
            json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteStartObject("values");
        for (var i = 0; i < _parameters.Count; i++)
            json.WriteString(_parameters[i].Name, trial.Values[i]);
        json.WriteEndObject();
    }));

    public void Dispose() => _file.Dispose();

    private static string Header(Search search) => Json(json =>
    {
        json.WriteNumber(FormatKey, Version);
        json.WriteString("subject", search.Subject);
        json.WriteStartArray("space");
        foreach (var parameter in search.Space.Parameters)
            json.WriteStringValue(parameter.Description);
        json.WriteEndArray();
        json.WriteString("method", search.Method.Description);
        json.WriteNumber("seed", search.Seed);
        json.WriteString("goal", $"{(search.Goal == MonitorMode.Lower ? "low" : "high")} {search.Monitor}");
        json.WriteNumber("epochs", search.Method.Rungs(search.Epochs)[^1]);
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void RequireSame(string path, string found, string expected)
    {
        if (found == expected)
            return;
        JsonElement theirs;
        using var ours = JsonDocument.Parse(expected);
        try
        {
            using var document = JsonDocument.Parse(found);
            theirs = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}: this is not the journal of a search. Give another file.", e);
        }
        if (theirs.ValueKind != JsonValueKind.Object || !theirs.TryGetProperty(FormatKey, out _))
            throw new FormatException($"{path}: this is not the journal of a search. Give another file.");
        foreach (var property in ours.RootElement.EnumerateObject())
        {
            var other = theirs.TryGetProperty(property.Name, out var value) ? value.ToString() : "missing";
            if (other != property.Value.ToString())
                throw new FormatException($"{path}: the journal is of another search: its {property.Name} is {other}, but this one's is {property.Value}. Give another file, or the settings of the journal.");
        }
    }

    private void Read(string path, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            var failed = json.TryGetProperty("failed", out var reason);
            var result = new RungRecord
            {
                Rung = json.GetProperty("rung").GetInt32(),
                Resource = json.GetProperty("resource").GetInt32(),
                Failure = failed ? reason.GetString() : null,
                Score = failed ? double.NaN : json.GetProperty("score").GetDouble(),
                Steps = json.GetProperty("steps").GetInt64(),
                Seconds = json.GetProperty("seconds").GetDouble(),
                Metrics = json.GetProperty("metrics").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetDouble(), StringComparer.Ordinal),
            };
            _known[(json.GetProperty("trial").GetInt32(), result.Rung)] = result;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException($"{path}: line {number} is damaged: {e.Message} Remove that line; its trial is then done again.", e);
        }
    }

    private void Write(string line)
    {
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush(flushToDisk: true);
    }
}
