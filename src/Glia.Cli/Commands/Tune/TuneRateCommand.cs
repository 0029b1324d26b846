using System.CommandLine;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Training;

namespace Glia.Cli.Commands.Tune;

/// <summary><c>glia tune rate</c>: a learning rate, the reasoning that led to it, and a range test.</summary>
internal static class TuneRateCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var (data, model) = (new DataOptions(), new ModelOptions());
        var start = CommonOptions.Number("--learning-rate", "-l", "The rate to try first; by default that of 'glia train'.", "rate", 0.0, isAbove: true);
        var folder = new Option<string?>("--out", "-o") { Description = "A new folder for the curve as SVG, PNG and CSV; none by default.", HelpName = "folder" };
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet("the learning rate");
        var command = new HelpfulCommand(
            "rate",
            "Search a learning rate by short trainings, tell the reasoning, and draw a range test. Nothing is trained for good.",
            """
              glia tune rate iris
              glia tune rate digits --optimizer sgd --out rates
              glia tune rate houses.csv --target price --learning-rate 1e-5
              glia train iris --learning-rate "$(glia tune rate iris --quiet)"
            """);
        data.AddTo(command);
        model.AddTo(command);
        foreach (var option in (Option[])[start, folder, json, quiet])
            command.Add(option);
        command.SetAction(parsed => Run(
            model.Read(parsed, data.Read(parsed)) with { LearningRate = parsed.GetValue(start), Out = parsed.GetValue(folder) },
            new Terminal(output, error, parsed.GetValue(json), parsed.GetValue(quiet))));
        return command;
    }

    private static int Run(TrainOptions options, Terminal terminal)
    {
        if (options.LearningRate > NetworkRecipe.LargestRate)
            throw new UserException(FormattableString.Invariant($"--learning-rate is where the search starts, at most {NetworkRecipe.LargestRate}, but is {options.LearningRate}."));
        using var interrupt = new Interrupt(terminal);
        var problem = ProblemLoader.Load(options);
        if (Recipe.For(problem, options) is not NetworkRecipe recipe)
            throw new UserException("A perceptron learns by its own rule, which has no loss that could fall too slowly or diverge, so there is no learning rate to search. Use --family mlp.");
        using var folder = options.Out is null ? null : interrupt.Guard(() => RunFolder.Create(options.Out, problem.Name));

        terminal.Line($"{problem.Name}: {problem.Description}");
        terminal.Line($"{recipe.Family}, {recipe.OptimizerName}, batch size {recipe.BatchSize} (seed {options.Seed})");
        terminal.Heading("Short trainings from the same weights");
        var tuning = recipe.Tune(problem, options.Seed, trial => terminal.Line(trial.Sentence), interrupt.Token);
        terminal.Line(tuning.Conclusion);
        var report = new RateReport(problem, recipe, tuning, recipe.TestRange(problem, options.Seed, interrupt.Token));
        report.PrintRange(terminal);
        if (folder is not null)
        {
            folder.Write([("range.csv", report.ToCsv()), ("rates.json", report.ToJson(options.Seed) + "\n")], report.Charts);
            folder.Complete();
            terminal.Heading($"Saved in {folder.Path}");
            terminal.Line($"  {string.Join(", ", folder.Pictures)}, range.csv, rates.json");
        }
        if (terminal.Json)
            terminal.Out.WriteLine(report.ToJson(options.Seed));
        else if (terminal.Quiet)
            terminal.Out.WriteLine(RateReport.Text(tuning.Rate));
        else
            SayWhatIsNext(terminal, options, tuning);
        return ExitCode.Success;
    }

    private static void SayWhatIsNext(Terminal terminal, TrainOptions options, LearningRateTuning tuning)
    {
        terminal.Heading("What next");
        terminal.Line($"  {CommandLine.Name} train {TrainCommand.Quoted(options.Data)} … --learning-rate {RateReport.Text(tuning.Rate)}");
    }
}
