namespace Glia.Diagnostics;

/// <summary>What a remedy changes.</summary>
public enum Setting
{
    /// <summary>The learning rate, to a value.</summary>
    LearningRate,

    /// <summary>The number of epochs, to a value.</summary>
    Epochs,

    /// <summary>The largest norm of the gradients, to a value.</summary>
    ClipNorm,

    /// <summary>Early stopping, weight decay, dropout, augmentation or fewer parameters: to be less free.</summary>
    Regularization,

    /// <summary>More neurons or layers.</summary>
    Capacity,

    /// <summary>The scale of inputs and targets.</summary>
    Scale,

    /// <summary>The activations of hidden layers.</summary>
    Activation,

    /// <summary>The initial weights.</summary>
    Initializer,

    /// <summary>The output layer and the loss.</summary>
    Head,

    /// <summary>Which parameters are trained.</summary>
    Trainable,

    /// <summary>Weights of classes in the loss.</summary>
    ClassWeights,

    /// <summary>The data themselves, which only their owner can mend.</summary>
    Data,
}
