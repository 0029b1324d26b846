using System.Globalization;

namespace Glia.Training;

/// <summary>Gives one part of training what it wrote by a <see cref="CheckpointWriter"/>, under the same names.</summary>
public sealed class CheckpointReader
{
    private readonly CheckpointFile _file;
    private readonly string _section;

    internal CheckpointReader(CheckpointFile file, string section = "") => (_file, _section) = (file, section);

    /// <summary>Whether there is a text, a number or a tensor of this name.</summary>
    public bool Contains(string name) => _file.Texts.ContainsKey(_section + name) || _file.Tensors.ContainsKey(_section + name);

    /// <summary>A text.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="CheckpointException">There is none of this name, or it is of another kind.</exception>
    public string ReadText(string name) => _file.Texts.GetValueOrDefault(_section + name) ?? throw Missing(name);

    /// <summary>A whole number.</summary>
    /// <inheritdoc cref="ReadText"/>
    public long ReadInteger(string name) => long.TryParse(ReadText(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new CheckpointException($"{_file.Path}: '{_section}{name}' is no whole number but '{ReadText(name)}'.");

    /// <summary>A number.</summary>
    /// <inheritdoc cref="ReadText"/>
    public double ReadNumber(string name) => double.TryParse(ReadText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new CheckpointException($"{_file.Path}: '{_section}{name}' is no number but '{ReadText(name)}'.");

    /// <summary>Numbers in order; none where none were written.</summary>
    /// <param name="name">Their name.</param>
    /// <exception cref="CheckpointException">It is something else.</exception>
    public IReadOnlyList<double> ReadNumbers(string name)
    {
        if (!Contains(name))
            return [];
        var tensor = ReadTensor(name);
        return tensor is { DType: DType.Float64, Rank: 1 } ? tensor.ToArray<double>() : throw new CheckpointException($"{_file.Path}: '{_section}{name}' is no list of numbers.");
    }

    /// <summary>A tensor.</summary>
    /// <inheritdoc cref="ReadText"/>
    public Tensor ReadTensor(string name) => _file.Tensors.GetValueOrDefault(_section + name) ?? throw Missing(name);

    /// <summary>All tensors that were written under a common beginning of their names; none where none were.</summary>
    /// <param name="name">What their names begin with.</param>
    public IReadOnlyDictionary<string, Tensor> ReadTensors(string name)
    {
        var start = $"{_section}{name}.";
        return _file.Tensors.Where(t => t.Key.StartsWith(start, StringComparison.Ordinal)).ToDictionary(t => t.Key[start.Length..], t => t.Value, StringComparer.Ordinal);
    }

    /// <summary>Compares a setting that must not change with what it was.</summary>
    /// <exception cref="CheckpointException">It was another.</exception>
    internal void Require(string name, string value)
    {
        if (ReadText(name) != value)
            throw new CheckpointException($"The checkpoint '{_file.Path}' does not fit: {_section}{name} is {ReadText(name)} there, {value} here. Give the same, or train anew.");
    }

    /// <summary>The texts of this part, by name.</summary>
    internal Dictionary<string, string> Texts() => _file.Texts.Where(t => t.Key.StartsWith(_section, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[_section.Length..], t => t.Value, StringComparer.Ordinal);

    /// <summary>What a part of this part wrote.</summary>
    internal CheckpointReader In(string part) => new(_file, $"{_section}{part}.");

    private CheckpointException Missing(string name) => new($"{_file.Path}: the checkpoint holds no '{_section}{name}'. It was made by another training; resume that one.");
}
