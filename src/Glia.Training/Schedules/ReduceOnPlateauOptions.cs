namespace Glia.Training;

/// <summary>The settings of <see cref="ReduceOnPlateau"/>.</summary>
public sealed record ReduceOnPlateauOptions
{
    /// <summary>The value to watch: <c>loss</c> (the default) or a metric's name; on the validation samples if there are any.</summary>
    public string Monitor { get; init; } = "loss";

    /// <summary>Whether lower or higher is better; lower by default.</summary>
    public MonitorMode Mode { get; init; } = MonitorMode.Lower;

    /// <summary>What the rate is multiplied by, in [0, 1); 0.1 by default.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>How many epochs without improvement to wait; the rate falls after one more. 10 by default.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>How much better a value must be to count as an improvement; 1e-4 by default.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Whether the threshold is a share of the best value (the default) or a difference.</summary>
    public bool IsThresholdRelative { get; init; } = true;

    /// <summary>How many epochs after a reduction are not counted; 0 by default.</summary>
    public int Cooldown { get; init; }

    /// <summary>The smallest rate; 0 by default.</summary>
    public double MinimumRate { get; init; }

    /// <summary>Smaller changes of the rate are not made; 1e-8 by default.</summary>
    public double Epsilon { get; init; } = 1e-8;
}
