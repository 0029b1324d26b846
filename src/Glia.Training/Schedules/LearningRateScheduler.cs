namespace Glia.Training;

/// <summary>
/// Sets the optimiser's learning rate by a schedule: <c>Callbacks = [new LearningRateScheduler(new CosineSchedule(0.1, 2000))]</c>. Step t, counted from 0,
/// uses <see cref="Schedule.Rate"/>(t).
/// </summary>
/// <param name="schedule">The rates.</param>
/// <param name="unit">Whether the schedule counts steps (the default) or epochs.</param>
public sealed class LearningRateScheduler(Schedule schedule, ScheduleUnit unit = ScheduleUnit.Step) : Callback
{
    private readonly Schedule _schedule = schedule ?? throw new ArgumentNullException(nameof(schedule));

    /// <inheritdoc/>
    public override void OnEpochStart(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Optimizer.LearningRate = _schedule.Rate(unit == ScheduleUnit.Step ? state.Step : state.Epoch);
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (unit == ScheduleUnit.Step)
            state.Optimizer.LearningRate = _schedule.Rate(state.Step);
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("unit", unit.ToString());
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.Require("unit", unit.ToString());
    }
}
