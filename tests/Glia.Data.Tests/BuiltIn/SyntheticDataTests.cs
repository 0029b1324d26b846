namespace Glia.Data.Tests.BuiltIn;

public class SyntheticDataTests
{
    [Fact]
    public void Xor_Classes_FollowTheSigns()
    {
        var points = Points(SyntheticData.Xor(500, seed: 1));

        Assert.All(points, p => Assert.Equal(p.Label == 1, p.X * p.Y < 0));
        Assert.All(points, p => Assert.InRange(Math.Min(Math.Abs(p.X), Math.Abs(p.Y)), 0.1, 1));
        Assert.Equal(4, points.Select(p => (p.X > 0, p.Y > 0)).Distinct().Count());
    }

    [Fact]
    public void TwoClusters_KeepTheirGap()
    {
        // Along the direction of the centres, every point is at least half a gap from the line in the middle.
        Assert.All(Points(SyntheticData.TwoClusters(2000, seed: 1, gap: 0.5)), p =>
        {
            var along = (2 * p.X + p.Y) / Math.Sqrt(5);
            Assert.Equal(p.Label == 1, along > 0);
            Assert.InRange(Math.Abs(along), 0.25, 2.25);
        });
    }

    [Fact]
    public void Spirals_WithoutNoise_LieOnTheirCurves()
    {
        Assert.All(Points(SyntheticData.Spirals(500, seed: 1, turns: 2, noise: 0)), p =>
        {
            var radius = Math.Sqrt(p.X * p.X + p.Y * p.Y);
            var angle = 4 * Math.PI * radius + Math.PI * p.Label;
            Assert.Equal(Math.Cos(angle), p.X / radius, 1e-9);
            Assert.Equal(Math.Sin(angle), p.Y / radius, 1e-9);
        });
    }

    [Fact]
    public void TwoMoons_WithoutNoise_LieOnTheirCircles()
    {
        Assert.All(Points(SyntheticData.TwoMoons(500, seed: 1, noise: 0)), p =>
        {
            var (x, y) = p.Label == 0 ? (p.X, p.Y) : (1 - p.X, 0.5 - p.Y);
            Assert.Equal(1, x * x + y * y, 1e-9);
            Assert.InRange(y, 0, 1);
        });
    }

    [Fact]
    public void Noise_HasItsStandardDeviation()
    {
        var clean = Points(SyntheticData.TwoMoons(5000, seed: 1, noise: 0));
        var noisy = Points(SyntheticData.TwoMoons(5000, seed: 1, noise: 0.1));

        var variance = clean.Zip(noisy, (a, b) => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y)).Average() / 2;

        Assert.Equal(0.1, Math.Sqrt(variance), 0.003);
    }

    [Fact]
    public void Seed_DecidesThePoints()
    {
        foreach (var name in new[] { "two-clusters", "xor", "spirals", "two-moons" })
        {
            Assert.Equal(Points(BuiltInDatasets.Load(name, seed: 5)), Points(BuiltInDatasets.Load(name, seed: 5)));
            Assert.NotEqual(Points(BuiltInDatasets.Load(name, seed: 5)), Points(BuiltInDatasets.Load(name, seed: 6)));
        }
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticData.Xor(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticData.TwoClusters(10, 0, gap: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticData.Spirals(10, 0, noise: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticData.TwoMoons(10, 0, noise: -1));
    }

    private static (double X, double Y, int Label)[] Points(Table table) =>
        [.. Enumerable.Range(0, table.RowCount).Select(i => (table["x"].Numbers[i], table["y"].Numbers[i], table["class"].Codes[i]))];
}
