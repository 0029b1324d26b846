namespace Glia.Data;

/// <summary>
/// Forecasts made at every moment of a part of a series from what was known then, and how far they were from what came; beside persistence, the forecast that
/// everything stays as it is, and where the series has a season, that everything is as it was a season ago.
/// </summary>
public sealed class Backtest
{
    private Backtest(int forecasts, double[] model, double[] persistence, double[]? seasonal)
    {
        (Forecasts, RmseByStep, PersistenceByStep, SeasonalByStep) = (forecasts, model, persistence, seasonal);
    }

    /// <summary>How many forecasts were made.</summary>
    public int Forecasts { get; }

    /// <summary>The root mean squared error at h = 1, 2, … steps ahead.</summary>
    public IReadOnlyList<double> RmseByStep { get; }

    /// <summary>The same of persistence.</summary>
    public IReadOnlyList<double> PersistenceByStep { get; }

    /// <summary>The same of the value a season ago; null without a season.</summary>
    public IReadOnlyList<double>? SeasonalByStep { get; }

    /// <summary>The root mean squared error over all steps ahead.</summary>
    public double Rmse => Overall(RmseByStep);

    /// <summary>The same of persistence.</summary>
    public double PersistenceRmse => Overall(PersistenceByStep);

    /// <summary>The same of the value a season ago; null without a season.</summary>
    public double? SeasonalRmse => SeasonalByStep is null ? null : Overall(SeasonalByStep);

    /// <summary>1 − RMSE / RMSE of persistence: 0 is as good as persistence, 1 is perfect, below 0 is worse than persistence.</summary>
    public double Skill => 1 - (Rmse / PersistenceRmse);

    /// <summary>Runs a backtest.</summary>
    /// <param name="values">The whole series, in the order of time.</param>
    /// <param name="firstOrigin">The index of the last known value at the first forecast.</param>
    /// <param name="count">How many forecasts, at consecutive moments.</param>
    /// <param name="horizon">How many steps ahead.</param>
    /// <param name="forecast">The forecast, in the series' units, for the index of the last known value.</param>
    /// <param name="season">The length of the season in steps; 0 (the default) for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The forecasts reach beyond the series, or a size is not positive.</exception>
    public static Backtest Run(ReadOnlySpan<double> values, int firstOrigin, int count, int horizon, Func<int, IReadOnlyList<double>> forecast, int season = 0)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        ArgumentOutOfRangeException.ThrowIfNegative(season);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstOrigin, Math.Max(0, season - 1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)firstOrigin + count + horizon, values.Length, nameof(count));
        var (model, persistence, seasonal) = (new double[horizon], new double[horizon], new double[horizon]);
        for (var origin = firstOrigin; origin < firstOrigin + count; origin++)
        {
            var predicted = forecast(origin);
            for (var h = 1; h <= horizon; h++)
            {
                var truth = values[origin + h];
                model[h - 1] += Squared(predicted[h - 1] - truth);
                persistence[h - 1] += Squared(values[origin] - truth);
                if (season > 0)
                    seasonal[h - 1] += Squared(values[origin + h - (season * (((h - 1) / season) + 1))] - truth);
            }
        }
        foreach (var sums in (double[][])[model, persistence, seasonal])
        {
            for (var h = 0; h < horizon; h++)
                sums[h] = Math.Sqrt(sums[h] / count);
        }
        return new Backtest(count, model, persistence, season > 0 ? seasonal : null);
    }

    private static double Squared(double x) => x * x;

    private static double Overall(IReadOnlyList<double> byStep) => Math.Sqrt(byStep.Average(e => e * e));
}
