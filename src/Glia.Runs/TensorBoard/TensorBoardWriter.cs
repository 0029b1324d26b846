using System.Diagnostics;
using System.Globalization;
using System.Text;
using Glia.Training;
using Glia.Training.Diagnostics;

namespace Glia.Runs;

/// <summary>
/// Writes a training as event files that TensorBoard shows. In <c>train/</c>: <c>batch_loss</c>, <c>batch_learning_rate</c> and (where it is known) <c>batch_gradient_norm</c> by step,
/// <c>epoch_loss</c>, <c>epoch_learning_rate</c> and the metrics by epoch, and the settings as text; in <c>validation/</c>: the loss and the metrics under the same names, so that
/// both curves fall into one chart. Numbers are single precision there.
/// <code>
/// new Trainer(model, Loss.CrossEntropy, new Adam()) { Callbacks = [new TensorBoardWriter("logs/first")] }.Fit(train, validation);
/// </code>
/// A disk that is full does not stop the training: see <see cref="Warn"/>.
/// </summary>
/// <param name="folder">Where to write; made where it is missing. Each training should have its own.</param>
public sealed class TensorBoardWriter(string folder) : Callback, IDisposable
{
    private const int Buckets = 30;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private EventFile? _train;
    private EventFile? _validation;
    private long _lastFlush;
    private double _rate;

    /// <summary>Where the files are.</summary>
    public string Folder { get; } = folder ?? throw new ArgumentNullException(nameof(folder));

    /// <summary>Whether to add a histogram of every parameter after every epoch; false by default.</summary>
    public bool HasHistograms { get; init; }

    /// <summary>Settings beyond those that the trainer knows, for the text.</summary>
    public IReadOnlyDictionary<string, RunValue> Settings { get; init; } = new Dictionary<string, RunValue>();

    /// <summary>Told once, in a sentence, when nothing more can be written. By default a warning of <see cref="Trace"/>.</summary>
    public Action<string> Warn { get; init; } = message => Trace.TraceWarning(message);

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public override void OnTrainingStart(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _train = new EventFile(Path.Combine(Folder, "train"));
        _train.Text("settings", 0, Table(RunRecorder.SettingsOf(state).Concat(Settings)));
        _validation = state.ValidationData is { Count: > 0 } ? new EventFile(Path.Combine(Folder, "validation")) : null;
        _lastFlush = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public override void OnGradients(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // At the end of the step a scheduler may have set that of the next.
        _rate = state.Optimizer.LearningRate;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Write(() =>
        {
            _train!.Scalar("batch_loss", state.Step, state.Loss);
            _train.Scalar("batch_learning_rate", state.Step, _rate);
            if (!double.IsNaN(state.GradientNorm))
                _train.Scalar("batch_gradient_norm", state.Step, state.GradientNorm);
            if (Stopwatch.GetElapsedTime(_lastFlush) < FlushInterval)
                return;
            _train.Flush();
            _lastFlush = Stopwatch.GetTimestamp();
        });
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var record = state.History.Epochs[^1];
        Write(() =>
        {
            foreach (var (name, value) in record.Training)
                _train!.Scalar("epoch_" + name, record.Epoch, value);
            _train!.Scalar("epoch_learning_rate", record.Epoch, record.LearningRate);
            if (HasHistograms)
            {
                foreach (var (name, tensor) in state.Model.StateDict())
                    AddHistogram(_train, name, record.Epoch, tensor);
            }
            foreach (var (name, value) in record.Validation ?? new Dictionary<string, double>())
                _validation?.Scalar("epoch_" + name, record.Epoch, value);
            _train.Flush();
            _validation?.Flush();
        });
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingState state) => Dispose();

    /// <summary>Closes the files; the end of a training does that, too.</summary>
    public void Dispose()
    {
        Write(() =>
        {
            _train!.Dispose();
            _validation?.Dispose();
        });
        (_train, _validation) = (null, null);
    }

    private static void AddHistogram(EventFile file, string name, int epoch, Tensor tensor)
    {
        if (tensor.DType != DType.Float32)
            return;
        var values = tensor.AsSpan<float>();
        var histogram = Histogram.Of(values, Buckets);
        if (histogram.Total == 0)
            return;
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                continue;
            sum += value;
            squares += (double)value * value;
        }
        Span<double> limits = stackalloc double[Buckets];
        Span<double> counts = stackalloc double[Buckets];
        var width = Math.Max((histogram.High - histogram.Low) / Buckets, double.Epsilon);
        for (var i = 0; i < Buckets; i++)
        {
            limits[i] = i == Buckets - 1 ? histogram.High : histogram.Low + ((i + 1) * width);
            counts[i] = histogram.Counts[i];
        }
        file.Histogram(name, epoch, (histogram.Low, histogram.High, sum, squares), limits, counts);
    }

    private static string Table(IEnumerable<KeyValuePair<string, RunValue>> settings)
    {
        var text = new StringBuilder("| setting | value |\n| --- | --- |\n");
        foreach (var (name, value) in settings)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value.Text.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return text.ToString();
    }

    private void Write(Action write)
    {
        if (_train is null)
            return;
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warn($"The TensorBoard files in '{Folder}' are not being written any more; training goes on. {e.Message}");
            Abandon(_train);
            Abandon(_validation);
            (_train, _validation) = (null, null);
        }
    }

    /// <summary>Closes a file whose last bytes cannot be written.</summary>
    private static void Abandon(EventFile? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // This is why it is given up.
        }
    }
}
