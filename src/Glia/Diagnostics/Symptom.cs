namespace Glia.Diagnostics;

/// <summary>What can be wrong with data, a model or a training run. The names are those of the rules in <c>docs/doctor.md</c>.</summary>
public enum Symptom
{
    /// <summary>NaN or infinity among inputs or targets.</summary>
    NonFiniteData,

    /// <summary>Values are missing in the table.</summary>
    MissingValues,

    /// <summary>Inputs of very different or very large scale.</summary>
    UnscaledInputs,

    /// <summary>Targets of a regression far from unit scale.</summary>
    UnscaledTargets,

    /// <summary>Every target is the same.</summary>
    ConstantTarget,

    /// <summary>Features that never change.</summary>
    ConstantFeatures,

    /// <summary>One class is much rarer than another.</summary>
    ClassImbalance,

    /// <summary>Many samples occur more than once.</summary>
    DuplicateSamples,

    /// <summary>Samples to validate on are among those to learn from.</summary>
    SplitOverlap,

    /// <summary>The same inputs with different labels.</summary>
    ConflictingLabels,

    /// <summary>One feature alone gives the answer away.</summary>
    Leakage,

    /// <summary>Labels that have nothing to do with the inputs, as when they were shuffled.</summary>
    UnrelatedLabels,

    /// <summary>Labels that the model has no output for.</summary>
    LabelOutOfRange,

    /// <summary>The activation of the output does not suit the loss, as in softmax twice.</summary>
    WrongHead,

    /// <summary>The loss does not suit the targets, as in mean squared error on class scores.</summary>
    WrongLoss,

    /// <summary>Layers one after the other without an activation between them.</summary>
    MissingActivation,

    /// <summary>Weights that are all the same, so that neurons cannot come to differ.</summary>
    EqualWeights,

    /// <summary>Initial weights that make the signal grow or fade from layer to layer.</summary>
    PoorInitialWeights,

    /// <summary>The loss at the start is far from that of a model that knows nothing.</summary>
    WrongInitialLoss,

    /// <summary>Weights that do not change.</summary>
    FrozenWeights,

    /// <summary>The model cannot even learn one batch by heart.</summary>
    CannotOverfitBatch,

    /// <summary>NaN or infinity in training.</summary>
    NonFinite,

    /// <summary>The loss grows without bound.</summary>
    Diverging,

    /// <summary>The loss jumps up and down instead of falling.</summary>
    Oscillating,

    /// <summary>The loss falls, but far too slowly.</summary>
    SlowLearning,

    /// <summary>The loss does not move.</summary>
    ConstantLoss,

    /// <summary>Gradients fade on their way to the first layers.</summary>
    VanishingGradients,

    /// <summary>Gradients grow beyond measure.</summary>
    ExplodingGradients,

    /// <summary>Rectifiers that give zero for every sample.</summary>
    DeadUnits,

    /// <summary>Sigmoid or tanh units at the flat ends of their range.</summary>
    Saturation,

    /// <summary>The model's output does not depend on its input.</summary>
    InputIgnored,

    /// <summary>Training ended while the loss was still falling.</summary>
    NotConverged,

    /// <summary>The model learns its samples by heart and gets worse on others.</summary>
    Overfitting,

    /// <summary>The model is hardly better than a constant.</summary>
    Underfitting,

    /// <summary>Validation is better than training by far.</summary>
    SuspiciousValidation,
}
