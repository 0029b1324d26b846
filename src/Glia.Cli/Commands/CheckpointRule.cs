using System.CommandLine;
using System.Globalization;

namespace Glia.Cli.Commands;

/// <summary>How often training is saved: after steps, after seconds, or never where there is neither.</summary>
internal sealed record CheckpointRule(long? Steps, double? Seconds)
{
    public static CheckpointRule Default { get; } = new(null, 30);

    public bool IsOff => Steps is null && Seconds is null;

    public static Option<CheckpointRule?> Option() => new("--checkpoint-every")
    {
        Description = "How often training is saved, to go on with by --resume: a number of steps such as 500, a time such as 30s or 5m, or off; 30s by default.",
        HelpName = "steps|time|off",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text) is { } rule)
                return rule;
            result.AddError($"--checkpoint-every must be a number of steps such as 500, a time such as 30s or 5m, or off, but is '{text}'.");
            return null;
        },
    };

    private static CheckpointRule? Parse(string text)
    {
        if (string.Equals(text, "off", StringComparison.OrdinalIgnoreCase))
            return new(null, null);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps))
            return steps >= 1 ? new(steps, null) : null;
        var isTime = text is [.., 's' or 'm'] && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        return isTime ? new(null, double.Parse(text[..^1], CultureInfo.InvariantCulture) * (text[^1] == 'm' ? 60 : 1)) : null;
    }
}
