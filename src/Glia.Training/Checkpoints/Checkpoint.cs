using System.Globalization;
using Glia.Interchange;

namespace Glia.Training;

/// <summary>
/// Where a training stood, read from a file that <see cref="ModelCheckpoint"/> wrote. <see cref="Trainer.Fit"/> goes on from it to the same bits as if it had never stopped:
/// <code>
/// trainer.Fit(train, validation, epochs: 20, resume: Checkpoint.Latest("checkpoints"));
/// </code>
/// </summary>
public sealed class Checkpoint
{
    /// <summary>The name of the best checkpoint in a folder.</summary>
    public const string BestName = "best.safetensors";

    private const string Prefix = "step-";
    private const string Suffix = ".safetensors";

    private readonly CheckpointFile _file;

    private Checkpoint(CheckpointFile file)
    {
        _file = file;
        var position = new CheckpointReader(file).In(TrainingImage.PositionPart);
        (Step, Epoch) = (position.ReadInteger(TrainingImage.StepName), (int)position.ReadInteger(TrainingImage.EpochName));
        Weights = new CheckpointReader(file).ReadTensors(TrainingImage.ModelPart);
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Steps completed when it was made.</summary>
    public long Step { get; }

    /// <summary>Epochs completed when it was made.</summary>
    public int Epoch { get; }

    /// <summary>The model's parameters and buffers by their full names, for <see cref="Layers.Module.LoadStateDict"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>Newer checkpoints that <see cref="Latest"/> passed over because they are damaged, a sentence each; empty when there were none.</summary>
    public IReadOnlyList<string> Damaged { get; private init; } = [];

    internal CheckpointReader Reader => new(_file);

    /// <summary>Reads a checkpoint into memory.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged, is no checkpoint, or was written by a newer version.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Checkpoint Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new(CheckpointFile.Read(path));
        }
        catch (SafetensorsException e)
        {
            throw new CheckpointException($"The checkpoint is damaged: {e.Message}", e);
        }
    }

    /// <summary>
    /// The newest checkpoint of a folder that is whole; null where there is none, as before the first one of a training. One that is damaged is named in <see cref="Damaged"/>,
    /// and the one before it taken.
    /// </summary>
    /// <param name="folder">The folder given to <see cref="ModelCheckpoint"/>; it need not exist.</param>
    /// <exception cref="CheckpointException">All checkpoints are damaged, or the newest was written by a newer version.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Checkpoint? Latest(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var damaged = new List<string>();
        foreach (var (_, path) in FilesIn(folder))
        {
            try
            {
                return new(CheckpointFile.Read(path)) { Damaged = damaged };
            }
            catch (SafetensorsException e)
            {
                damaged.Add(e.Message);
            }
        }
        return damaged.Count == 0 ? null : throw new CheckpointException(
            $"All checkpoints in '{folder}' are damaged: {string.Join(" ", damaged)} Delete them and train anew, or take '{BestName}' if it is there.");
    }

    /// <summary>The checkpoints of a folder by their steps, the newest first.</summary>
    internal static IReadOnlyList<(long Step, string Path)> FilesIn(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}")
            .Select(path => (Step: long.TryParse(System.IO.Path.GetFileName(path)[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1, Path: path))
            .Where(file => file.Step >= 0)
            .OrderByDescending(file => file.Step),
    ];

    internal static string NameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Suffix}");
}
