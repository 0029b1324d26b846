using System.Xml.Linq;

namespace Glia.Plots.Tests;

/// <summary>What stands on a chart.</summary>
internal static class Texts
{
    public static string[] Of(Chart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    public static void AreAll(Chart chart, params string[] expected) => Assert.All(expected, text => Assert.Contains(text, Of(chart)));

    public static string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message.Split(" (Parameter")[0];
}
