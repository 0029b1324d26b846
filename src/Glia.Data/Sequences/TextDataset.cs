namespace Glia.Data;

/// <summary>
/// Windows of a text for a language model: T characters, and for each the one that follows it. Windows do not overlap unless a smaller stride is asked
/// for, and cover the text from its beginning.
/// </summary>
public sealed class TextDataset : Dataset
{
    private readonly ReadOnlyMemory<ushort> _codes;
    private readonly int _steps;
    private readonly int _stride;

    /// <summary>Makes windows over a text, which is not copied.</summary>
    /// <param name="codes">The characters' numbers, from <see cref="Vocabulary.Encode"/>.</param>
    /// <param name="steps">T, characters per window.</param>
    /// <param name="stride">Characters from one window to the next; T by default.</param>
    /// <exception cref="ArgumentException">The text is shorter than one window and the character after it.</exception>
    public TextDataset(ReadOnlyMemory<ushort> codes, int steps, int? stride = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        _stride = stride ?? steps;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_stride, nameof(stride));
        if (codes.Length <= steps)
            throw new ArgumentException($"A window of {steps} characters and the one after it need {steps + 1}, but the text has {codes.Length}. Use fewer steps or a longer text.");
        (_codes, _steps) = (codes, steps);
        Count = ((codes.Length - 1 - steps) / _stride) + 1;
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>(T,).</summary>
    public override Shape InputShape => _steps;

    /// <summary>(T,).</summary>
    public override Shape TargetShape => _steps;

    /// <summary>Int64: numbers of characters.</summary>
    public override DType InputDType => DType.Int64;

    /// <summary>Int64: numbers of characters.</summary>
    public override DType TargetDType => DType.Int64;

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        var from = input.AsWritableSpan<long>();
        var to = target.AsWritableSpan<long>();
        for (var i = 0; i < samples.Length; i++)
        {
            var window = _codes.Span.Slice(samples[i] * _stride, _steps + 1);
            for (var t = 0; t < _steps; t++)
            {
                from[(i * _steps) + t] = window[t];
                to[(i * _steps) + t] = window[t + 1];
            }
        }
    }
}
