using System.Globalization;
using FsCheck.Xunit;
using Glia.Training.Tuning;

namespace Glia.Training.Tests.Tuning;

public class SearchSpaceTests
{
    private static double Unit(uint bits) => bits / (double)uint.MaxValue;

    [Property]
    public bool Numbers_StayInTheirRange_AndGrowWithThePosition(uint first, uint second)
    {
        var space = new SearchSpace();
        var (a, b) = (Unit(Math.Min(first, second)), Unit(Math.Max(first, second)));
        var uniform = space.Uniform("u", -3, 7);
        var log = space.LogUniform("l", 1e-4, 1e-1);
        var whole = space.Integer("i", -2, 9);
        var logWhole = space.LogInteger("k", 1, 1000);
        return uniform.At(a) <= uniform.At(b) && uniform.At(a) >= -3 && uniform.At(b) <= 7
            && log.At(a) <= log.At(b) && log.At(a) >= 1e-4 && log.At(b) <= 1e-1
            && whole.At(a) <= whole.At(b) && whole.At(a) >= -2 && whole.At(b) <= 9
            && logWhole.At(a) <= logWhole.At(b) && logWhole.At(a) >= 1 && logWhole.At(b) <= 1000;
    }

    [Property]
    public bool TextOfANumber_ReadsBackExactly(uint bits)
    {
        var rate = new SearchSpace().LogUniform("rate", 1e-5, 1);
        return double.Parse(rate.TextAt(Unit(bits)), CultureInfo.InvariantCulture) == rate.At(Unit(bits));
    }

    [Property]
    public bool Digits_RoundValuesAndKeepThemInRange(uint bits)
    {
        var rate = new SearchSpace().LogUniform("rate", 0.00123, 0.0877, digits: 2);
        var value = rate.At(Unit(bits));
        return value is >= 0.00123 and <= 0.0877 && (rate.TextAt(Unit(bits)).TrimStart('0', '.').Length <= 2 || value is 0.00123 or 0.0877);
    }

    [Fact]
    public void Ends_AreExact()
    {
        var log = new SearchSpace().LogUniform("l", 0.0003, 0.7);
        Assert.Equal((0.0003, 0.7), (log.At(0), log.At(1)));
        Assert.Equal(Math.Sqrt(0.0003 * 0.7), log.At(0.5), 12);
    }

    [Fact]
    public void RandomTrials_FollowTheLawOfTheirParameter()
    {
        var space = new SearchSpace();
        var log = space.LogUniform("l", 1e-4, 1e-1);
        var die = space.Integer("die", 1, 6);
        var choice = space.Choice("c", ["a", "b", "c"]);
        var search = new Search(space, new RandomSearch(6000));
        Trial[] trials = [.. Enumerable.Range(0, 6000).Select(search.TrialOf)];
        // A decade of three each a third; every face and letter its share, within 5 standard deviations.
        for (var decade = -4; decade < -1; decade++)
            Assert.InRange(trials.Count(t => Math.Floor(Math.Log10(trials[t.Number].Get(log))) == decade), 1820, 2180);
        Assert.All(Enumerable.Range(1, 6), face => Assert.InRange(trials.Count(t => t.Get(die) == face), 855, 1145));
        Assert.All(["a", "b", "c"], letter => Assert.InRange(trials.Count(t => t.Get(choice) == letter), 1820, 2180));
    }

    [Fact]
    public void RandomTrial_DoesNotDependOnOtherParametersOrOnTheirNumber()
    {
        var (one, two) = (new SearchSpace(), new SearchSpace());
        var alone = one.Uniform("x", 0, 1);
        two.Uniform("y", 0, 1);
        var beside = two.Uniform("x", 0, 1);
        Assert.Equal(
            new Search(one, new RandomSearch(5)) { Seed = 3 }.TrialOf(4).Get(alone), new Search(two, new RandomSearch(50)) { Seed = 3 }.TrialOf(4).Get(beside));
        Assert.NotEqual(new Search(one, new RandomSearch(5)) { Seed = 3 }.TrialOf(4).Get(alone), new Search(one, new RandomSearch(5)) { Seed = 4 }.TrialOf(4).Get(alone));
    }

    [Fact]
    public void Grid_IsEveryCombinationOnce_TheLastFastest()
    {
        var space = new SearchSpace();
        space.LogUniform("rate", 0.001, 0.1, gridPoints: 3, digits: 3);
        space.Integer("units", 1, 3, gridPoints: 9);
        space.Choice("kind", ["a", "b"]);
        var search = new Search(space, new GridSearch());
        Assert.Equal(18, search.TrialCount);
        var values = Enumerable.Range(0, 18).Select(i => string.Join(' ', search.TrialOf(i).Values)).ToArray();
        Assert.Equal(["0.001 1 a", "0.001 1 b", "0.001 2 a"], values[..3]);
        Assert.Equal("0.1 3 b", values[^1]);
        Assert.Equal(18, values.Distinct().Count());
        Assert.Contains("0.01 2 a", values);
    }

    [Theory]
    [InlineData(1, 1000, 4, "1 10 100 1000")]
    [InlineData(1, 4, 9, "1 2 3 4")]
    [InlineData(8, 64, 4, "8 16 32 64")]
    public void GridOfLogIntegers_IsGeometric(int low, int high, int points, string expected)
    {
        var space = new SearchSpace();
        space.LogInteger("n", low, high, points);
        var search = new Search(space, new GridSearch());
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, search.TrialCount).Select(i => search.TrialOf(i).Values[0])));
    }

    [Fact]
    public void HalvedGrid_HasEveryPointOnce_InAnOrderOfItsOwn()
    {
        var space = new SearchSpace();
        space.Integer("n", 0, 29, gridPoints: 30);
        var search = new Search(space, new SuccessiveHalving(new GridSearch(), 1, 9));
        int[] order = [.. Enumerable.Range(0, 30).Select(i => int.Parse(search.TrialOf(i).Values[0], CultureInfo.InvariantCulture))];
        Assert.Equal(Enumerable.Range(0, 30), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 30), order);
    }

    [Theory]
    [InlineData(1, 27, 3, new[] { 1, 3, 9, 27 })]
    [InlineData(2, 20, 3, new[] { 2, 6, 18, 20 })]
    [InlineData(4, 4, 3, new[] { 4 })]
    [InlineData(1, 2_000_000_000, 1000, new[] { 1, 1000, 1_000_000, 1_000_000_000, 2_000_000_000 })]
    public void Rungs_GrowByTheReduction_UpToTheLargest(int minimum, int maximum, int reduction, int[] expected) =>
        Assert.Equal(expected, new SuccessiveHalving(new GridSearch(), minimum, maximum, reduction).Resources);

    [Fact]
    public void BadParameters_AreRefusedInWords()
    {
        var space = new SearchSpace();
        space.Uniform("rate", 0, 1);
        string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message.Split(" (Parameter")[0];
        Assert.Equal("There are two parameters called 'rate'. Give each a name of its own.", Refusal(() => space.Integer("rate", 1, 2)));
        Assert.Equal("The parameter 'a' expects a lower and a larger upper bound, both finite, but got 2 and 1.", Refusal(() => space.Uniform("a", 2, 1)));
        Assert.Equal("The parameter 'a' expects a lower and a larger upper bound, both finite, but got 0 and NaN.", Refusal(() => space.Uniform("a", 0, double.NaN)));
        Assert.Equal("The parameter 'a' has a logarithmic scale, so its lower bound must be above 0, but it is 0.", Refusal(() => space.LogUniform("a", 0, 1)));
        Assert.Equal("The parameter 'a' expects at least 1 grid point but got 0.", Refusal(() => space.Uniform("a", 0, 1, gridPoints: 0)));
        Assert.Equal("The parameter 'a' expects at least one value to choose from but got none.", Refusal(() => space.Choice<int>("a", [])));
        Assert.Equal("The parameter 'a' has two values that are written '1'. Leave one out, or give a text that tells them apart.", Refusal(() => space.Choice("a", [1, 2, 1])));
        Assert.Single(space.Parameters);
        Assert.StartsWith("There is nothing to search", Refusal(() => _ = new Search(new SearchSpace(), new GridSearch())), StringComparison.Ordinal);
    }

    [Fact]
    public void HandleOfAnotherSpace_IsRefused()
    {
        var (one, two) = (new SearchSpace(), new SearchSpace());
        one.Uniform("x", 0, 1);
        var foreign = two.Uniform("x", 0, 1);
        Assert.Throws<ArgumentException>(() => new Search(one, new RandomSearch(1)).TrialOf(0).Get(foreign));
    }
}
