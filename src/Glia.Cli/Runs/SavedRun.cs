using System.Text.Json;
using Glia.Cli.Commands;
using Glia.Cli.Commands.Tune;
using Glia.Training.Diagnostics;

namespace Glia.Cli.Runs;

/// <summary>A run as it was saved: what the doctor saw, and how to repeat it.</summary>
internal sealed record SavedRun(string Path, RunRecord Record, TrainOptions Options, double? TestLoss)
{
    // A record of a hundred thousand steps takes some hundred kilobytes.
    private const long LargestFile = 64 << 20;

    /// <summary>Opens the folder of a run, or that of a model file.</summary>
    /// <exception cref="UserException">It is not there, or it is damaged.</exception>
    public static SavedRun Open(string path)
    {
        var folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (RunManifest.IsUnfinished(folder))
            throw RunManifest.Unfinished(folder);
        var record = Read(System.IO.Path.Combine(folder, RunFolder.RecordName), path);
        var summary = Read(System.IO.Path.Combine(folder, RunFolder.SummaryName), path);
        try
        {
            using var json = JsonDocument.Parse(summary);
            var root = json.RootElement;
            var arguments = root.GetProperty("arguments").EnumerateObject().Select(a => (a.Name, a.Value.GetString() ?? "")).ToList();
            double? loss = root.TryGetProperty("test", out var test) && test.TryGetProperty("loss", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
            return new(folder, RunRecord.FromJson(record), TrainArguments.Parse(root.GetProperty("data").GetString() ?? "", arguments), loss);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserException($"The run '{folder}' is damaged: {e.Message}", e);
        }
    }

    private static string Read(string file, string path)
    {
        if (!File.Exists(file))
            throw new UserException($"'{path}' holds no {System.IO.Path.GetFileName(file)}, which '{CommandLine.Name} train' writes for networks. Train again, or examine the data.");
        if (new FileInfo(file).Length > LargestFile)
            throw new UserException($"'{file}' is too large to be the record of a run.");
        return File.ReadAllText(file);
    }
}
