using Glia.Interchange;

namespace Glia.Training;

/// <summary>The content of a checkpoint's file: texts and tensors by name.</summary>
internal sealed class CheckpointFile
{
    public const string FormatKey = "glia.checkpoint";
    public const string FormatVersion = "1";

    private const string ChecksumKey = "sha256";

    private CheckpointFile(string path, IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, Tensor> tensors) =>
        (Path, Texts, Tensors) = (path, texts, tensors);

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Texts { get; }

    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Reads a file into memory.</summary>
    /// <exception cref="SafetensorsException">It is damaged.</exception>
    /// <exception cref="CheckpointException">It is whole, but not a checkpoint that this version can read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CheckpointFile Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var isOurs = file.Metadata.TryGetValue(FormatKey, out var version);
        if (isOurs || file.Metadata.ContainsKey(ChecksumKey))
            file.VerifyChecksum();
        if (!isOurs)
            throw new CheckpointException($"{path}: this safetensors file is no checkpoint. Give a file that ModelCheckpoint wrote.");
        if (version != FormatVersion)
            throw new CheckpointException($"{path}: the checkpoint has format version {version}, but this version of Glia reads version {FormatVersion}. Use a newer Glia.");
        return new(path, file.Metadata, file.Entries.ToDictionary(e => e.Name, e => file.ReadTensor(e.Name), StringComparer.Ordinal));
    }
}
