using System.Globalization;
using Glia.Fuzz;

// Fuzzes one reader: Glia.Fuzz TARGET [--inputs N] [--seed S] [--folder DIR]; reads one input: Glia.Fuzz TARGET FILE; without arguments, lists the readers.
if (args.Length == 0)
{
    foreach (var target in TargetTable.All)
        Console.WriteLine(target.Name);
    return 0;
}

var chosen = TargetTable.All.FirstOrDefault(t => t.Name == args[0]);
if (chosen is null)
{
    Console.Error.WriteLine($"There is no reader '{args[0]}'. Readers: {string.Join(", ", TargetTable.All.Select(t => t.Name))}.");
    return 2;
}

if (args.Length == 2)
{
    using var run = new FuzzRun(chosen);
    var failure = run.Try(args[1].EndsWith(".current", StringComparison.Ordinal) ? CurrentInput.Read(args[1]) : File.ReadAllBytes(args[1]));
    Console.WriteLine(failure ?? string.Join(", ", run.Outcomes.Keys));
    return failure is null ? 0 : 1;
}

string Option(string name, string otherwise) => Array.IndexOf(args, name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
var inputs = long.Parse(Option("--inputs", "100000"), CultureInfo.InvariantCulture);
var seed = int.Parse(Option("--seed", "1"), CultureInfo.InvariantCulture);
return new FuzzLoop(chosen, inputs, seed, Option("--folder", "artifacts/fuzz")).Run(Console.Out) ? 0 : 1;
