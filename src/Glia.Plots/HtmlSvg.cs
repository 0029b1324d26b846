using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Glia.Plots;

/// <summary>Fits an SVG document into an HTML page.</summary>
internal static partial class HtmlSvg
{
    /// <summary>The document without namespaces, which HTML needs none of, and with a prefix before all names within it, so that no other chart of the page has the same.</summary>
    public static string Inline(XElement root, string prefix)
    {
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
            element.ReplaceAttributes(element.Attributes().Where(a => !a.IsNamespaceDeclaration).Select(a => Rename(a, prefix)).ToArray());
        }
        return root.ToString(SaveOptions.DisableFormatting);
    }

    private static XAttribute Rename(XAttribute attribute, string prefix) => attribute.Name.LocalName switch
    {
        "id" => new("id", prefix + attribute.Value),
        "href" => new("href", attribute.Value.StartsWith('#') ? $"#{prefix}{attribute.Value[1..]}" : attribute.Value),
        _ => new(attribute.Name, Reference().Replace(attribute.Value, $"url(#{prefix}")),
    };

    [GeneratedRegex(@"url\(#")]
    private static partial Regex Reference();
}
