namespace Glia.Fuzz;

/// <summary>A folder, such as that of a run, in which one file is the input.</summary>
internal static class RunFolderInput
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.Exists("/dev/shm") ? Path.Combine("/dev/shm", $"glia-fuzz-run-{Environment.ProcessId}") : Directory.CreateTempSubdirectory("glia-fuzz-").FullName;
        Directory.CreateDirectory(folder);
        foreach (var file in new[] { "record/doctor.json", "safetensors/linear__2x3_4to2.safetensors" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Seeds", file), Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
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
