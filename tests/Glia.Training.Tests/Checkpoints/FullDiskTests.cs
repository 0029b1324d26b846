using System.Diagnostics;
using Glia.Optimizers;
using Xunit.Abstractions;

namespace Glia.Training.Tests.Checkpoints;

/// <summary>A disk that is full, and one that is read-only: small file systems in memory, where mounting them is permitted. AtomicFileTests have their like that always runs.</summary>
public sealed class FullDiskTests(ITestOutputHelper log) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            Run("umount", _folder.Path);
        _folder.Dispose();
    }

    private static Setup Make(params Callback[] callbacks) => new(
        new Trainer(Network.Input(2).Dense(64).ReLU().Dense(3).Build(1), Loss.CrossEntropy, new Adam(0.01)) { Callbacks = [.. callbacks] }, Problems.Clusters(70, 1));

    [Fact]
    public void FullDisk_LosesNothingButTheStepsSince()
    {
        if (!Mount("64k"))
            return;
        // Two checkpoints fit, and little else.
        var whole = Make();
        var expected = whole.Fit();
        var told = new List<IOException>();
        var saver = new ModelCheckpoint(_folder.Path) { EverySteps = 2, Monitor = null, OnFailure = told.Add };
        var setup = Make(saver, new StepAction(s =>
        {
            if (s.Step == 5)
                Fill(_folder["full"]);
        }));
        setup.Fit();
        Assert.NotEmpty(told);
        Assert.All(told, e => Assert.StartsWith($"Cannot write '{_folder.Path}", e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
        var latest = Checkpoint.Latest(_folder.Path)!;
        Assert.Equal((4, 0), (latest.Step, latest.Damaged.Count));

        File.Delete(_folder["full"]);
        var resumed = Make(new ModelCheckpoint(_folder.Path) { EverySteps = 2, Monitor = null });
        Setup.AssertSame(whole, expected, resumed, resumed.Fit(latest));
    }

    [Fact]
    public void ReadOnlyFolder_IsToldBeforeTrainingAndWhileItRuns()
    {
        if (!Mount("1m"))
            return;
        var told = new List<IOException>();
        Make(new ModelCheckpoint(_folder.Path) { EverySteps = 2, OnFailure = told.Add }, new StepAction(s =>
        {
            // The claim on the folder is a file that is open for writing, and so keeps the system from making it read-only.
            if (s.Step == 5)
                Fill(_folder["full"]);
        })).Fit();
        Assert.NotEmpty(told);
        Assert.Equal(0, Run("mount", "-o", "remount,ro", _folder.Path));
        var steps = new StepAction(_ => { });
        var error = Assert.Throws<IOException>(() => Make(steps, new ModelCheckpoint(_folder.Path)).Fit(Checkpoint.Latest(_folder.Path)));
        Assert.StartsWith($"Cannot write checkpoints to '{_folder.Path}': ", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 4L), (steps.Steps, Checkpoint.Latest(_folder.Path)!.Step));
    }

    /// <summary>Makes the folder a file system of its own; where that is not permitted, it says so, and there is nothing to try.</summary>
    private bool Mount(string size)
    {
        var isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", _folder.Path) == 0;
        if (!isMounted)
            log.WriteLine("left out: mounting a small tmpfs is not permitted here (it needs root on Linux)");
        return isMounted;
    }

    /// <summary>Takes all the room that is left.</summary>
    private static void Fill(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            while (true)
                stream.Write(new byte[512]);
        }
        catch (IOException)
        {
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
