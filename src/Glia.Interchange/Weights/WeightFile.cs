namespace Glia.Interchange;

/// <summary>
/// A file of named tensors: safetensors (one file or shards with an index), a PyTorch state file, NumPy's npz and npy, or the initial values of an ONNX graph. Opening reads
/// names, types and shapes; numbers are read one tensor at a time, so files may be larger than memory. A damaged or hostile file gives a <see cref="WeightFileException"/>,
/// takes memory in proportion to its size, and nothing in it is ever run. Reading from several threads is safe.
/// <code>
/// using var file = WeightFile.Open("weights.pt");
/// foreach (var entry in file.Entries)
///     Console.WriteLine(entry);
/// model.LoadWeights(file);
/// </code>
/// </summary>
public abstract partial class WeightFile : IDisposable
{
    private protected WeightFile(string source) => Source = source;

    /// <summary>The path, or what else errors begin with.</summary>
    public string Source { get; }

    /// <summary>The name of the format.</summary>
    public abstract string Format { get; }

    /// <summary>Texts that the file carries along; empty when there are none.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All tensors, in the order of the file.</summary>
    public abstract IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>
    /// The dictionaries of tensors inside the file, such as <c>model</c> in a checkpoint that also holds an optimiser: the names of their tensors begin with theirs and a dot.
    /// Empty where the file is one such dictionary.
    /// </summary>
    public virtual IReadOnlyList<string> Parts => [];

    internal abstract IReadOnlyDictionary<string, WeightEntry> ByName { get; }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => ByName.ContainsKey(name);

    /// <summary>The entry of this name.</summary>
    /// <exception cref="WeightFileException">There is none.</exception>
    public WeightEntry Entry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (ByName.TryGetValue(name, out var entry))
            return entry;
        const int shown = 5;
        var names = string.Join(", ", Entries.Take(shown).Select(candidate => SafetensorsHeader.Quote(candidate.Name)));
        var rest = Entries.Count > shown ? $" and {Entries.Count - shown} more" : "";
        throw Error($"it has no entry {SafetensorsHeader.Quote(name)}; its entries are {(names.Length > 0 ? names : "none")}{rest}.");
    }

    /// <summary>Copies raw little-endian bytes of an entry, row-major, from <paramref name="offset"/> on, until the destination is full.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="destination">Filled completely.</param>
    /// <param name="offset">The first byte to copy, counted from the beginning of the entry's data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bytes asked for reach past the entry's data.</exception>
    /// <exception cref="WeightFileException">There is no such entry, or the file changed since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void CopyTo(string name, Span<byte> destination, long offset = 0)
    {
        var entry = Entry(name);
        if (offset < 0 || offset > entry.ByteLength - destination.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{entry} has {entry.ByteLength} bytes; {destination.Length} bytes from {offset} on are not all among them.");
        }

        ReadAt(entry, offset, destination);
    }

    /// <summary>Copies an entry of type F16, BF16, F32 or F64 as 32-bit floats; F64 is rounded to nearest.</summary>
    /// <inheritdoc cref="CopyTo(string, Span{long})"/>
    public void CopyTo(string name, Span<float> destination) =>
        WeightConvert.CopyFloats(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>Copies an entry of type F16, BF16, F32 or F64 as 64-bit floats, exactly.</summary>
    /// <inheritdoc cref="CopyTo(string, Span{long})"/>
    public void CopyTo(string name, Span<double> destination) =>
        WeightConvert.CopyFloats(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>Copies an entry of any integer type as 64-bit integers.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="destination">As many elements as the entry has.</param>
    /// <exception cref="ArgumentException">The destination has another number of elements than the entry.</exception>
    /// <exception cref="WeightFileException">
    /// There is no such entry, its type is of another kind, a value does not fit, or the file changed since it was opened.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void CopyTo(string name, Span<long> destination) =>
        WeightConvert.CopyIntegers(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>Copies an entry of type BOOL, whose bytes must be 0 or 1.</summary>
    /// <inheritdoc cref="CopyTo(string, Span{long})"/>
    public void CopyTo(string name, Span<bool> destination) =>
        WeightConvert.CopyBooleans(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>All raw little-endian bytes of an entry, row-major.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public byte[] ReadBytes(string name)
    {
        var bytes = NewArray<byte>(name, Entry(name).ByteLength);
        CopyTo(name, bytes);
        return bytes;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{float})"/>.</summary>
    /// <param name="name">The entry.</param>
    /// <exception cref="WeightFileException">As there, or the entry is too large for one array.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public float[] ReadSingles(string name)
    {
        var values = NewArray<float>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{double})"/>.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public double[] ReadDoubles(string name)
    {
        var values = NewArray<double>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{long})"/>.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public long[] ReadIntegers(string name)
    {
        var values = NewArray<long>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{bool})"/>.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public bool[] ReadBooleans(string name)
    {
        var values = NewArray<bool>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>Reads a tensor: Float64, Int32, Int64 and Bool as they are, other floating-point types as Float32, other integers as Int64.</summary>
    /// <param name="name">The entry.</param>
    /// <exception cref="WeightFileException">There is none, it is too large for a tensor, or the file changed since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public Tensor ReadTensor(string name)
    {
        var entry = Entry(name);
        var shape = ShapeOf(entry);
        switch (entry.DType)
        {
            case SafetensorsDType.F64: return Tensor.From(ReadDoubles(name), shape);
            case SafetensorsDType.Bool: return Tensor.From(ReadBooleans(name), shape);
            case SafetensorsDType.F32 or SafetensorsDType.F16 or SafetensorsDType.BF16: return Tensor.From(ReadSingles(name), shape);
            case SafetensorsDType.I32: return Tensor.From(ReadIntegers(name), shape).To(DType.Int32);
            default: return Tensor.From(ReadIntegers(name), shape);
        }
    }

    /// <summary>Closes the file; names, types and shapes stay readable.</summary>
    public abstract void Dispose();

    /// <summary>Copies bytes that are known to lie inside the entry.</summary>
    internal abstract void ReadAt(WeightEntry entry, long offset, Span<byte> destination);

    internal virtual WeightFileException Error(string problem, Exception? cause = null) => new($"{Source}: {problem}", cause);

    /// <summary>Writes the raw bytes of an entry to a stream, a bounded piece at a time.</summary>
    internal void CopyBytes(WeightEntry entry, Stream stream)
    {
        const int pieceLength = 1 << 20;
        var piece = new byte[Math.Min(pieceLength, entry.ByteLength)];
        for (long done = 0; done < entry.ByteLength; done += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, entry.ByteLength - done));
            ReadAt(entry, done, part);
            stream.Write(part);
        }
    }

    /// <summary>The shape of an entry, if it fits a tensor.</summary>
    internal Shape ShapeOf(WeightEntry entry)
    {
        if (entry.Count > Array.MaxLength || entry.Shape.ContainsAnyExceptInRange(0, int.MaxValue))
            throw Error($"tensor {SafetensorsHeader.Quote(entry.Name)} has {entry.Count} elements, more than the {Array.MaxLength} that a tensor can hold.");
        return new Shape([.. entry.Shape.ToArray().Select(s => (int)s)]);
    }

    private WeightEntry EntryOfCount(string name, int destinationLength)
    {
        var entry = Entry(name);
        return destinationLength == entry.Count
            ? entry
            : throw new ArgumentException(
                $"{entry} has {entry.Count} elements but the destination has {destinationLength}.", nameof(destinationLength));
    }

    private T[] NewArray<T>(string name, long count) => count <= Array.MaxLength
        ? new T[count]
        : throw Error($"the entry {SafetensorsHeader.Quote(name)} is too large for one array; copy it in parts.");
}
