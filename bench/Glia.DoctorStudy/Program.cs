// Trains the cases of the corpus under the doctor's eyes, prints what it found, and with --out writes the tables of docs/doctor.md; bench/doctor.sh calls it.
using System.Globalization;
using Glia.DoctorStudy;

var culture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = culture;
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
var only = Option("--only") ?? "";
var cases = (args.Contains("--calibration") ? Corpus.Calibration : Corpus.HeldOut).Where(c => c.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
var results = new List<Result>();
foreach (var item in cases)
{
    var result = Result.Of(item);
    results.Add(result);
    Console.WriteLine(result.Line);
    if (args.Contains("--verbose"))
        Console.WriteLine(string.Join("\n", result.Run.Findings.Select(f => $"      {f.Symptom}: {f.Evidence}")));
}
var page = new DoctorPage(results);
if (args.Contains("--fixes"))
    page.Fixes = FixTrials.Run(results, Console.WriteLine);
Console.WriteLine(page.ToText());
if (Option("--out") is { } path)
    page.Write(path);
return 0;
