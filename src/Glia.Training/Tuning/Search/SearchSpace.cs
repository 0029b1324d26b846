using System.Globalization;

namespace Glia.Training.Tuning;

/// <summary>
/// What a search varies. Each parameter is a typed handle, by which a trial gives its value:
/// <code>
/// var space = new SearchSpace();
/// var rate = space.LogUniform("learning rate", 1e-4, 1e-1);
/// var units = space.Integer("units", 8, 64);
/// // … in a trial: trial.Get(rate) is a double, trial.Get(units) an int.
/// </code>
/// </summary>
public sealed class SearchSpace
{
    private const int DefaultGridPoints = 5;

    private readonly List<SearchParameter> _parameters = [];

    /// <summary>The parameters in the order in which they were added.</summary>
    public IReadOnlyList<SearchParameter> Parameters => _parameters;

    /// <summary>A real number, drawn evenly.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="gridPoints">How many values a grid takes, the ends among them; 5 by default.</param>
    /// <param name="digits">Significant digits to which values are rounded, 1 to 15; null (the default) for none.</param>
    /// <exception cref="ArgumentException">The name is taken, or the bounds or the other numbers make no sense.</exception>
    public SearchParameter<double> Uniform(string name, double low, double high, int gridPoints = DefaultGridPoints, int? digits = null)
    {
        RequireBounds(name, low, high, gridPoints, isLog: false);
        return Add(Number(name, "uniform", low, high, gridPoints, digits, u => low + (u * (high - low))));
    }

    /// <summary>A positive real number, drawn evenly by its logarithm: as often from 0.001 to 0.01 as from 0.01 to 0.1.</summary>
    /// <inheritdoc cref="Uniform"/>
    public SearchParameter<double> LogUniform(string name, double low, double high, int gridPoints = DefaultGridPoints, int? digits = null)
    {
        RequireBounds(name, low, high, gridPoints, isLog: true);
        var (first, last) = (Math.Log(low), Math.Log(high));
        return Add(Number(name, "log-uniform", low, high, gridPoints, digits, u => Math.Exp(first + (u * (last - first))), isLog: true));
    }

    /// <summary>A whole number, each as likely as any other.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="gridPoints">How many values a grid takes at most, the ends among them; 5 by default.</param>
    /// <exception cref="ArgumentException">The name is taken, or the bounds or the number of grid points make no sense.</exception>
    public SearchParameter<int> Integer(string name, int low, int high, int gridPoints = DefaultGridPoints)
    {
        RequireBounds(name, low, high, gridPoints, isLog: false);
        var count = (double)high - low + 1;
        return Add(Whole(name, "integer", low, high, gridPoints, u => low + (u * count), value => (value - low + 0.5) / count, value => value));
    }

    /// <summary>A positive whole number, drawn evenly by its logarithm.</summary>
    /// <inheritdoc cref="Integer"/>
    public SearchParameter<int> LogInteger(string name, int low, int high, int gridPoints = DefaultGridPoints)
    {
        RequireBounds(name, low, high, gridPoints, isLog: true);
        // The number n has the part of the line from ln n to ln (n + 1).
        var (first, last) = (Math.Log(low), Math.Log(high + 1.0));
        return Add(Whole(
            name, "log-integer", low, high, gridPoints, u => Math.Exp(first + (u * (last - first))), value => (Math.Log(value + 0.5) - first) / (last - first), Math.Log, isLog: true));
    }

    /// <summary>One of some values of any type, each as likely as any other.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The values, at least one; their texts must differ.</param>
    /// <param name="text">How a value is written in tables; <see cref="object.ToString"/> by default.</param>
    /// <exception cref="ArgumentException">The name is taken, or there is no value, or two are written alike.</exception>
    public SearchParameter<T> Choice<T>(string name, IReadOnlyList<T> values, Func<T, string>? text = null)
    {
        RequireNew(name);
        ArgumentNullException.ThrowIfNull(values);
        T[] own = [.. values];
        if (own.Length == 0)
            throw new ArgumentException($"The parameter '{name}' expects at least one value to choose from but got none.", nameof(values));
        var write = text ?? (value => value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "none");
        string[] texts = [.. own.Select(write)];
        if (texts.GroupBy(t => t, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
            throw new ArgumentException($"The parameter '{name}' has two values that are written '{twice}'. Leave one out, or give a text that tells them apart.", nameof(values));
        return Add(new SearchParameter<T>(name, "choice", u => own[IndexAt(u, own.Length)], write)
        {
            Choices = texts,
            GridPositions = [.. own.Select((_, i) => (i + 0.5) / own.Length)],
        });
    }

    private static int IndexAt(double position, int count) => Math.Min((int)(position * count), count - 1);

    private static SearchParameter<double> Number(
        string name, string kind, double low, double high, int gridPoints, int? digits, Func<double, double> scale, bool isLog = false)
    {
        if (digits is < 1 or > 15)
            throw new ArgumentException($"The parameter '{name}' expects 1 to 15 significant digits but got {digits}.", nameof(digits));
        return new SearchParameter<double>(name, kind, At, value => value.ToString("R", CultureInfo.InvariantCulture))
        {
            Low = low,
            High = high,
            IsLogarithmic = isLog,
            GridPositions = gridPoints == 1 ? [0.5] : [.. Enumerable.Range(0, gridPoints).Select(i => i / (gridPoints - 1.0))],
        };

        double At(double position)
        {
            // The ends are exact, whatever the logarithm rounds to.
            var value = position == 0 ? low : position == 1 ? high : Math.Clamp(scale(position), low, high);
            return digits is null ? value : Math.Clamp(Rounded(value, digits.Value), low, high);
        }
    }

    private static double Rounded(double value, int digits) =>
        double.Parse(value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static SearchParameter<int> Whole(
        string name, string kind, int low, int high, int gridPoints, Func<double, double> scale, Func<int, double> position, Func<double, double> spacing, bool isLog = false)
    {
        var (first, last) = (spacing(low), spacing(high));
        var grid = Enumerable.Range(0, gridPoints).Select(i => gridPoints == 1 ? 0.5 : i / (gridPoints - 1.0)).Select(share => first + (share * (last - first)))
            .Select(x => Math.Clamp((int)Math.Round(isLog ? Math.Exp(x) : x, MidpointRounding.AwayFromZero), low, high)).Distinct();
        return new SearchParameter<int>(name, kind, u => Math.Clamp((int)Math.Min(Math.Floor(scale(u)), int.MaxValue), low, high), value => value.ToString(CultureInfo.InvariantCulture))
        {
            Low = low,
            High = high,
            IsLogarithmic = isLog,
            GridPositions = [.. grid.Select(position)],
        };
    }

    private void RequireBounds(string name, double low, double high, int gridPoints, bool isLog)
    {
        RequireNew(name);
        if (!double.IsFinite(low) || !double.IsFinite(high) || !(low < high))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The parameter '{name}' expects a lower and a larger upper bound, both finite, but got {low} and {high}."));
        if (isLog && low <= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The parameter '{name}' has a logarithmic scale, so its lower bound must be above 0, but it is {low}."));
        if (gridPoints < 1)
            throw new ArgumentException($"The parameter '{name}' expects at least 1 grid point but got {gridPoints}.", nameof(gridPoints));
    }

    private void RequireNew(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_parameters.Exists(p => p.Name == name))
            throw new ArgumentException($"There are two parameters called '{name}'. Give each a name of its own.", nameof(name));
    }

    private SearchParameter<T> Add<T>(SearchParameter<T> parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }
}
