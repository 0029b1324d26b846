using System.Globalization;

namespace Glia.Results;

/// <summary>A training at one rate, and what it reached on data it did not learn from.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Seed">The seed of split, weights and order.</param>
/// <param name="Steps">The limit of steps; null for none.</param>
/// <param name="IsChosen">Whether the tuner chose the rate; else it is of the grid.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="IsAccuracy">Whether accuracy is measured, else RMSE in units of the target's standard deviation.</param>
/// <param name="Validation">The measure on the validation part, which also chose the epoch; NaN where training diverged.</param>
/// <param name="Test">The measure on the test part.</param>
internal sealed record RateRun(
    string Data, ulong Seed, int? Steps, bool IsChosen, double Rate, bool IsAccuracy, double Validation, double Test)
{
    public static RateRun Parse(string line)
    {
        var parts = line.Split(';');
        double Number(int i) => double.Parse(parts[i], CultureInfo.InvariantCulture);
        return new(parts[0], (ulong)Number(1), parts[2].Length == 0 ? null : (int)Number(2), bool.Parse(parts[3]), Number(4), bool.Parse(parts[5]), Number(6), Number(7));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Data};{Seed};{Steps};{IsChosen};{Rate:R};{IsAccuracy};{Validation:R};{Test:R}");
}
