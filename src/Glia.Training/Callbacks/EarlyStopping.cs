namespace Glia.Training;

/// <summary>
/// Stops when a watched value has not improved for some epochs, and gives the model back the parameters of its best epoch, also when training ends
/// otherwise.
/// </summary>
public sealed class EarlyStopping : Callback
{
    private readonly Dictionary<string, Tensor> _best = new(StringComparer.Ordinal);
    private double _bestValue;
    private int _bestEpoch;

    /// <summary>Creates the callback.</summary>
    /// <param name="patience">How many epochs without improvement to wait; 5 by default.</param>
    /// <param name="monitor">The value to watch: <c>loss</c> (the default) or a metric's name; on the validation samples if there are any.</param>
    /// <param name="mode">Whether lower or higher is better; lower by default.</param>
    /// <param name="minimumChange">Smaller improvements do not count; 0 by default.</param>
    /// <param name="restoreBest">Whether the best epoch's parameters are given back; true by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The patience or the smallest change is negative.</exception>
    public EarlyStopping(int patience = 5, string monitor = "loss", MonitorMode mode = MonitorMode.Lower, double minimumChange = 0, bool restoreBest = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(minimumChange);
        ArgumentException.ThrowIfNullOrEmpty(monitor);
        Patience = patience;
        Monitor = monitor;
        Mode = mode;
        MinimumChange = minimumChange;
        RestoreBest = restoreBest;
    }

    /// <summary>How many epochs without improvement to wait.</summary>
    public int Patience { get; }

    /// <summary>The value that is watched.</summary>
    public string Monitor { get; }

    /// <summary>Whether lower or higher is better.</summary>
    public MonitorMode Mode { get; }

    /// <summary>Smaller improvements do not count.</summary>
    public double MinimumChange { get; }

    /// <summary>Whether the best epoch's parameters are given back.</summary>
    public bool RestoreBest { get; }

    /// <inheritdoc/>
    public override void OnTrainingStart(TrainingState state)
    {
        _best.Clear();
        _bestEpoch = 0;
        _bestValue = Mode == MonitorMode.Lower ? double.PositiveInfinity : double.NegativeInfinity;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var record = state.History.Epochs[^1];
        var value = record.Monitored(Monitor, nameof(EarlyStopping));
        if (Mode == MonitorMode.Lower ? value < _bestValue - MinimumChange : value > _bestValue + MinimumChange)
        {
            _bestValue = value;
            _bestEpoch = record.Epoch;
            Remember(state);
        }
        else if (record.Epoch - _bestEpoch >= Patience)
        {
            state.Stop(StopReason.EarlyStopping);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!RestoreBest || _best.Count == 0)
            return;
        state.Model.LoadStateDict(_best);
        state.History.RestoredEpoch = _bestEpoch;
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("monitor", $"{Monitor} {Mode}");
        writer.Write("bestValue", _bestValue);
        writer.Write("bestEpoch", _bestEpoch);
        writer.Write("best", _best);
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.Require("monitor", $"{Monitor} {Mode}");
        (_bestValue, _bestEpoch) = (reader.ReadNumber("bestValue"), (int)reader.ReadInteger("bestEpoch"));
        _best.Clear();
        foreach (var (name, tensor) in reader.ReadTensors("best"))
            _best[name] = tensor.Clone();
    }

    private void Remember(TrainingState state)
    {
        if (!RestoreBest)
            return;
        foreach (var (key, tensor) in state.Model.StateDict())
        {
            if (_best.TryGetValue(key, out var copy))
                copy.CopyFrom(tensor);
            else
                _best[key] = tensor.Clone();
        }
    }
}
