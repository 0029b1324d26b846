using Glia.Training.Tuning;

namespace Glia.Training.Tests.Tuning;

public class ParameterImportanceTests
{
    private static SearchResult Explore(int trials, Func<double, double, string, double> function, MonitorMode goal = MonitorMode.Lower)
    {
        var space = new SearchSpace();
        var x = space.Uniform("x", 0, 1);
        var y = space.LogUniform("y", 0.01, 1);
        var kind = space.Choice("kind", ["a", "b", "c"]);
        return new Search(space, new RandomSearch(trials)) { Goal = goal }.Run(t => function(t.Get(x), t.Get(y), t.Get(kind)));
    }

    private static Dictionary<string, double> Shares(SearchResult result) => result.Importance().ToDictionary(i => i.Name, i => i.Share);

    [Fact]
    public void SharesOfASum_AreThoseOfItsParts()
    {
        // Along x the variance is 9/12, along log₁₀ y it is (2/12)·2·1 = 1/3 of a line of length 2; together 0.69 and 0.31.
        var shares = Shares(Explore(400, (x, y, _) => (3 * x) + Math.Log10(y)));
        Assert.InRange(shares["x"], 0.62, 0.76);
        Assert.InRange(shares["y"], 0.24, 0.38);
        Assert.InRange(shares["kind"], 0, 0.01);
    }

    [Fact]
    public void Choices_AreExplainedToo()
    {
        var shares = Shares(Explore(200, (x, _, kind) => kind == "b" ? 10 : x, MonitorMode.Higher));
        Assert.InRange(shares["kind"], 0.95, 1);
        Assert.InRange(shares["x"], 0, 0.05);
    }

    [Fact]
    public void WhatActsTogether_BelongsToNeither()
    {
        // The sign of a product: neither factor alone says anything.
        var shares = Shares(Explore(400, (x, y, _) => (x - 0.5) * (Math.Log10(y) + 1) > 0 ? 1 : 0));
        Assert.InRange(shares["x"] + shares["y"], 0, 0.25);
    }

    [Fact]
    public void OneTerribleTrial_DoesNotExplainEverything()
    {
        var shares = Shares(Explore(200, (x, y, kind) => y > 0.97 ? 1e9 : x));
        Assert.InRange(shares["x"], 0.8, 1);
    }

    [Fact]
    public void Shares_AreTheSameEveryTime()
    {
        SearchResult Run() => Explore(50, (x, y, kind) => x + y + kind[0]);
        Assert.Equal(Run().Importance(), Run().Importance());
    }

    [Fact]
    public void NothingToExplain_GivesNothing()
    {
        Assert.Empty(Explore(50, (_, _, _) => 1).Importance());
        Assert.Empty(Explore(3, (x, _, _) => x).Importance());
    }
}
