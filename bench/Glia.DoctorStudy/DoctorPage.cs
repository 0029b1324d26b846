using System.Globalization;
using System.Text;
using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>Recall and precision, as text and as the section of a page between its marks.</summary>
internal sealed class DoctorPage(IReadOnlyList<Result> results)
{
    private const string Begin = "<!-- doctor study -->";
    private const string End = "<!-- end of doctor study -->";

    public IReadOnlyList<FixTrial> Fixes { get; set; } = [];

    public string ToText()
    {
        var culture = CultureInfo.InvariantCulture;
        var (sick, healthy) = (results.Where(r => r.Case.Fault is not null).ToList(), results.Where(r => r.Case.Fault is null).ToList());
        var found = sick.Count(r => r.IsFound);
        var accused = results.Where(r => r.Accusations.Any()).ToList();
        var right = accused.Count(r => r.IsFound);
        var text = new StringBuilder();
        text.Append(culture, $"{sick.Count} sick runs, {healthy.Count} healthy ones. Found: {found} of {sick.Count} (recall {Share(found, sick.Count)}). Accused: {accused.Count} runs, {right} of them rightly (precision {Share(right, accused.Count)}); {healthy.Count(r => r.Accusations.Any())} healthy runs accused.\n\n");
        text.Append("| fault planted | runs | found | by |\n| --- | --- | --- | --- |\n");
        foreach (var group in sick.GroupBy(r => r.Case.Fault))
        {
            var by = group.SelectMany(r => r.Run.Findings.Where(f => r.Case.Expected.Contains(f.Symptom)).Take(1)).GroupBy(f => f.Symptom).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}");
            text.Append(culture, $"| {group.Key} | {group.Count()} | {group.Count(r => r.IsFound)} | {string.Join(", ", by)} |\n");
        }
        text.Append("\n| rule | fired | where it was planted | beside another fault | in healthy runs | precision |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var symptom in Enum.GetValues<Symptom>())
        {
            var fired = results.Where(r => r.Run.Findings.Any(f => f.Symptom == symptom)).ToList();
            if (fired.Count == 0)
                continue;
            var (planted, false_) = (fired.Count(r => r.Case.Expected.Contains(symptom)), fired.Count(r => r.Case.Fault is null));
            text.Append(culture, $"| {symptom} | {fired.Count} | {planted} | {fired.Count - planted - false_} | {false_} | {Share(planted, planted + false_)} |\n");
        }
        if (Fixes.Count > 0)
        {
            text.Append(culture, $"\nThe remedy applied: {Fixes.Count(f => f.Mended > f.Sick)} of {Fixes.Count} runs got better; the remedy was better than a random change of the same setting in {Fixes.Count(f => f.Mended > f.Random + 1e-9)}, as good in {Fixes.Count(f => Math.Abs(f.Mended - f.Random) <= 1e-9)}, worse in {Fixes.Count(f => f.Mended < f.Random - 1e-9)}. Mean score {Fixes.Average(f => f.Sick):F3} before, {Fixes.Average(f => f.Mended):F3} with the remedy, {Fixes.Average(f => f.Random):F3} at random.\n\n");
            text.Append("| setting | runs | before | with the remedy | at random |\n| --- | --- | --- | --- | --- |\n");
            foreach (var group in Fixes.GroupBy(f => f.Setting))
                text.Append(culture, $"| {group.Key} | {group.Count()} | {group.Average(f => f.Sick):F3} | {group.Average(f => f.Mended):F3} | {group.Average(f => f.Random):F3} |\n");
        }
        return text.ToString();
    }

    /// <summary>Puts the tables between the marks of a page.</summary>
    public void Write(string path)
    {
        var page = File.ReadAllText(path);
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{path} has no place between {Begin} and {End}.");
        File.WriteAllText(path, $"{page[..(from + Begin.Length)]}\n{ToText()}{page[to..]}");
    }

    private static string Share(int part, int all) => all == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / all:F1} %");
}
