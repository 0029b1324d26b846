using System.IO.Compression;
using System.Text;

namespace Glia.Interchange.Tests.PyTorch;

/// <summary>Writes pickles and archives by hand, also such as PyTorch never would.</summary>
internal sealed class Pickle
{
    private readonly List<byte> _bytes = [];

    public Pickle() => Op(0x80, 2);

    public static Pickle New => new();

    public byte[] Bytes => [.. _bytes, (byte)'.'];

    public Pickle Op(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public Pickle Op(char opcode) => Op((byte)opcode);

    public Pickle Op(char opcode, byte argument) => Op((byte)opcode, argument);

    public Pickle Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Op(BitConverter.GetBytes(utf8.Length)).Op(utf8);
    }

    public Pickle Int(int value) => Op('J').Op(BitConverter.GetBytes(value));

    public Pickle Global(string module, string name) => Op('c').Op(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public Pickle Tuple(params int[] values)
    {
        Op('(');
        foreach (var value in values)
            Int(value);
        return Op('t');
    }

    /// <summary>The reference to a storage.</summary>
    public Pickle Storage(string key, int count, string type = "FloatStorage") =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count).Op('t').Op('Q');

    /// <summary>A tensor.</summary>
    public Pickle Tensor(string key, int count, int offset, int[] shape, int[] strides, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, count, type).Int(offset).Tuple(shape).Tuple(strides)
            .Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>A dictionary of one tensor.</summary>
    public static byte[] OneTensor(int count, int offset, int[] shape, int[] strides, string type = "FloatStorage") =>
        New.Op('}').Text("w").Tensor("0", count, offset, shape, strides, type).Op('s').Bytes;

    /// <summary>An archive as PyTorch writes it.</summary>
    public static byte[] Archive(byte[] pickle, byte[]? storage = null, CompressionLevel compression = CompressionLevel.NoCompression, params (string Name, byte[] Content)[] others)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in others.Prepend(("a/data/0", storage ?? [])).Prepend(("a/data.pkl", pickle)))
            {
                using var entry = zip.CreateEntry(name, compression).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }
}
