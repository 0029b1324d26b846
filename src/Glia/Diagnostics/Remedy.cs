namespace Glia.Diagnostics;

/// <summary>What to do about a finding.</summary>
/// <param name="Setting">What is changed.</param>
/// <param name="Advice">What to do, in a sentence.</param>
/// <param name="Code">The line of C# that does it.</param>
public sealed record Remedy(Setting Setting, string Advice, string Code)
{
    /// <summary>The new value of the setting, where it is a number: of <see cref="Setting.LearningRate"/>, <see cref="Setting.Epochs"/>, <see cref="Setting.ClipNorm"/>.</summary>
    public double? Value { get; init; }

    /// <summary>The option of <c>glia train</c> that does it, such as <c>--learning-rate 0.001</c>; null where no option does.</summary>
    public string? Option { get; init; }
}
