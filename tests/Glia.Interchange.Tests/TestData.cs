namespace Glia.Interchange.Tests;

/// <summary>Files that PyTorch and NumPy wrote: those of the repository, or a folder of new ones that the environment names.</summary>
internal static class TestData
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("GLIA_PYTORCH_DATA") ?? Path.Combine(AppContext.BaseDirectory, "Data");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>Whatever comes of reading a damaged file must be an exception that is documented.</summary>
    public static void ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            using var file = WeightFile.Read(bytes);
            foreach (var entry in file.Entries)
                file.ReadBytes(entry.Name);
        }
        catch (WeightFileException)
        {
            // As documented.
        }
        catch (OnnxException)
        {
            // A changed first byte can make it look like ONNX.
        }
    }
}
