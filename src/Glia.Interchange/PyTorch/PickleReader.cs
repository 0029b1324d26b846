using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Glia.Interchange.PyTorch;

/// <summary>
/// Reads pickles of PyTorch without running anything: some opcodes of the pickle machine make numbers, texts, lists, tuples and dictionaries, and the few functions that
/// <see cref="PickleGlobals"/> names make tensors of them. Any other opcode or name is refused. Time and memory are bounded by the length of the pickle: each opcode makes at
/// most one object, and lengths are compared with what is there before anything is taken.
/// </summary>
internal sealed class PickleReader
{
    private const int MaxProtocol = 5;
    private const int MaxMemo = 10_000_000;
    private const int MaxGlobalLength = 200;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Func<string, WeightFileException> _error;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Dictionary<string, PickleStorage>? _storages;
    private int _at;

    /// <param name="bytes">The pickle, and perhaps others behind it.</param>
    /// <param name="error">Makes an exception of a problem.</param>
    /// <param name="storages">Where the storages are gathered that the pickle refers to, if anybody wants them.</param>
    public PickleReader(ReadOnlyMemory<byte> bytes, Func<string, WeightFileException> error, Dictionary<string, PickleStorage>? storages = null) =>
        (_bytes, _error, _storages) = (bytes, error, storages);

    /// <summary>Where the next pickle begins.</summary>
    public int Position => _at;

    /// <summary>Reads one pickle, up to its end.</summary>
    /// <exception cref="WeightFileException">It is damaged, or does something that is not allowed.</exception>
    public object? Read()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        while (true)
        {
            var opcode = Take(1)[0];
            if (opcode == '.')
            {
                var result = Pop();
                return _stack.Count == 0 && _marks.Count == 0 ? result : throw Damaged("it ends with values left over");
            }
            Do(opcode);
        }
    }

    private void Do(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: CheckProtocol(Take(1)[0]); break;
            case 0x95: Take(sizeof(ulong)); break; // A frame: the bytes in it come as they are.
            case (byte)'(': _marks.Add(_stack.Count); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': _stack.RemoveRange(Mark(), _stack.Count - PopMark()); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: Push(Long(Take(Take(1)[0]))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 0x8c: Push(Text(Take(1)[0])); break;
            case (byte)'X': Push(Text(U32())); break;
            case 0x8d: Push(Text(U64())); break;
            case (byte)'U' or (byte)'C': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
            case (byte)'T' or (byte)'B': Push(Encoding.Latin1.GetString(Take(U32()))); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case 0x85: Push(Tuple(_stack.Count - 1)); break;
            case 0x86: Push(Tuple(_stack.Count - 2)); break;
            case 0x87: Push(Tuple(_stack.Count - 3)); break;
            case (byte)'t': Push(Tuple(PopMark())); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'a': Append(_stack.Count - 1); break;
            case (byte)'e': Append(PopMark()); break;
            case (byte)'}': Push(new PickleDict()); break;
            case (byte)'s': SetItems(_stack.Count - 2); break;
            case (byte)'u': SetItems(PopMark()); break;
            case (byte)'q': Put(Take(1)[0]); break;
            case (byte)'r': Put(U32()); break;
            case 0x94: Put((uint)_memo.Count); break;
            case (byte)'h': Push(Get(Take(1)[0])); break;
            case (byte)'j': Push(Get(U32())); break;
            case (byte)'c': Push(Global(Line(), Line())); break;
            case 0x93: StackGlobal(); break;
            case (byte)'Q': Refer(PickleGlobals.Storage(Pop(), _error)); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            default: throw _error($"its pickle uses the opcode 0x{opcode:x2}, which files of tensors do not need, so it is not read. {PickleGlobals.Advice}");
        }
    }

    private void CheckProtocol(byte version)
    {
        if (version > MaxProtocol)
            throw _error($"its pickle has protocol {version}; up to {MaxProtocol} are read.");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _at))
            throw Damaged("it is cut short");
        var result = _bytes.Span.Slice(_at, (int)count);
        _at += (int)count;
        return result;
    }

    private uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>A whole number of at most 64 bits; of longer ones, which name nothing in a file of tensors, the bytes.</summary>
    private static object Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
            return Convert.ToHexStringLower(bytes);
        Span<byte> all = stackalloc byte[sizeof(long)];
        all.Fill(bytes.Length > 0 && bytes[^1] >= 0x80 ? (byte)0xff : (byte)0);
        bytes.CopyTo(all);
        return BinaryPrimitives.ReadInt64LittleEndian(all);
    }

    private string Line()
    {
        var rest = _bytes.Span[_at..];
        var end = rest[..Math.Min(rest.Length, MaxGlobalLength)].IndexOf((byte)'\n');
        if (end < 0)
            throw Damaged("a name does not end");
        _at += end + 1;
        return Encoding.UTF8.GetString(rest[..end]);
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        // What lies below a mark belongs to somebody else.
        if (_stack.Count == 0 || (_marks.Count > 0 && _stack.Count <= _marks[^1]))
            throw Damaged("a value is missing");
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek(int index) => index >= 0 && (_marks.Count == 0 || index >= _marks[^1]) ? _stack[index] : throw Damaged("a value is missing");

    private int Mark() => _marks.Count > 0 ? _marks[^1] : throw Damaged("a mark is missing");

    private int PopMark()
    {
        var mark = Mark();
        _marks.RemoveAt(_marks.Count - 1);
        return mark;
    }

    private object?[] Tuple(int start)
    {
        if (start < 0 || (_marks.Count > 0 && start < _marks[^1]))
            throw Damaged("a value is missing");
        var items = CollectionsMarshal.AsSpan(_stack)[start..].ToArray();
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    private void Append(int start)
    {
        if (Peek(start - 1) is not List<object?> list)
            throw Damaged("something is added to what is no list");
        list.AddRange(Tuple(start));
    }

    private void SetItems(int start)
    {
        if (Peek(start - 1) is not PickleDict dict)
            throw Damaged("something is set in what is no dictionary");
        var items = Tuple(start);
        if (items.Length % 2 != 0)
            throw Damaged("a key has no value");
        for (var i = 0; i < items.Length; i += 2)
            dict.Items.Add((items[i], items[i + 1]));
    }

    private void Put(uint index)
    {
        if (_memo.Count >= MaxMemo)
            throw _error($"its pickle remembers more than {MaxMemo} values.");
        _memo[index] = Peek(_stack.Count - 1);
    }

    private object? Get(uint index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged("a value that it refers to is missing");

    private PickleGlobal Global(string module, string name) => PickleGlobals.Allowed(new(module, name), _error);

    private void StackGlobal()
    {
        if (Pop() is not string name || Pop() is not string module)
            throw Damaged("a name is no text");
        Push(Global(module, name));
    }

    private void Reduce()
    {
        if (Pop() is not object?[] arguments || Pop() is not PickleGlobal function)
            throw Damaged("it calls what is no function");
        Push(PickleGlobals.Call(function, arguments, _error));
    }

    private void Refer(PickleStorage storage)
    {
        if (_storages is not null && !_storages.TryAdd(storage.Key, storage) && _storages[storage.Key] != storage)
            throw _error($"the storage {SafetensorsHeader.Quote(storage.Key)} has two types or sizes.");
        Push(storage);
    }

    /// <summary>PyTorch hangs version numbers onto dictionaries; they are of no use here. Nothing else has a state to be set.</summary>
    private void Build()
    {
        Pop();
        if (Peek(_stack.Count - 1) is not PickleDict)
            throw _error($"its pickle sets the inner state of an object, which files of tensors do not need, so it is not read. {PickleGlobals.Advice}");
    }

    private WeightFileException Damaged(string problem) => _error($"its pickle is damaged at byte {_at}: {problem}.");
}
