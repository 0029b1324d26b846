using System.Diagnostics;
using Glia.Interchange;

namespace Glia.Training;

/// <summary>
/// Saves training to a folder while it runs, so that it can go on to the same bits after a crash, a loss of power or Ctrl-C:
/// <code>
/// var trainer = new Trainer(model, Loss.CrossEntropy, new Adam(1e-3)) { Callbacks = [new ModelCheckpoint("checkpoints") { EverySeconds = 60 }] };
/// trainer.Fit(train, validation, epochs: 20, resume: Checkpoint.Latest("checkpoints"));
/// </code>
/// Each checkpoint is a file of its own, <c>step-000000123.safetensors</c>, that holds everything: weights, optimiser, schedule, position in the epoch, measurements, callbacks. It is
/// written under a temporary name, flushed, renamed, its folder flushed, and only then are older ones removed; a checksum finds any damage. <c>best.safetensors</c> is where the watched
/// value was best. The last checkpoint is written where training ends or is cancelled.
/// </summary>
public sealed class ModelCheckpoint : Callback
{
    /// <summary>A checkpoint by time waits until the one before has cost no more than this share of the time since.</summary>
    private const double LargestShare = 0.02;

    private const double DefaultSeconds = 60;

    private readonly Stopwatch _sinceLast = new();
    private CheckpointWriter? _best;
    private double _bestValue;
    private int _bestEpoch;
    private long _lastStep;
    private double _lastCost;
    private bool _isPostponed;
    private Action? _release;

    /// <summary>Creates the callback.</summary>
    /// <param name="folder">Where the checkpoints go; created when training starts.</param>
    public ModelCheckpoint(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>Where the checkpoints go.</summary>
    public string Folder { get; }

    /// <summary>After how many steps the next one is made; null (the default) for no rule of this kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public long? EverySteps
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A checkpoint can be made every 1 or more steps.");
    }

    /// <summary>After how many epochs the next one is made; null (the default) for no rule of this kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int? EveryEpochs
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A checkpoint can be made every 1 or more epochs.");
    }

    /// <summary>
    /// After how many seconds the next one is made, later where that would cost more than a fiftieth of the time. 60 where none of the three rules is given; null (the default) for no
    /// rule of this kind beside the others.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or not a number.</exception>
    public double? EverySeconds
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A checkpoint can be made every 0 or more seconds.");
    }

    /// <summary>How many of the last checkpoints are kept; 2 by default, so that there is one before a damaged one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int Keep
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1 checkpoint must be kept.");
    } = 2;

    /// <summary>The value by which the best epoch is told: <c>loss</c> (the default) or a metric's name, on the validation samples if there are any; null to keep no best one.</summary>
    public string? Monitor { get; init; } = "loss";

    /// <summary>Whether lower or higher is better; lower by default.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>
    /// Told when a checkpoint cannot be written, such as on a full disk: training goes on, the checkpoint before stays, and the next one is tried when it is due. Null (the default) to
    /// end training by the exception.
    /// </summary>
    public Action<IOException>? OnFailure { get; init; }

    /// <summary>The path of the best checkpoint.</summary>
    public string BestPath => Path.Combine(Folder, Checkpoint.BestName);

    /// <summary>How many checkpoints were written.</summary>
    public int Count { get; private set; }

    /// <summary>Seconds spent on them.</summary>
    public double Seconds { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be written, another training writes to it, or it holds the checkpoints of another one.</exception>
    public override void OnTrainingStart(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        AtomicFile.CreateFolder(Folder);
        Claim();
        try
        {
            if (state.Step == 0 && Checkpoint.FilesIn(Folder) is [var (step, path), ..])
            {
                throw new IOException(
                    $"The folder '{Folder}' holds checkpoints already, the last of step {step} ('{Path.GetFileName(path)}'). Go on from it with resume: Checkpoint.Latest(…), or choose another folder.");
            }
            AtomicFile.DeleteLeftovers(Folder);
            // The hash of the data is taken before a thread may read ahead.
            _ = state.Settings;
        }
        catch
        {
            Release();
            throw;
        }
        (_best, _bestEpoch, _bestValue) = (null, 0, Mode == MonitorMode.Lower ? double.PositiveInfinity : double.NegativeInfinity);
        (_lastStep, _lastCost) = (state.Step, 0);
        _sinceLast.Restart();
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // An unknown name is told as early as by other callbacks.
        if (Monitor is not null)
            _ = state.History.Epochs[^1].Monitored(Monitor, nameof(ModelCheckpoint));
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingState state)
    {
        try
        {
            Try(WriteBest);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("monitor", MonitorText);
        writer.Write("bestValue", _bestValue);
        writer.Write("bestEpoch", _bestEpoch);
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadText("monitor") == MonitorText)
            (_bestValue, _bestEpoch) = (reader.ReadNumber("bestValue"), (int)reader.ReadInteger("bestEpoch"));
    }

    internal override void OnSafePoint(TrainingState state, bool isLast)
    {
        var isEpochEnd = state.StepInEpoch == 0 && state.Epoch > 0;
        if (isEpochEnd)
            RememberBest(state);
        if (state.Step > _lastStep || isEpochEnd)
        {
            if (isLast || IsDue(state, isEpochEnd))
                Try(() => Write(state));
        }
    }

    private string MonitorText => $"{Monitor} {Mode}";

    private bool IsDue(TrainingState state, bool isEpochEnd)
    {
        if (_isPostponed && isEpochEnd)
            return true;
        if (state.Step > _lastStep && EverySteps is { } steps && state.Step % steps == 0)
            return true;
        if (isEpochEnd && EveryEpochs is { } epochs && state.Epoch % epochs == 0)
            return true;
        var seconds = EverySeconds ?? (EverySteps is null && EveryEpochs is null ? DefaultSeconds : double.PositiveInfinity);
        return _sinceLast.Elapsed.TotalSeconds >= Math.Max(seconds, _lastCost / LargestShare);
    }

    private void RememberBest(TrainingState state)
    {
        if (Monitor is null || state.Epoch == _bestEpoch)
            return;
        var value = state.History.Epochs[^1].Monitored(Monitor, nameof(ModelCheckpoint));
        if (Mode == MonitorMode.Lower ? value >= _bestValue : value <= _bestValue)
            return;
        if (double.IsNaN(value))
            return;
        (_bestValue, _bestEpoch) = (value, state.Epoch);
        _best = TrainingImage.Capture(state, copies: true);
    }

    private void Write(TrainingState state)
    {
        var clock = Stopwatch.StartNew();
        var image = TrainingImage.Capture(state, copies: false);
        // A metric that cannot be saved has nothing to save at the end of the epoch.
        _isPostponed = image is null;
        if (image is null)
            return;
        // First, so that no later checkpoint knows of a best one that is not on the disk.
        WriteBest();
        var path = Path.Combine(Folder, Checkpoint.NameOf(state.Step));
        image.Save(path);
        Prune(state.Step);
        (_lastStep, _lastCost) = (state.Step, clock.Elapsed.TotalSeconds);
        Count++;
        Seconds += _lastCost;
        _sinceLast.Restart();
    }

    private void WriteBest()
    {
        _best?.Save(BestPath);
        _best = null;
    }

    /// <summary>Removes what is older than the last few, and what is left of a future that this training was taken back from.</summary>
    private void Prune(long step)
    {
        foreach (var (_, path) in Checkpoint.FilesIn(Folder).Where(file => file.Step > step))
            File.Delete(path);
        foreach (var (_, path) in Checkpoint.FilesIn(Folder).Skip(Keep))
            File.Delete(path);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (OnFailure is not null && e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { Source: "System.Private.CoreLib" })
        {
            // Not at every step from here on.
            _sinceLast.Restart();
            OnFailure(e as IOException ?? new IOException(e.Message, e));
        }
    }

    /// <summary>Two trainings that write to one folder would remove each other's checkpoints. The system gives the claim back however the process ends.</summary>
    private void Claim()
    {
        try
        {
            var claim = new FileStream(Path.Combine(Folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            _release = claim.Dispose;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"Cannot write checkpoints to '{Folder}': that is not permitted. Choose another folder or change its permissions.", e);
        }
        catch (IOException e)
        {
            throw new IOException($"Cannot write checkpoints to '{Folder}': {e.Message} Another training may be writing there.", e);
        }
    }

    private void Release()
    {
        _release?.Invoke();
        _release = null;
    }
}
