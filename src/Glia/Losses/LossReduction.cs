namespace Glia.Losses;

/// <summary>How the losses of the elements become the loss of a batch.</summary>
public enum LossReduction
{
    /// <summary>Their mean; weighted ones are divided by the sum of the weights.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their sum per sample, averaged over the batch.</summary>
    BatchMean,

    /// <summary>None: the losses of the elements themselves, which cannot train a model before they are reduced.</summary>
    None,
}
