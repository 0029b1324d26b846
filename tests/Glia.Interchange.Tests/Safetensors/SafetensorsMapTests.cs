using System.Runtime.InteropServices;

namespace Glia.Interchange.Tests.Safetensors;

public sealed class SafetensorsMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MappedEntry_HasItsBytes()
    {
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["a"] = Tensor.Arange(5000), ["b"] = Tensor.Full(3, 7), ["e"] = Tensor.Zeros((0, 2)) }, _folder["m.safetensors"]);
        using var file = SafetensorsFile.Open(_folder["m.safetensors"]);
        using var memory = SafetensorsFile.Read(File.ReadAllBytes(_folder["m.safetensors"]));
        foreach (var source in (SafetensorsFile[])[file, memory])
        {
            foreach (var entry in source.Entries)
            {
                var called = 0;
                source.Map(entry.Name, bytes =>
                {
                    called++;
                    Assert.Equal(source.ReadBytes(entry.Name), bytes.ToArray());
                });
                Assert.Equal(1, called);
            }
            source.Map("b", bytes => Assert.Equal([7, 7, 7], MemoryMarshal.Cast<byte, float>(bytes).ToArray()));
            Assert.Throws<SafetensorsException>(() => source.Map("x", _ => { }));
        }
    }

    [Fact]
    public void FileThatBecameShorter_IsNotMapped()
    {
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["a"] = Tensor.Arange(5000) }, _folder["m.safetensors"]);
        using var file = SafetensorsFile.Open(_folder["m.safetensors"]);
        using (var other = new FileStream(_folder["m.safetensors"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            other.SetLength(100);
        Assert.EndsWith("it became shorter while it was read.", Assert.Throws<SafetensorsException>(() => file.Map("a", _ => Assert.Fail("mapped"))).Message, StringComparison.Ordinal);
        Assert.EndsWith("it became shorter while it was read.", Assert.Throws<SafetensorsException>(() => file.ReadSingles("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClosedFile_RefusesToMap()
    {
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["a"] = Tensor.Ones(5) }, _folder["m.safetensors"]);
        var file = SafetensorsFile.Open(_folder["m.safetensors"]);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Map("a", _ => { }));
    }
}
