using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange;

/// <summary>The initial values of an ONNX graph as a file of tensors.</summary>
internal sealed class OnnxWeights : WeightFile
{
    private readonly TensorReader _reader;
    private readonly LastRead _last = new();
    private readonly Dictionary<string, WeightEntry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _tensors = new(StringComparer.Ordinal);
    private readonly List<WeightEntry> _entries = [];

    public OnnxWeights(OnnxModel model, string? folder)
        : base(model.Source)
    {
        _reader = new TensorReader(folder);
        Metadata = model.Metadata;
        foreach (var tensor in model.Proto.Graph!.Initializers)
        {
            if (DTypeOf(tensor.Type) is not { } dtype)
                continue;
            var shape = tensor.Dims.ToArray();
            var length = dtype.ByteLength(shape) ?? throw Error($"tensor {SafetensorsHeader.Quote(tensor.Name)} has a negative size or too many elements.");
            var entry = new WeightEntry(tensor.Name, dtype, shape, 0, length);
            if (!_byName.TryAdd(tensor.Name, entry))
                throw Error($"two tensors have the name {SafetensorsHeader.Quote(tensor.Name)}.");
            _tensors.Add(tensor.Name, tensor);
            _entries.Add(entry);
        }
    }

    public override string Format => "ONNX";

    public override IReadOnlyDictionary<string, string> Metadata { get; }

    public override IReadOnlyList<WeightEntry> Entries => _entries;

    internal override IReadOnlyDictionary<string, WeightEntry> ByName => _byName;

    public override void Dispose() => _last.Forget();

    internal override void ReadAt(WeightEntry entry, long offset, Span<byte> destination) => _last.CopyTo(entry, offset, destination, () =>
    {
        try
        {
            var value = _reader.Read(_tensors[entry.Name]);
            return TensorReader.ToRaw(value.Tensor, value.Type);
        }
        catch (OnnxException cause)
        {
            throw Error($"{cause.Message}.", cause);
        }
    });

    private static SafetensorsDType? DTypeOf(OnnxElementType type) => type switch
    {
        OnnxElementType.Float => SafetensorsDType.F32,
        OnnxElementType.Double => SafetensorsDType.F64,
        OnnxElementType.Float16 => SafetensorsDType.F16,
        OnnxElementType.BFloat16 => SafetensorsDType.BF16,
        OnnxElementType.Int8 => SafetensorsDType.I8,
        OnnxElementType.Int16 => SafetensorsDType.I16,
        OnnxElementType.Int32 => SafetensorsDType.I32,
        OnnxElementType.Int64 => SafetensorsDType.I64,
        OnnxElementType.UInt8 => SafetensorsDType.U8,
        OnnxElementType.UInt16 => SafetensorsDType.U16,
        OnnxElementType.UInt32 => SafetensorsDType.U32,
        OnnxElementType.UInt64 => SafetensorsDType.U64,
        OnnxElementType.Bool => SafetensorsDType.Bool,
        _ => null,
    };
}
