using System.Globalization;

namespace Glia.Runs;

/// <summary>A setting or a result of a run: a number or a text.</summary>
public readonly record struct RunValue
{
    private readonly string? _text;

    /// <summary>A number; NaN and infinity are numbers too.</summary>
    public RunValue(double number) => Number = number;

    /// <summary>A text.</summary>
    public RunValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    /// <summary>The number; null for a text.</summary>
    public double? Number { get; }

    /// <summary>The value as text, numbers so that reading them gives the same number.</summary>
    public string Text => Number is { } number ? number.ToString("R", CultureInfo.InvariantCulture) : _text ?? "";

    /// <summary>A number.</summary>
    public static implicit operator RunValue(double number) => new(number);

    /// <summary>A text.</summary>
    public static implicit operator RunValue(string text) => new(text);

    /// <summary>The same as the conversion of a number.</summary>
    public static RunValue FromDouble(double number) => new(number);

    /// <summary>The same as the conversion of a text.</summary>
    public static RunValue FromString(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
