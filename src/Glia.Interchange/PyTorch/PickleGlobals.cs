namespace Glia.Interchange.PyTorch;

/// <summary>The names of Python's that a file of tensors may use, and what they make.</summary>
internal static class PickleGlobals
{
    public const string Advice = "In PyTorch, save torch.save(model.state_dict(), path) rather than the whole model, and only tensors, numbers, texts, lists and dictionaries beside it.";

    private const int MaxRank = 64;
    private const int MaxDeviceLength = 200;

    /// <summary>A tensor whose elements share memory may be larger than its storage up to here; <see cref="PyTorchFile"/> bounds the sum over all of them.</summary>
    private const long SmallCount = 64 * 1024;

    private const string OrderedDict = "collections.OrderedDict";
    private const string Rebuild = "torch._utils._rebuild_tensor";
    private const string RebuildV2 = "torch._utils._rebuild_tensor_v2";
    private const string RebuildV3 = "torch._utils._rebuild_tensor_v3";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string Size = "torch.Size";
    private const string Device = "torch.device";
    private const string Layout = "torch.serialization._get_layout";

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal) { OrderedDict, Rebuild, RebuildV2, RebuildV3, RebuildParameter, Size, Device, Layout };

    private static readonly Dictionary<string, SafetensorsDType?> Storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = SafetensorsDType.F64,
        ["torch.FloatStorage"] = SafetensorsDType.F32,
        ["torch.HalfStorage"] = SafetensorsDType.F16,
        ["torch.BFloat16Storage"] = SafetensorsDType.BF16,
        ["torch.LongStorage"] = SafetensorsDType.I64,
        ["torch.IntStorage"] = SafetensorsDType.I32,
        ["torch.ShortStorage"] = SafetensorsDType.I16,
        ["torch.CharStorage"] = SafetensorsDType.I8,
        ["torch.ByteStorage"] = SafetensorsDType.U8,
        ["torch.BoolStorage"] = SafetensorsDType.Bool,
        ["torch.storage.UntypedStorage"] = null,
        ["torch.UntypedStorage"] = null,
    };

    private static readonly Dictionary<string, SafetensorsDType> Types = new(StringComparer.Ordinal)
    {
        ["torch.float64"] = SafetensorsDType.F64,
        ["torch.float32"] = SafetensorsDType.F32,
        ["torch.float16"] = SafetensorsDType.F16,
        ["torch.bfloat16"] = SafetensorsDType.BF16,
        ["torch.float8_e4m3fn"] = SafetensorsDType.F8E4M3,
        ["torch.float8_e5m2"] = SafetensorsDType.F8E5M2,
        ["torch.int64"] = SafetensorsDType.I64,
        ["torch.int32"] = SafetensorsDType.I32,
        ["torch.int16"] = SafetensorsDType.I16,
        ["torch.int8"] = SafetensorsDType.I8,
        ["torch.uint64"] = SafetensorsDType.U64,
        ["torch.uint32"] = SafetensorsDType.U32,
        ["torch.uint16"] = SafetensorsDType.U16,
        ["torch.uint8"] = SafetensorsDType.U8,
        ["torch.bool"] = SafetensorsDType.Bool,
    };

    public static PickleGlobal Allowed(PickleGlobal name, Func<string, WeightFileException> error) =>
        Functions.Contains(name.FullName) || Storages.ContainsKey(name.FullName) || Types.ContainsKey(name.FullName)
            ? name
            : throw error($"it wants to run {SafetensorsHeader.Quote(name.FullName)} of Python, and Glia runs nothing of a file. {Advice}");

    /// <summary>What a function of the list makes of its arguments.</summary>
    public static object? Call(PickleGlobal function, object?[] arguments, Func<string, WeightFileException> error) => (function.FullName, arguments) switch
    {
        (OrderedDict, []) => new PickleDict(),
        (Rebuild, [PickleStorage storage, long offset, object?[] shape, object?[] strides]) => Tensor(storage, storage.DType, offset, shape, strides, error),
        (RebuildV2, [PickleStorage storage, long offset, object?[] shape, object?[] strides, bool, PickleDict or null, ..]) => Tensor(storage, storage.DType, offset, shape, strides, error),
        (RebuildV3, [PickleStorage storage, long offset, object?[] shape, object?[] strides, bool, PickleDict or null, PickleGlobal type, ..])
            when Types.TryGetValue(type.FullName, out var dtype) => Tensor(storage, dtype, offset, shape, strides, error),
        (RebuildParameter, [PickleTensor tensor, bool, PickleDict or null]) => tensor,
        (Size, [object?[] sizes]) => sizes,
        (Device or Layout, [string name]) => name,
        (Device, [string { Length: <= MaxDeviceLength } name, long index]) => $"{name}:{index}",
        _ => throw error($"its pickle is damaged, or of a version that is not known: {SafetensorsHeader.Quote(function.FullName)} is given {arguments.Length} arguments that do not fit."),
    };

    /// <summary>The storage that a pickle refers to outside of itself.</summary>
    public static PickleStorage Storage(object? reference, Func<string, WeightFileException> error)
    {
        // Old files say in a sixth place whether the storage is a part of another one; those are not read.
        if (reference is not object?[] { Length: 5 or 6 } tuple || tuple is not ["storage", PickleGlobal type, string key, string, long count, ..] || (tuple.Length == 6 && tuple[5] is not null))
            throw error("its pickle refers to something that is no storage of numbers.");
        if (!Storages.TryGetValue(type.FullName, out var dtype))
            throw error($"its pickle refers to a storage of {SafetensorsHeader.Quote(type.FullName)}, which is not read.");
        var size = dtype?.Size() ?? 1;
        return count >= 0 && count <= long.MaxValue / size ? new(key, size, dtype, count * size) : throw error($"a storage has {count} elements.");
    }

    private static PickleTensor Tensor(PickleStorage storage, SafetensorsDType? dtype, long offset, object?[] shape, object?[] strides, Func<string, WeightFileException> error)
    {
        if (dtype is not { } type)
            throw error("a tensor has no type of elements.");
        if (shape.Length != strides.Length || shape.Length > MaxRank)
            throw error($"a tensor has {shape.Length} sizes and {strides.Length} strides; both must be as many, and at most {MaxRank}.");
        var sizes = Numbers(shape, error);
        var steps = Numbers(strides, error);
        var elements = storage.ByteLength / type.Size();
        var bytes = type.ByteLength(sizes);
        if (bytes is null || offset < 0)
            throw error($"a tensor ({string.Join(", ", sizes)}) has too many elements, or begins at {offset}.");
        var count = bytes.Value / type.Size();
        if (count > 0 && (Strides.Extent(sizes, steps) is not { } extent || offset > elements - extent))
            throw error($"a tensor ({string.Join(", ", sizes)}) with strides ({string.Join(", ", steps)}) from element {offset} on reaches beyond its storage of {elements} elements.");
        if (count > Math.Max(elements, SmallCount))
            throw error($"a tensor ({string.Join(", ", sizes)}) repeats the {elements} elements of its storage, which is not read at that size. Save tensor.clone() instead.");
        return new(storage, type, offset, sizes, steps);
    }

    private static long[] Numbers(object?[] values, Func<string, WeightFileException> error)
    {
        var numbers = new long[values.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = values[i] is long number and >= 0 ? number : throw error("a tensor has a size or a stride that is no number from 0 on.");
        return numbers;
    }
}
