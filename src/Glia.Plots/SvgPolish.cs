using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Glia.Plots;

/// <summary>Makes the drawing library's SVG fit for every viewer, and for standing beside others in one HTML page.</summary>
internal static class SvgPolish
{
    // Verdana has nearly the same widths, so labels keep their places where the first font is missing.
    private const string FontFamily = "'DejaVu Sans', Verdana, sans-serif";

    public static XElement Apply(XDocument document, string title, int width, int height)
    {
        var root = document.Root!;
        var ns = root.Name.Namespace;
        MergeClipPaths(root, ns);
        NameImages(root, ns);
        root.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}"));
        root.SetAttributeValue("role", "img");
        if (title.Length > 0)
            root.AddFirst(new XElement(ns + "title", title));
        foreach (var text in root.Descendants(ns + "text"))
        {
            text.SetAttributeValue("font-family", FontFamily);
            text.Value = text.Value.Trim();
            // Lists of glyph positions end in a comma, which strict viewers refuse.
            foreach (var attribute in text.Attributes().Where(attribute => attribute.Name.LocalName is "x" or "y"))
                attribute.Value = attribute.Value.TrimEnd(' ', ',');
        }

        return root;
    }

    /// <summary>
    /// Keeps one of equal clip paths (every mark comes with its own), under a name that no other chart in the page has unless it is equal.
    /// </summary>
    private static void MergeClipPaths(XElement root, XNamespace ns)
    {
        var names = new Dictionary<string, string>();
        var renamed = new Dictionary<string, string>();
        foreach (var clip in root.Descendants(ns + "clipPath").ToList())
        {
            var content = string.Concat(clip.Elements());
            var isNew = !names.TryGetValue(content, out var name);
            if (isNew)
                names[content] = name = "clip-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12];
            renamed[$"url(#{clip.Attribute("id")?.Value})"] = $"url(#{name})";
            if (isNew)
                clip.SetAttributeValue("id", name);
            else
                clip.Remove();
        }

        foreach (var attribute in root.Descendants().Attributes("clip-path"))
            attribute.Value = renamed[attribute.Value];
    }

    /// <summary>Names pictures after their content, so that no other chart in the page has another one of the same name.</summary>
    private static void NameImages(XElement root, XNamespace ns)
    {
        var renamed = new Dictionary<string, string>();
        foreach (var image in root.Descendants(ns + "image").Where(i => i.Attribute("id") is not null))
        {
            var name = "image-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image.ToString())))[..12];
            renamed["#" + image.Attribute("id")!.Value] = "#" + name;
            image.SetAttributeValue("id", name);
        }

        foreach (var reference in root.Descendants(ns + "use").Attributes().Where(a => a.Name.LocalName == "href"))
            reference.Value = renamed.GetValueOrDefault(reference.Value, reference.Value);
    }
}
