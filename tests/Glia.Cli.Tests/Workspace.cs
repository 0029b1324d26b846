using System.Globalization;
using System.Text;

namespace Glia.Cli.Tests;

/// <summary>A temporary folder with files for a test; it is deleted afterwards.</summary>
public sealed class Workspace : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("glia-cli-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <summary>Everything in the folder: names, and sizes of files.</summary>
    public string[] Snapshot() =>
    [
        .. new DirectoryInfo(Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.FullName} {(entry as FileInfo)?.Length}"))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
