using System.Runtime.InteropServices;

namespace Glia.Interchange;

/// <summary>Writes a file so that its path holds either the whole old content or the whole new content, even after a crash.</summary>
public static partial class AtomicFile
{
    private const string Prefix = ".glia-";
    private const string Suffix = ".tmp";

    /// <summary>
    /// Creates or replaces <paramref name="path"/> with what <paramref name="write"/> writes. The bytes go to a temporary file in the
    /// same folder, are flushed to disk, and take the path's place by one rename; on failure the temporary file is removed and the old
    /// file stays as it was. A symbolic link is followed, and an existing file keeps its Unix permissions.
    /// </summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="write">Writes the content to a stream that can seek. What it throws is passed on.</param>
    /// <exception cref="IOException">
    /// The folder is missing or not writable, the disk is full, or the path is a folder or a device.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            var target = ResolveTarget(path);
            var folder = Path.GetDirectoryName(target)!;
            // A short name of its own: the target's name may already be as long as the file system allows.
            var candidate = Path.Combine(folder, $"{Prefix}{Path.GetRandomFileName()}{Suffix}");
            using (var stream = new FileStream(candidate, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                temporary = candidate;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(candidate, File.GetUnixFileMode(target));
            File.Move(candidate, target, overwrite: true);
            temporary = null;
            FlushFolder(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot write '{path}': {Reason(error, path)}", error);
        }
        finally
        {
            if (temporary is not null)
                Remove(temporary);
        }
    }

    /// <summary>Creates a folder, and those above it that are missing, so that they are there even after a crash.</summary>
    /// <param name="path">The folder; it may exist.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static void CreateFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            return;
        var parent = Path.GetDirectoryName(full);
        if (parent is not null)
            CreateFolder(parent);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot create the folder '{path}': {Reason(error, full)}", error);
        }
        if (parent is not null)
            FlushFolder(parent);
    }

    /// <summary>Removes the temporary files that a process left in a folder when it was killed while it wrote. Nobody else may be writing there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">One cannot be removed.</exception>
    public static void DeleteLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}"))
            File.Delete(file);
    }

    private static string ResolveTarget(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.EndsInDirectorySeparator(full) || Directory.Exists(full))
            throw new IOException("it is a folder; give the name of a file.");
        var file = new FileInfo(full);
        var target = file.LinkTarget is null ? full : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"the folder '{folder}' does not exist; create it first.");
        // A rename would put a regular file in the place of the device, or of the file that /dev/stdout is redirected to.
        if (IsDevice(full) || IsDevice(target))
            throw new IOException("it is a device or a pipe; give the path of a regular file.");
        return target;
    }

    private static bool IsDevice(string path) => !OperatingSystem.IsWindows()
        && (Path.GetDirectoryName(path) == "/dev" || path.StartsWith("/proc/", StringComparison.Ordinal)
            || path.StartsWith("/dev/fd/", StringComparison.Ordinal));

    private static string Reason(Exception error, string path) => error switch
    {
        UnauthorizedAccessException => $"writing to the folder of '{Path.GetFullPath(path)}' is not permitted; "
            + "choose another folder or change its permissions.",
        _ => error.Message,
    };

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that led here matters more than a left-over temporary file.
        }
    }

    // Makes the rename itself durable. .NET opens no folders, so this asks the C library; file systems that cannot are left alone.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        const int readOnly = 0;
        var descriptor = Open(folder, readOnly);
        if (descriptor < 0)
            return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
