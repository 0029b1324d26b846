namespace Glia.Training;

/// <summary>What a short training says about a learning rate.</summary>
public enum LearningRateVerdict
{
    /// <summary>The loss became NaN or infinite, rose, or swung up again after it had fallen: the rate is too large.</summary>
    Diverges,

    /// <summary>The loss fell by less than a tenth, or no further than at a larger rate: the rate is too small.</summary>
    TooSlow,

    /// <summary>The loss fell, but less far than at a smaller rate.</summary>
    TooFast,

    /// <summary>The loss fell consistently, and further than at any other rate that was tried, or as far as at a smaller one.</summary>
    Good,
}
