namespace Glia.Training;

/// <summary>What a schedule counts.</summary>
public enum ScheduleUnit
{
    /// <summary>Steps: changes of the parameters.</summary>
    Step,

    /// <summary>Epochs: passes over the samples.</summary>
    Epoch,
}
