namespace Glia.Fuzz;

/// <summary>A folder of a run in which one file is the input.</summary>
internal static class RunFolderInput
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.Exists("/dev/shm") ? Path.Combine("/dev/shm", $"glia-fuzz-run-{Environment.ProcessId}") : Directory.CreateTempSubdirectory("glia-fuzz-").FullName;
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Seeds", "record", "doctor.json"), Path.Combine(folder, "doctor.json"), overwrite: true);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    public static void Read(string name, byte[] bytes, Func<string, object> read)
    {
        var path = Path.Combine(Folder.Value, name);
        File.WriteAllBytes(path, bytes);
        read(Folder.Value);
    }
}
