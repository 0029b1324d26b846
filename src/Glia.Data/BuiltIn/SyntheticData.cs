namespace Glia.Data;

/// <summary>Generated tables of points in the plane: columns <c>x</c>, <c>y</c> and <c>class</c> ("0" and "1", alternating).</summary>
public static class SyntheticData
{
    private const ulong DrawsPerRow = 4;

    /// <summary>Exclusive or: 0.1 ≤ |x|, |y| ≤ 1, uniform; class 1 where the signs of x and y differ.</summary>
    /// <param name="rows">The number of points, at least 2.</param>
    /// <param name="seed">The seed; the same seed gives the same points.</param>
    public static Table Xor(int rows, ulong seed) => Generate("xor", rows, (row, label) =>
    {
        var first = Draw(seed, row, 0) < 0.5 ? 1 : -1;
        var second = label == 0 ? first : -first;
        return (first * (0.1 + 0.9 * Draw(seed, row, 1)), second * (0.1 + 0.9 * Draw(seed, row, 2)));
    });

    /// <summary>
    /// Two discs of radius 1, filled evenly, with a gap between them, so that a line separates the classes: their centres lie at distance
    /// 2 + gap along the direction (2, 1), the origin in the middle.
    /// </summary>
    /// <param name="rows">The number of points, at least 2.</param>
    /// <param name="seed">The seed; the same seed gives the same points.</param>
    /// <param name="gap">The distance between the discs; not negative.</param>
    public static Table TwoClusters(int rows, ulong seed, double gap = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        return Generate("two-clusters", rows, (row, label) =>
        {
            var (radius, angle) = (Math.Sqrt(Draw(seed, row, 0)), 2 * Math.PI * Draw(seed, row, 1));
            var centre = (label == 0 ? -1 : 1) * (1 + gap / 2) / Math.Sqrt(5);
            return (2 * centre + radius * Math.Cos(angle), centre + radius * Math.Sin(angle));
        });
    }

    /// <summary>Two spirals of radius r = 0.05 to 1 at the angle 2π·turns·r, the second half a turn further; with normal noise.</summary>
    /// <param name="rows">The number of points, at least 2.</param>
    /// <param name="seed">The seed; the same seed gives the same points.</param>
    /// <param name="turns">How often each spiral winds around the centre.</param>
    /// <param name="noise">The standard deviation of the noise on x and y; not negative.</param>
    public static Table Spirals(int rows, ulong seed, double turns = 1.75, double noise = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        return Generate("spirals", rows, (row, label) =>
        {
            var radius = 0.05 + 0.95 * Draw(seed, row, 0);
            var angle = 2 * Math.PI * turns * radius + Math.PI * label;
            return (radius * Math.Cos(angle) + noise * Normal(seed, row, 0), radius * Math.Sin(angle) + noise * Normal(seed, row, 1));
        });
    }

    /// <summary>Two half circles of radius 1: (cos t, sin t) and (1 − cos t, 0.5 − sin t) for t in [0, π]; with normal noise.</summary>
    /// <param name="rows">The number of points, at least 2.</param>
    /// <param name="seed">The seed; the same seed gives the same points.</param>
    /// <param name="noise">The standard deviation of the noise on x and y; not negative.</param>
    public static Table TwoMoons(int rows, ulong seed, double noise = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        return Generate("two-moons", rows, (row, label) =>
        {
            var t = Math.PI * Draw(seed, row, 0);
            var (x, y) = label == 0 ? (Math.Cos(t), Math.Sin(t)) : (1 - Math.Cos(t), 0.5 - Math.Sin(t));
            return (x + noise * Normal(seed, row, 0), y + noise * Normal(seed, row, 1));
        });
    }

    private static Table Generate(string name, int rows, Func<int, int, (double X, double Y)> point)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        var x = new double[rows];
        var y = new double[rows];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = row % 2;
            (x[row], y[row]) = point(row, labels[row]);
        }

        return new Table(name, [new Column("x", x), new Column("y", y), new Column("class", labels, ["0", "1"])]);
    }

    private static double Draw(ulong seed, int row, ulong draw) => CounterRandom.Uniform(seed, (ulong)row * DrawsPerRow + draw);

    // The noise has a sequence of its own, as each normal number takes two draws.
    private static double Normal(ulong seed, int row, ulong draw) =>
        CounterRandom.Normal(CounterRandom.Bits(seed, ulong.MaxValue), (ulong)row * 2 + draw);
}
