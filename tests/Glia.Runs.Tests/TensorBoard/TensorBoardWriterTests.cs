using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Glia.Training;

namespace Glia.Runs.Tests;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Checksum_OfTheReader_IsThatOfTheStandard() => Assert.Equal(0xE3069283u, EventReader.Checksum(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Files_HaveTheNamesThatTensorBoardLooksFor()
    {
        Train(validates: true);
        foreach (var part in (string[])["train", "validation"])
        {
            var file = Assert.Single(Directory.GetFiles(Path.Combine(_temp.Folder, part)));
            Assert.Matches($@"^events\.out\.tfevents\.\d{{10}}\.{System.Text.RegularExpressions.Regex.Escape(Environment.MachineName)}\.\d+\.\d+$", Path.GetFileName(file));
        }
        Train(validates: false);
        Assert.Equal((2, 1), (Directory.GetFiles(Path.Combine(_temp.Folder, "train")).Length, Directory.GetFiles(Path.Combine(_temp.Folder, "validation")).Length));
    }

    [Fact]
    public void Values_AreThoseOfTheTraining()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var (history, store) = Train(validates: true);
        var train = EventReader.Read(FileOf("train"));
        Assert.Equal("brain.Event:2", train[0].Version);
        Assert.All(train, e => Assert.InRange(e.Time, before, before + 100));
        var text = train[1];
        Assert.Equal(("settings", "text", 0L), (text.Tag, text.Plugin, text.Step));
        Assert.Contains("| learningRate | 0.01 |", text.Text, StringComparison.Ordinal);
        Assert.Contains("| größe | ✓ \\| |", text.Text, StringComparison.Ordinal);
        foreach (var (tag, metric) in ((string, string)[])[("batch_loss", RunRecorder.Loss), ("batch_gradient_norm", RunRecorder.GradientNorm)])
            Assert.Equal(store.Steps("last", metric).Select(s => (s.Step, (float)s.Value)), Scalars(train, tag));
        Assert.Equal(12, Scalars(train, "batch_learning_rate").Count());
        foreach (var name in (string[])["loss", "accuracy"])
        {
            Assert.Equal(history.Epochs.Select(e => ((long)e.Epoch, (float)e.Training[name])), Scalars(train, "epoch_" + name));
            Assert.Equal(history.Epochs.Select(e => ((long)e.Epoch, (float)e.Validation![name])), Scalars(EventReader.Read(FileOf("validation")), "epoch_" + name));
        }
    }

    [Fact]
    public void Histograms_CountEveryWeight()
    {
        Train(validates: false);
        var histograms = EventReader.Read(FileOf("train")).Where(e => e.Histogram is not null).ToArray();
        Assert.Equal(3 * 4, histograms.Length);
        Assert.Equal(3 * 22, histograms.Sum(e => e.Histogram!.Value.Moments[2]));
        foreach (var (moments, limits, counts) in histograms.Select(e => e.Histogram!.Value))
        {
            Assert.Equal(moments[2], counts.Sum());
            Assert.Equal(limits, limits.Order());
            Assert.Equal(moments[1], limits[^1]);
        }
    }

    [Fact]
    public void Histogram_OfOneNumberOrNone_IsStillOne()
    {
        var model = Network.Input(2).Dense(1).Build(seed: 1);
        foreach (var parameter in model.Parameters)
            parameter.AsWritableSpan<float>().Fill(parameter.Shape.Rank == 1 ? 3 : float.NaN);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Optimizers.Sgd(0.1)) { Callbacks = [new TensorBoardWriter(_temp.Folder) { HasHistograms = true }] };
        var state = trainer.Start(new Data.TensorDataset(Tensor.Ones((1, 2)), Tensor.Ones((1, 1))), null, 1, 1);
        state.State.CompleteEpoch(new EpochRecord { Epoch = 1, LearningRate = 0.1, TrainingSeconds = 0, Training = new Dictionary<string, double> { ["loss"] = double.NaN } });
        trainer.Callbacks[0].OnEpochEnd(state.State);
        state.End();
        var events = EventReader.Read(FileOf("train"));
        Assert.Equal([3.0], events.Where(e => e.Histogram is not null).Select(e => e.Histogram!.Value.Moments[0]));
        Assert.True(float.IsNaN(events.Single(e => e.Tag == "epoch_loss").Scalar!.Value));
    }

    [Fact]
    public void FolderThatCannotBeMade_IsRefusedBeforeTraining()
    {
        var file = Path.Combine(_temp.Folder, "file");
        File.WriteAllText(file, "x");
        Assert.ThrowsAny<IOException>(() => TempStore.Trainer(new TensorBoardWriter(file)).Fit(TempStore.Clusters(), epochs: 1));
    }

    [Fact]
    public void IndependentReader_FindsTheSame()
    {
        var (history, store) = Train(validates: true);
        foreach (var part in (string[])["train", "validation"])
        {
            if (Python(FileOf(part)) is not { } lines)
                return;
            string[] epochs = [.. lines.Where(l => l.Contains(" epoch_loss ", StringComparison.Ordinal))];
            Assert.Equal(history.Epochs.Select(e => (float)(part == "train" ? e.Training : e.Validation!)["loss"]), epochs.Select(NumberAtEnd));
            if (part == "train")
                Assert.Equal(store.Steps("last", RunRecorder.Loss).Select(s => (float)s.Value), lines.Where(l => l.Contains(" batch_loss ", StringComparison.Ordinal)).Select(NumberAtEnd));
        }
        // It can also say no.
        var bytes = File.ReadAllBytes(FileOf("validation"));
        bytes[^6] ^= 1;
        var damaged = Path.Combine(_temp.Folder, "damaged");
        File.WriteAllBytes(damaged, bytes);
        Assert.Throws<InvalidDataException>(() => Python(damaged));
    }

    private static float NumberAtEnd(string line) => (float)double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);

    private static IEnumerable<(long, float)> Scalars(IEnumerable<EventRecord> events, string tag) => events.Where(e => e.Tag == tag).Select(e => (e.Step, e.Scalar!.Value));

    /// <summary>What the Python program prints; null where there is no Python.</summary>
    private static string[]? Python(string file)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "read_events.py"), file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidDataException(error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private string FileOf(string part) => Directory.GetFiles(Path.Combine(_temp.Folder, part)).Order().First();

    private (History History, RunStore Store) Train(bool validates)
    {
        var store = _temp.Open();
        var writer = new TensorBoardWriter(_temp.Folder) { HasHistograms = true, Settings = new Dictionary<string, RunValue> { ["größe"] = "✓ |" } };
        var history = TempStore.Trainer(writer, new RunRecorder(store)).Fit(TempStore.Clusters(), validates ? TempStore.Clusters(2) : null, epochs: 3, batchSize: 16);
        return (history, store);
    }
}
