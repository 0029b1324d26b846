namespace Glia.Plots.Tests;

public class PanelsChartTests
{
    private static ChartPanel Panel(string title, params double[] losses) => new(title, [new("loss", [.. losses.Select((_, i) => i + 1.0)], losses)]);

    [Fact]
    public void Panels_ShareTheirAxes_AndSayTheNumbersOnce()
    {
        var texts = Texts.Of(Chart.Panels("Rates", [Panel("slow", 2, 1.9, 1.8), Panel("good", 2, 1, 0)], "step", "loss"));
        Assert.All(["Rates", "slow", "good"], text => Assert.Single(texts, text));
        Assert.Single(texts, "loss");
        Assert.Equal(2, texts.Count(t => t == "step"));
        Assert.Single(texts, "0.5");
    }

    [Fact]
    public void Highest_LeavesOutWhatRunsAway()
    {
        var texts = Texts.Of(Chart.Panels("", [Panel("fast", 1, 100, 1000), Panel("good", 2, 1, 0)], highest: 3));
        Assert.Contains("2.5", texts);
        Assert.DoesNotContain("500", texts);
        Assert.Contains("All values lie above", Texts.Refusal(() => Chart.Panels("", [Panel("a", 5, 6)], highest: 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void TooMany_AreRefused() =>
        Assert.Equal("There must be 1 to 12 panels, but got 13.", Texts.Refusal(() => Chart.Panels("", [.. Enumerable.Repeat(Panel("a", 1, 2), 13)])));
}
