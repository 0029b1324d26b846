using System.Xml.Linq;

namespace Glia.Plots.Tests;

/// <summary>The dashed lines of a chart's SVG.</summary>
internal static class SvgDashes
{
    /// <summary>The number of dashes of each line of more than one dash.</summary>
    public static int[] In(Chart chart) =>
    [
        .. XDocument.Parse(chart.ToSvg()).Descendants()
            .Where(element => element.Name.LocalName == "path" && element.Attribute("stroke")?.Value == "#6E6E6E")
            .Select(path => path.Attribute("d")!.Value.Count(c => c == 'M'))
            .Where(dashes => dashes > 1),
    ];
}
