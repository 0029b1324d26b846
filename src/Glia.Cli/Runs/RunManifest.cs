using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Commands.Tune;
using Glia.Cli.Problems;
using Glia.Interchange;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Runs;

/// <summary>How a run goes on: kept in its folder from before the first step until it is finished, and beyond that where its checkpoints are.</summary>
internal sealed record RunManifest
{
    public const string Name = "run.json";

    private const int Format = 1;
    private const long LargestFile = 16 << 20;

    /// <summary>What the user named as data.</summary>
    public required string Data { get; init; }

    /// <summary>The options of training, as they were given.</summary>
    public required IReadOnlyList<(string Name, string Value)> Arguments { get; init; }

    /// <summary>Where the program was started, from where paths are taken.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>By what the data are known again.</summary>
    public required DataSource Source { get; init; }

    /// <summary>The learning rate that was searched, and the report on it; null where none was.</summary>
    public double? LearningRate { get; init; }

    public JsonNode? Tuning { get; init; }

    public static RunManifest Of(TrainOptions options, Problem problem) => new()
    {
        Data = options.Data,
        Arguments = options.Arguments,
        WorkingFolder = Environment.CurrentDirectory,
        Source = problem.Preparation.Source,
    };

    /// <summary>Whether a folder holds a run without results yet.</summary>
    public static bool IsUnfinished(string folder) => File.Exists(Path.Combine(folder, Name)) && !File.Exists(Path.Combine(folder, RunFolder.ModelName));

    /// <summary>What to say of an unfinished run where a finished one is needed.</summary>
    public static UserException Unfinished(string folder) => new($"The run '{folder}' is not finished. Go on with: {ResumeLine(folder)}");

    public static string ResumeLine(string folder) => $"{CommandLine.Name} train --resume {TrainCommand.Quoted(folder)}";

    /// <exception cref="UserException">The folder holds no run that can go on.</exception>
    public static RunManifest Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new UserException(!Directory.Exists(folder) ? $"There is no run folder '{folder}'."
                : File.Exists(Path.Combine(folder, RunFolder.ModelName)) ? $"The run '{folder}' is finished, and its checkpoints were not kept. Train anew; with --keep-checkpoints a finished run can be given more epochs."
                : $"The folder '{folder}' holds no run ({Name}). Give the folder of a run that '{CommandLine.Name} train' has begun.");
        }
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw new FormatException("it is too large.");
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var root = json.RootElement;
            if (root.GetProperty("format").GetInt32() is var format and not Format)
                throw new UserException($"{path}: the run has format {format}, but this version of Glia reads format {Format}. Use a newer Glia.");
            return new()
            {
                Data = root.GetProperty("data").GetString() ?? "",
                Arguments = [.. root.GetProperty("arguments").EnumerateObject().Select(a => (a.Name, a.Value.GetString() ?? ""))],
                WorkingFolder = root.GetProperty("workingFolder").GetString() ?? "",
                Source = DataSource.FromJson(root.GetProperty("source").GetRawText()),
                LearningRate = root.GetProperty("learningRate") is { ValueKind: JsonValueKind.Number } rate ? rate.GetDouble() : null,
                Tuning = JsonNode.Parse(root.GetProperty("learningRateTuning").GetRawText()),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserException($"'{path}' is damaged: {e.Message} The checkpoints beside it are not touched.", e);
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(string folder) => AtomicFile.Write(Path.Combine(folder, Name), stream => stream.Write(Encoding.UTF8.GetBytes(RunSummary.ToText(new JsonObject
    {
        ["format"] = Format,
        ["data"] = Data,
        ["arguments"] = new JsonObject(Arguments.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))),
        ["workingFolder"] = WorkingFolder,
        ["source"] = JsonNode.Parse(Source.ToJson()),
        ["learningRate"] = LearningRate,
        ["learningRateTuning"] = Tuning?.DeepClone(),
    }) + "\n")));

    /// <summary>What to train: as it was begun, but for what may change when a run goes on.</summary>
    public TrainOptions Options(TrainOptions given)
    {
        var arguments = given.Epochs is { } epochs ? TrainArguments.With(Arguments, string.Create(CultureInfo.InvariantCulture, $"--epochs {epochs}")) : Arguments;
        return TrainArguments.Parse(Data, arguments) with
        {
            Resume = given.Resume,
            Out = given.Resume,
            Checkpoints = given.Checkpoints,
            KeepsCheckpoints = given.KeepsCheckpoints,
            Store = given.Store,
            IsNotStored = given.IsNotStored,
            TensorBoard = given.TensorBoard,
        };
    }

    /// <summary>Loads the data of the run.</summary>
    /// <exception cref="UserException">They are not there, or are others now.</exception>
    public Problem Load(TrainOptions options)
    {
        Problem problem;
        try
        {
            problem = ProblemLoader.Load(options);
        }
        catch (UserException e) when (Environment.CurrentDirectory != WorkingFolder)
        {
            throw new UserException($"{e.Message} The run was begun in '{WorkingFolder}'; go on with it from there.", e);
        }
        return problem.Preparation.Source.IsSameDataAs(Source)
            ? problem
            : throw new UserException($"{Data}: these are not the data that the run '{options.Resume}' was begun with ({problem.Preparation.Source.Rows} rows here, {Source.Rows} there, with other content). Bring them back, or train anew.");
    }
}
