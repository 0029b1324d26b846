using System.Buffers.Binary;
using System.Text;

namespace Glia.Benchmarks;

/// <summary>
/// Marks a symbol version that an ELF library needs as weak, so that it loads with a C++ library that lacks it. TorchSharp's native wrapper
/// asks for GLIBCXX_3.4.32 because of one start-up function only, for which <c>run.sh</c> preloads a stand-in.
/// </summary>
internal static class ElfVersionPatch
{
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const ushort FlagWeak = 2;

    /// <summary>Patches the file in place; returns how many needs were marked.</summary>
    public static int MarkWeak(string path, string version)
    {
        var file = File.ReadAllBytes(path);
        if (file.Length < 64 || BinaryPrimitives.ReadUInt32BigEndian(file) != 0x7f454c46 || file[4] != 2 || file[5] != 1)
            throw new InvalidDataException($"{path} is not a 64-bit little-endian ELF file.");
        var hash = Hash(version);
        var marked = 0;
        var sections = checked((int)U64(file, 0x28));
        var entrySize = U16(file, 0x3a);
        var count = U16(file, 0x3c);
        for (var i = 0; i < count; i++)
        {
            var section = sections + i * entrySize;
            if (U32(file, section + 4) == SectionVersionNeeds)
                marked += MarkSection(file, checked((int)U64(file, section + 24)), U32(file, section + 44), hash);
        }
        if (marked > 0)
            File.WriteAllBytes(path, file);
        return marked;
    }

    // Elf64_Verneed: version, count, file, offset of the first Elf64_Vernaux, offset of the next need.
    private static int MarkSection(byte[] file, int need, uint needs, uint hash)
    {
        var marked = 0;
        for (; needs > 0; needs--)
        {
            var entry = need + (int)U32(file, need + 8);
            for (var left = U16(file, need + 2); left > 0; left--)
            {
                // Elf64_Vernaux: hash, flags, index, name, offset of the next.
                if (U32(file, entry) == hash)
                {
                    var flags = (ushort)(U16(file, entry + 4) | FlagWeak);
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(entry + 4), flags);
                    marked++;
                }
                entry += (int)U32(file, entry + 12);
            }
            need += (int)U32(file, need + 12);
        }
        return marked;
    }

    // The System V ABI's hash of a symbol name.
    private static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var c in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }

    private static ushort U16(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private static uint U32(byte[] file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));

    private static ulong U64(byte[] file, int at) => BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
}
