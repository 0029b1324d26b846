namespace Glia.Training;

/// <summary>How the scores of the classes become one.</summary>
public enum Averaging
{
    /// <summary>Their mean, every class counting the same; classes that neither occur nor are predicted are left out.</summary>
    Macro,

    /// <summary>The score of all decisions counted together, which for one class per sample is the accuracy.</summary>
    Micro,

    /// <summary>Their mean, each class counting by its samples.</summary>
    Weighted,

    /// <summary>The score of class 1 of two.</summary>
    Binary,
}
