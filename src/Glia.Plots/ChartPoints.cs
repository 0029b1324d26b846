using ScottPlot;

namespace Glia.Plots;

/// <summary>Named points of the plane: a curve of <see cref="Chart.Function"/>, or the samples of one class in <see cref="Chart.DecisionLine"/>.</summary>
public sealed class ChartPoints
{
    private const int SmallestCount = 2;

    /// <summary>Creates points from their coordinates.</summary>
    /// <param name="name">What the legend calls them.</param>
    /// <param name="x">The first coordinate of each point; at least one.</param>
    /// <param name="y">The second. NaN, infinity and anything beyond ±1e100 count as no value: there a curve is broken.</param>
    /// <exception cref="ArgumentException">There are no points, or the lists differ in length.</exception>
    public ChartPoints(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        Name = ChartText.Clean(name);
        if (x.Count != y.Count || x.Count == 0)
            throw new ArgumentException($"The points '{Name}' have {x.Count} x and {y.Count} y; give one of each for at least one point.", nameof(y));
        X = x;
        Y = y;
    }

    /// <summary>A curve y = f(x), from values at evenly spaced x.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="function">f; NaN where it has no value.</param>
    /// <param name="from">The first x.</param>
    /// <param name="to">The last x, above the first.</param>
    /// <param name="count">The number of points, at least 2; 401 by default.</param>
    /// <exception cref="ArgumentException">The interval is empty or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 points.</exception>
    public static ChartPoints Of(string name, Func<double, double> function, double from, double to, int count = 401)
    {
        ArgumentNullException.ThrowIfNull(function);
        var x = Evenly(from, to, count);
        return new ChartPoints(name, x, Array.ConvertAll(x, value => function(value)));
    }

    /// <summary>What the legend calls the points.</summary>
    public string Name { get; }

    /// <summary>The first coordinates.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The second coordinates.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Numbers from one to another, equally far apart.</summary>
    internal static double[] Evenly(double from, double to, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, SmallestCount);
        if (!ChartText.IsDrawable(from) || !ChartText.IsDrawable(to) || from >= to)
            throw new ArgumentException(FormattableString.Invariant($"A curve is drawn from a number to a larger one, but got from {from} to {to}."));
        return [.. Enumerable.Range(0, count).Select(i => from + ((to - from) * i / (count - 1)))];
    }

    /// <summary>The points that can be drawn, in runs that nothing interrupts; with log₁₀ of a coordinate on a logarithmic scale.</summary>
    internal List<List<Coordinates>> Runs(bool logScale = false, bool logX = false)
    {
        var runs = new List<List<Coordinates>>();
        var isInterrupted = true;
        for (var i = 0; i < X.Count; i++)
        {
            if (!ChartText.IsDrawable(X[i]) || !ChartText.IsDrawable(Y[i]) || (logScale && Y[i] <= 0) || (logX && X[i] <= 0))
            {
                isInterrupted = true;
                continue;
            }

            if (isInterrupted)
                runs.Add([]);
            isInterrupted = false;
            runs[^1].Add(new Coordinates(logX ? Math.Log10(X[i]) : X[i], logScale ? Math.Log10(Y[i]) : Y[i]));
        }

        return runs;
    }

    /// <summary>The points that can be drawn.</summary>
    internal List<Coordinates> Drawable() => [.. Runs().SelectMany(run => run)];

    /// <summary>At most so many of the points, taken evenly: more only hide each other and make the file large.</summary>
    internal static Coordinates[] Thinned(List<Coordinates> points, int most) =>
    [
        .. Enumerable.Range(0, Math.Min(points.Count, most)).Select(i => points[(int)((long)i * points.Count / Math.Min(points.Count, most))]),
    ];
}
