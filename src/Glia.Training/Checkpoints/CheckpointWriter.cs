using System.Globalization;
using Glia.Interchange;

namespace Glia.Training;

/// <summary>
/// Takes down the state of one part of training, such as a <see cref="Callback"/> or a <see cref="Metric"/>, for a checkpoint. Names are the part's own; what is written
/// comes back to the bit from a <see cref="CheckpointReader"/>.
/// </summary>
public sealed class CheckpointWriter
{
    private readonly Dictionary<string, string> _texts;
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly string _section;
    private readonly bool _copies;

    /// <param name="copies">Whether tensors are copied at once, so that training may go on before the file is written.</param>
    internal CheckpointWriter(bool copies)
        : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal), "", copies)
    {
    }

    private CheckpointWriter(Dictionary<string, string> texts, Dictionary<string, Tensor> tensors, string section, bool copies) =>
        (_texts, _tensors, _section, _copies) = (texts, tensors, section, copies);

    internal int Count => _texts.Count + _tensors.Count;

    /// <summary>Writes a text.</summary>
    /// <param name="name">Not written before.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The name was written before.</exception>
    public void Write(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _texts.Add(_section + name, value);
    }

    /// <summary>Writes a whole number.</summary>
    /// <inheritdoc cref="Write(string, string)"/>
    public void Write(string name, long value) => Write(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a number; NaN and infinities are numbers too.</summary>
    /// <inheritdoc cref="Write(string, string)"/>
    public void Write(string name, double value) => Write(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Writes numbers in order.</summary>
    /// <inheritdoc cref="Write(string, string)"/>
    public void Write(string name, IReadOnlyList<double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Count > 0)
            Add(name, Tensor.From(value.ToArray()));
    }

    /// <summary>Writes the numbers of a tensor.</summary>
    /// <inheritdoc cref="Write(string, string)"/>
    public void Write(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(name, value.Detach());
    }

    /// <summary>Writes tensors under their names.</summary>
    /// <param name="name">What the names begin with.</param>
    /// <param name="values">The tensors by name.</param>
    /// <exception cref="ArgumentException">A name was written before.</exception>
    public void Write(string name, IReadOnlyDictionary<string, Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (key, tensor) in values)
            Write($"{name}.{key}", tensor);
    }

    /// <summary>A writer of the same checkpoint whose names begin with that of a part.</summary>
    internal CheckpointWriter In(string part) => new(_texts, _tensors, $"{_section}{part}.", _copies);

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Save(string path)
    {
        var file = new SafetensorsWriter { HasChecksum = true };
        file.AddMetadata(CheckpointFile.FormatKey, CheckpointFile.FormatVersion);
        foreach (var (name, text) in _texts.OrderBy(t => t.Key, StringComparer.Ordinal))
            file.AddMetadata(name, text);
        foreach (var (name, tensor) in _tensors)
            file.Add(name, tensor);
        file.Save(path);
    }

    private void Add(string name, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _tensors.Add(_section + name, _copies ? tensor.Clone() : tensor);
    }
}
