namespace Glia.Interchange.Tests;

public class AtomicFileTests
{
    [Fact]
    public void NewFile_HoldsWhatWasWritten()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a.bin"], stream => stream.Write([1, 2, 3]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void ExistingFile_IsReplacedAndShortened()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.bin"], new byte[100]);
        AtomicFile.Write(folder["a.bin"], stream => stream.WriteByte(7));
        Assert.Equal([7], File.ReadAllBytes(folder["a.bin"]));
    }

    [Fact]
    public void RelativePath_IsTakenFromTheCurrentFolder()
    {
        var name = $"glia-atomic-{Environment.ProcessId}.bin";
        AtomicFile.Write(name, stream => stream.WriteByte(7));
        Assert.True(File.Exists(Path.Combine(Environment.CurrentDirectory, name)));
        File.Delete(name);
    }

    [Fact]
    public void FailureWhileWriting_LeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.bin"], [1, 2, 3]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a.bin"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException();
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void FullDisk_NamesThePathAndTheReason()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<IOException>(
            () => AtomicFile.Write(folder["a.bin"], _ => throw new IOException("No space left on device.")));
        Assert.Equal($"Cannot write '{folder["a.bin"]}': No space left on device.", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void MissingFolder_IsNamed()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(Path.Combine(folder["no"], "a.bin"), _ => { }));
        Assert.Contains($"the folder '{folder["no"]}' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderAsPath_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path, _ => { }));
        Assert.Contains("it is a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileAsFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], [1]);
        Assert.Throws<IOException>(() => AtomicFile.Write(Path.Combine(folder["file"], "a.bin"), _ => { }));
    }

    [Fact]
    public void UnwritableFolder_IsAnIOException()
    {
        // Not even an administrator may create files there; elsewhere the folder does not exist.
        var error = Assert.Throws<IOException>(() => AtomicFile.Write("/sys/glia.bin", _ => { }));
        Assert.StartsWith("Cannot write '/sys/glia.bin': ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/fd/1")]
    [InlineData("/proc/self/comm")]
    public void Device_IsRefusedAndNotReplaced(string path) =>
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => stream.WriteByte(1)));

    [Fact]
    public void SymbolicLink_IsFollowedAndStays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["target"], [1]);
        File.CreateSymbolicLink(folder["link"], folder["target"]);
        AtomicFile.Write(folder["link"], stream => stream.WriteByte(2));
        Assert.Equal([2], File.ReadAllBytes(folder["target"]));
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
    }

    [Fact]
    public void ReplacedFile_KeepsItsPermissions()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.bin"], [1]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["a.bin"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.Write(folder["a.bin"], stream => stream.WriteByte(2));
        Assert.Equal([2], File.ReadAllBytes(folder["a.bin"]));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.bin"]));
    }

    /// <summary>As on a disk that is full after so many bytes, for every number of bytes.</summary>
    [Fact]
    public void DiskThatIsFullAfterAnyByte_LeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        byte[] content = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        File.WriteAllBytes(folder["a.bin"], [1, 2, 3]);
        for (var room = 0; room < content.Length; room++)
        {
            Assert.Throws<IOException>(() => AtomicFile.Write(folder["a.bin"], stream =>
            {
                stream.Write(content, 0, room);
                throw new IOException("No space left on device.");
            }));
            Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a.bin"]));
            Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public void Folders_AreCreatedWithThoseAboveThem()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.CreateFolder(folder["a/b/c"]);
        AtomicFile.CreateFolder(folder["a/b/c"]);
        Assert.True(Directory.Exists(folder["a/b/c"]));
        File.WriteAllBytes(folder["file"], [1]);
        Assert.StartsWith($"Cannot create the folder '{folder["file"]}': ", Assert.Throws<IOException>(() => AtomicFile.CreateFolder(folder["file/x"])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Cannot create the folder '/sys/glia': ", Assert.Throws<IOException>(() => AtomicFile.CreateFolder("/sys/glia")).Message, StringComparison.Ordinal);
    }
}
