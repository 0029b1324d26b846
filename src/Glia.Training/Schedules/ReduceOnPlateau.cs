namespace Glia.Training;

/// <summary>Lowers the learning rate when a watched value has stopped improving.</summary>
public sealed class ReduceOnPlateau : Callback
{
    private readonly ReduceOnPlateauOptions _options;
    private PlateauState _state;
    private bool _isRestored;

    /// <summary>Creates the callback.</summary>
    /// <param name="options">The settings; those of <see cref="ReduceOnPlateauOptions"/> by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ReduceOnPlateau(ReduceOnPlateauOptions? options = null)
    {
        _options = options ?? new();
        if (!(_options.Factor >= 0 && _options.Factor < 1))
            throw new ArgumentException(FormattableString.Invariant($"ReduceOnPlateau expects a factor in [0, 1) but got {_options.Factor}."), nameof(options));
        if (_options.Patience < 0 || _options.Cooldown < 0 || !(_options.Threshold >= 0) || !(_options.MinimumRate >= 0) || !(_options.Epsilon >= 0))
            throw new ArgumentException($"ReduceOnPlateau expects settings that are not negative but got {_options}.", nameof(options));
        _state = Start;
    }

    /// <summary>What is remembered. Set before training it is where training goes on; else training starts anew.</summary>
    public PlateauState State
    {
        get => _state;
        set => (_state, _isRestored) = (value, true);
    }

    private PlateauState Start => new(_options.Mode == MonitorMode.Lower ? double.PositiveInfinity : double.NegativeInfinity, 0, 0);

    /// <summary>Takes in a value, and gives the rate to go on with.</summary>
    /// <param name="value">The watched value.</param>
    /// <param name="rate">The rate so far.</param>
    public double Report(double value, double rate)
    {
        var (best, bad, cooldown) = _state;
        if (IsBetter(value, best))
            (best, bad) = (value, 0);
        else
            bad++;
        if (cooldown > 0)
            (cooldown, bad) = (cooldown - 1, 0);
        if (bad > _options.Patience)
        {
            var reduced = Math.Max(rate * _options.Factor, _options.MinimumRate);
            if (rate - reduced > _options.Epsilon)
                rate = reduced;
            (cooldown, bad) = (_options.Cooldown, 0);
        }
        _state = new(best, bad, cooldown);
        return rate;
    }

    /// <inheritdoc/>
    public override void OnTrainingStart(TrainingState state)
    {
        if (!_isRestored)
            _state = Start;
        _isRestored = false;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Optimizer.LearningRate = Report(state.History.Epochs[^1].Monitored(_options.Monitor, nameof(ReduceOnPlateau)), state.Optimizer.LearningRate);
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("monitor", $"{_options.Monitor} {_options.Mode}");
        writer.Write("best", _state.Best);
        writer.Write("badReports", _state.BadReports);
        writer.Write("cooldownLeft", _state.CooldownLeft);
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.Require("monitor", $"{_options.Monitor} {_options.Mode}");
        _state = new(reader.ReadNumber("best"), (int)reader.ReadInteger("badReports"), (int)reader.ReadInteger("cooldownLeft"));
    }

    private bool IsBetter(double value, double best)
    {
        var sign = _options.Mode == MonitorMode.Lower ? -1 : 1;
        var limit = _options.IsThresholdRelative ? best * (1 + (sign * _options.Threshold)) : best + (sign * _options.Threshold);
        return _options.Mode == MonitorMode.Lower ? value < limit : value > limit;
    }
}
