using System.Globalization;
using System.Text;
using Glia.Interchange;

namespace Glia.Plots;

/// <summary>
/// A page of texts, tables, charts and small pictures in one HTML file: styles, charts (SVG) and pictures (PNG) are in it, nothing is loaded from elsewhere, and there are no scripts.
/// It can be read on wide screens and on telephones, where charts are drawn anew in a smaller size, and printed. Every text is encoded, so that it may hold anything.
/// </summary>
/// <remarks>The parts stand in the order in which they are added. The file is at once HTML and well-formed XML.</remarks>
public sealed class HtmlPage
{
    private const int NarrowWidth = 400;

    // A chart of so many marks is smaller as pixels.
    private const int LargestSvg = 150_000;

    private readonly string _title;
    private readonly StringBuilder _body = new();
    private bool _isInSection;
    private int _charts;

    /// <summary>A page without parts.</summary>
    /// <param name="title">The title, which is also the first heading.</param>
    /// <param name="subtitle">A line below it; none by default.</param>
    public HtmlPage(string title, string subtitle = "")
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(subtitle);
        _title = title;
        _body.Append("<header><h1 dir=\"auto\">").Append(HtmlText.Encode(title)).Append("</h1>");
        if (subtitle.Length > 0)
            _body.Append("<p dir=\"auto\">").Append(HtmlText.Encode(subtitle)).Append("</p>");
        _body.Append("</header>\n");
    }

    /// <summary>Begins a section with a heading.</summary>
    /// <param name="heading">The heading.</param>
    /// <returns>This page, as do the methods below.</returns>
    public HtmlPage Section(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        EndSection();
        _isInSection = true;
        return Add($"<section><h2 dir=\"auto\">{HtmlText.Encode(heading)}</h2>");
    }

    /// <summary>A heading within a section.</summary>
    /// <param name="text">The heading.</param>
    public HtmlPage Heading(string text) => Add($"<h3 dir=\"auto\">{HtmlText.Encode(text)}</h3>");

    /// <summary>A paragraph.</summary>
    /// <param name="text">The text; line breaks are spaces.</param>
    public HtmlPage Paragraph(string text) => Add($"<p dir=\"auto\">{HtmlText.Encode(text)}</p>");

    /// <summary>A paragraph in quiet type: where something is from, or why it is missing.</summary>
    /// <param name="text">The text.</param>
    public HtmlPage Note(string text) => Add($"<p class=\"note\" dir=\"auto\">{HtmlText.Encode(text)}</p>");

    /// <summary>A boxed message.</summary>
    /// <param name="heading">The first line.</param>
    /// <param name="lines">Further lines, each with a name.</param>
    /// <param name="isSerious">Whether it is drawn as a failure rather than as a hint; false by default.</param>
    public HtmlPage Message(string heading, IEnumerable<(string Name, string Text)> lines, bool isSerious = false)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Add($"<div class=\"message{(isSerious ? " serious" : "")}\"><h3 dir=\"auto\">{HtmlText.Encode(heading)}</h3>");
        Facts(lines);
        return Add("</div>");
    }

    /// <summary>A few results in large type.</summary>
    /// <param name="figures">What each is, its value, and a remark such as what it compares with; the remark may be empty.</param>
    public HtmlPage Figures(IEnumerable<(string Name, string Value, string Remark)> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        _body.Append("<ul class=\"figures\">");
        foreach (var (name, value, remark) in figures)
        {
            _body.Append("<li><span dir=\"auto\">").Append(HtmlText.Encode(name)).Append("</span> <strong dir=\"auto\">").Append(HtmlText.Encode(value)).Append("</strong>");
            if (remark.Length > 0)
                _body.Append(" <small dir=\"auto\">").Append(HtmlText.Encode(remark)).Append("</small>");
            _body.Append("</li>");
        }
        return Add("</ul>");
    }

    /// <summary>Names and values, one below the other.</summary>
    /// <param name="facts">The names with their values.</param>
    public HtmlPage Facts(IEnumerable<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        // A list must not be empty.
        (string Name, string Value)[] all = [.. facts];
        if (all.Length == 0)
            return this;
        _body.Append("<dl>");
        foreach (var (name, value) in all)
            _body.Append("<dt dir=\"auto\">").Append(HtmlText.Encode(name)).Append("</dt><dd dir=\"auto\">").Append(HtmlText.Encode(value)).Append("</dd>");
        return Add("</dl>");
    }

    /// <summary>A table; columns of numbers are aligned to the right. A table that is wider than the page is moved sideways within its own box.</summary>
    /// <param name="headings">The headings of the columns.</param>
    /// <param name="rows">The rows, each with a text for every column.</param>
    /// <param name="caption">What the table shows; none by default.</param>
    /// <exception cref="ArgumentException">A row has more or fewer texts than there are headings.</exception>
    public HtmlPage Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(headings);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.FirstOrDefault(r => r.Count != headings.Count) is { } wrong)
            throw new ArgumentException($"A row has {wrong.Count} texts, but there are {headings.Count} headings.", nameof(rows));
        string[] classes = [.. headings.Select((_, c) => rows.Count > 0 && rows.All(r => HtmlText.IsNumber(r[c])) ? " class=\"number\"" : "")];
        _body.Append("<div class=\"wide\" tabindex=\"0\"><table>");
        if (caption.Length > 0)
            _body.Append("<caption dir=\"auto\">").Append(HtmlText.Encode(caption)).Append("</caption>");
        _body.Append("<thead><tr>");
        for (var c = 0; c < headings.Count; c++)
            _body.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" dir=\"auto\"{classes[c]}>{HtmlText.Encode(headings[c])}</th>");
        _body.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _body.Append("<tr>");
            for (var c = 0; c < headings.Count; c++)
                _body.Append(CultureInfo.InvariantCulture, $"<td dir=\"auto\"{classes[c]}>{HtmlText.Encode(row[c])}</td>");
            _body.Append("</tr>");
        }
        return Add("</tbody></table></div>");
    }

    /// <summary>A chart; of very many marks as pixels, else as SVG, whose title readers of the page's text are told.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="caption">A line below it; none by default.</param>
    public HtmlPage Chart(Chart chart, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(chart);
        var (width, height) = chart.DefaultSize;
        _body.Append("<figure class=\"chart\">");
        AddChart(chart, "on-wide", width, height);
        // On a telephone the same type, and so fewer pixels around it; charts that are wide become a little higher.
        if (width > NarrowWidth)
            AddChart(chart, "on-narrow", NarrowWidth, NarrowHeight(chart));
        AddCaption(caption);
        return Add("</figure>");
    }

    /// <summary>Charts in a small size side by side.</summary>
    /// <param name="charts">The charts, each with a line below it, which may be empty.</param>
    public HtmlPage SmallCharts(IEnumerable<(Chart Chart, string Caption)> charts)
    {
        ArgumentNullException.ThrowIfNull(charts);
        _body.Append("<div class=\"small\">");
        foreach (var (chart, caption) in charts)
        {
            _body.Append("<figure class=\"chart\">");
            AddChart(chart, "on-any", NarrowWidth, NarrowHeight(chart));
            AddCaption(caption);
            _body.Append("</figure>");
        }
        return Add("</div>");
    }

    /// <summary>Small pictures side by side, pixel by pixel; grey ones from their own darkest to their own lightest number.</summary>
    /// <param name="images">The pictures, each with the lines that stand below it. What is laid over a picture is left out.</param>
    public HtmlPage Images(IEnumerable<(ChartImage Image, string Caption)> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        _body.Append("<div class=\"images\">");
        foreach (var (image, caption) in images)
        {
            var (text, line) = (HtmlText.Encode(caption), HtmlText.Encode(caption.Replace("\n", ", ", StringComparison.Ordinal)));
            _body.Append(CultureInfo.InvariantCulture, $"<figure><img src=\"data:image/png;base64,{Convert.ToBase64String(HtmlImage.Encode(image))}\" width=\"{image.Columns}\" height=\"{image.Rows}\" alt=\"{line}\"/>");
            _body.Append("<figcaption dir=\"auto\">").Append(text).Append("</figcaption></figure>");
        }
        return Add("</div>");
    }

    /// <summary>A text as it is, every part on a ground that is the darker, the higher its share: how surprising each character was, for example.</summary>
    /// <param name="parts">The parts of the text, each with a share from 0 (white) to 1.</param>
    /// <param name="caption">A line below it; none by default.</param>
    public HtmlPage Shaded(IEnumerable<(string Text, double Share)> parts, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(parts);
        _body.Append("<figure><pre class=\"text\" dir=\"auto\">");
        foreach (var (text, share) in parts)
        {
            var level = double.IsNaN(share) ? 0 : (int)Math.Round(5 * Math.Clamp(share, 0, 1));
            _body.Append(CultureInfo.InvariantCulture, $"<span class=\"s{level}\">{HtmlText.Encode(text)}</span>");
        }
        _body.Append("</pre>");
        AddCaption(caption);
        return Add("</figure>");
    }

    /// <summary>A text of fixed width, such as a command to copy.</summary>
    /// <param name="text">The text; its lines are kept.</param>
    public HtmlPage Code(string text) => Add($"<pre tabindex=\"0\"><code>{HtmlText.Encode(text)}</code></pre>");

    /// <summary>The page as an HTML document.</summary>
    public override string ToString() =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/>
        <title>{HtmlText.Encode(_title)}</title>
        <style>
        {HtmlStyle.Text}
        </style>
        </head>
        <body>
        <main>
        {_body}{(_isInSection ? "</section>\n" : "")}</main>
        </body>
        </html>

        """;

    /// <summary>Saves the page in UTF-8; the file is complete or the path is as it was.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(ToString());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The type stays as large, so that what is wide has to be a little higher.</summary>
    private static int NarrowHeight(Chart chart)
    {
        var (width, height) = chart.DefaultSize;
        var aspect = (double)height / width;
        return Math.Max(260, (int)Math.Ceiling(NarrowWidth * (aspect < 1 ? Math.Min(1, 1.35 * aspect) : aspect)));
    }

    private void AddCaption(string caption)
    {
        if (caption.Length > 0)
            _body.Append("<figcaption dir=\"auto\">").Append(HtmlText.Encode(caption)).Append("</figcaption>");
    }

    private void AddChart(Chart chart, string size, int width, int height)
    {
        _charts++;
        var svg = HtmlSvg.Inline(chart.ToSvgElement(width, height), $"c{_charts}-");
        if (svg.Length <= LargestSvg)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<div class=\"{size}\">").Append(svg).Append("</div>");
            return;
        }
        var png = Convert.ToBase64String(chart.ToPng(width, height));
        _body.Append(CultureInfo.InvariantCulture, $"<div class=\"{size}\"><img src=\"data:image/png;base64,{png}\" width=\"{width}\" height=\"{height}\" alt=\"{HtmlText.Encode(chart.Title)}\"/></div>");
    }

    private void EndSection()
    {
        if (_isInSection)
            Add("</section>");
    }

    private HtmlPage Add(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }
}
