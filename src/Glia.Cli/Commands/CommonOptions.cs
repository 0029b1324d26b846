using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Glia.Cli.Commands;

/// <summary>Options that several commands share, and kinds of options.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of text." };

    public static Option<bool> Quiet(string result) => new("--quiet", "-q") { Description = $"Print the result only: {result}." };

    public static Argument<string> Model() => new("model") { Description = "A run folder made by 'glia train', or the model file in it." };

    /// <summary>The step size, or the word that leaves it to the tuner.</summary>
    public static Option<LearningRateChoice?> LearningRate()
    {
        const string Auto = "auto";
        var number = Number("--learning-rate", "-l", "", "rate", 0.0, isAbove: true);
        return new Option<LearningRateChoice?>("--learning-rate", "-l")
        {
            Description = "The step size; auto searches one first, as 'glia tune rate' does.",
            HelpName = "rate|auto",
            CustomParser = result =>
            {
                if (string.Equals(result.Tokens[0].Value, Auto, StringComparison.OrdinalIgnoreCase))
                    return new LearningRateChoice(null);
                return number.CustomParser!(result) is { } rate ? new LearningRateChoice(rate) : null;
            },
        };
    }

    /// <summary>A number of at least <paramref name="least"/>, or above it, and below <paramref name="below"/>; null where the user gives none.</summary>
    public static Option<T?> Number<T>(string name, string? alias, string description, string helpName, T least, bool isAbove = false, T? below = null)
        where T : struct, INumber<T>
    {
        var option = alias is null ? new Option<T?>(name) : new Option<T?>(name, alias);
        option.Description = description;
        option.HelpName = helpName;
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var isNumber = T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value);
            if (isNumber && (value > least || (value == least && !isAbove)) && !(value >= below))
                return value;
            var kind = T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number";
            result.AddError($"{name} must be {kind} {(isAbove ? "above" : "of at least")} {least}{(below is null ? "" : $" and below {below}")} but is '{text}'.");
            return null;
        };
        return option;
    }

    /// <summary>One of an enum's names, case ignored; null where the user gives none.</summary>
    public static Option<T?> Choice<T>(string name, string description, Func<T, string>? nameOf = null)
        where T : struct, Enum
    {
        string[] choices = [.. Enum.GetValues<T>().Select(c => nameOf is null ? c.ToString().ToLowerInvariant() : nameOf(c))];
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = result =>
            {
                var index = Array.IndexOf(choices, result.Tokens[0].Value.ToLowerInvariant());
                if (index >= 0)
                    return Enum.GetValues<T>()[index];
                result.AddError($"{name} must be {string.Join(" or ", choices)} but is '{result.Tokens[0].Value}'.");
                return null;
            },
        };
    }
}

/// <summary>What the user says of the learning rate.</summary>
/// <param name="Value">The rate; null when it is to be searched.</param>
internal sealed record LearningRateChoice(double? Value);
