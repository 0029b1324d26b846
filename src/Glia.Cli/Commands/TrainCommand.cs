using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;

namespace Glia.Cli.Commands;

/// <summary><c>glia train</c>: data in, a trained and measured model out.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error) =>
        Create((options, json, quiet) => Run(options, new Terminal(output, error, json, quiet)));

    /// <summary>The command, with something else to do with the options and with whether JSON or only the result is wanted.</summary>
    public static Command Create(Func<TrainOptions, bool, bool, int> run)
    {
        var learning = new LearningOptions();
        var data = new Argument<string>("data") { Description = "A built-in data set (see 'glia datasets'), a CSV file, a text file, a folder of IDX files, or a folder with one sub-folder of images per class." };
        var target = new Option<string?>("--target", "-t") { Description = "The column to predict (CSV files).", HelpName = "column" };
        var series = new Option<string?>("--series") { Description = "The column that is a time series, to be forecast (CSV files).", HelpName = "column" };
        var horizon = CommonOptions.Number("--horizon", null, "How many values of a time series to forecast; 12 by default.", "n", 1);
        var lookback = CommonOptions.Number("--lookback", null, "From how many known values; 48 by default.", "n", 1);
        var season = CommonOptions.Number("--season", null, "The length of a season in steps, to compare forecasts with the values a season ago; none by default.", "n", 1);
        var window = CommonOptions.Number("--window", null, "Characters of a text that are trained on at a time; 64 by default.", "n", 1);
        var epochs = CommonOptions.Number("--epochs", "-e", "The largest number of passes over the data; training stops earlier when it no longer helps.", "n", 1);
        var steps = CommonOptions.Number("--steps", null, "The largest number of steps; for a text 3,000 by default, otherwise no limit.", "n", 1);
        var batchSize = CommonOptions.Number("--batch-size", "-b", "Samples per step.", "n", 1);
        var learningRate = CommonOptions.Number("--learning-rate", "-l", "The step size.", "rate", 0.0, isAbove: true);
        var optimizer = CommonOptions.Choice<OptimizerKind>("--optimizer", "How weights are changed: AdamW by default (the fewer samples, the more weight decay); sgd has momentum 0.9.");
        var family = CommonOptions.Choice<FamilyKind>("--family", "The kind of model; by default mlp for tables, cnn for images, cnn-lstm for videos, lstm for texts, time series and sequences.", Families.NameOf);
        var hidden = new Option<int[]?>("--hidden") { Description = "Neurons of the hidden layers, such as 64,32; 0 for none.", HelpName = "sizes", CustomParser = ParseSizes };
        var augment = CommonOptions.Choice<AugmentKind>("--augment", "Change training images at random: light moves, turns and zooms a little; flip mirrors them too; strong also changes brightness and contrast and blots out a square.");
        var seed = CommonOptions.Number("--seed", "-s", "The same seed gives the same split, weights and result; 0 by default.", "n", 0UL);
        var folder = new Option<string?>("--out", "-o") { Description = "The folder for model, metrics and plots; a new one under ./runs by default.", HelpName = "folder" };
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet("the path of the model");
        var command = new HelpfulCommand(
            "train",
            "Train a network: finds the task, prepares the data, trains with early stopping, measures on held-out data, saves model and plots.",
            """
              glia train digits
              glia train iris --hidden 16 --epochs 100
              glia train houses.csv --target price --out runs/houses
              glia train photos/ --learning-rate 0.0005 --augment flip
              glia train two-clusters --family perceptron
              glia train book.txt
              glia train sales.csv --series amount --horizon 14

            Ctrl-C ends training after the current step; the best weights so far are measured and saved.
            """)
        { data, target, series, horizon, lookback, season, window, family, epochs, steps, batchSize, learningRate, optimizer, hidden, augment, seed };
        learning.AddTo(command);
        foreach (var option in (Option[])[folder, json, quiet])
            command.Add(option);
        command.SetAction(parsed => run(
            learning.Read(parsed, new TrainOptions
            {
                Data = parsed.GetRequiredValue(data),
                Target = parsed.GetValue(target),
                Series = parsed.GetValue(series),
                Horizon = parsed.GetValue(horizon),
                Lookback = parsed.GetValue(lookback),
                Season = parsed.GetValue(season),
                Window = parsed.GetValue(window),
                Family = parsed.GetValue(family),
                Epochs = parsed.GetValue(epochs),
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batchSize),
                LearningRate = parsed.GetValue(learningRate),
                Optimizer = parsed.GetValue(optimizer),
                Hidden = parsed.GetResult(hidden) is null ? null : parsed.GetValue(hidden),
                Augment = parsed.GetValue(augment) ?? AugmentKind.None,
                Seed = parsed.GetValue(seed) ?? 0,
                Out = parsed.GetValue(folder),
            }),
            parsed.GetValue(json),
            parsed.GetValue(quiet)));
        return command;
    }

    internal static int Run(TrainOptions options, Terminal terminal)
    {
        using var interrupt = new Interrupt(terminal);
        var problem = ProblemLoader.Load(options);
        var recipe = Recipe.For(problem, options);
        using var run = interrupt.Guard(() => RunFolder.Create(options.Out, problem.Name));

        interrupt.BeginTraining();
        Introduce(terminal, problem, recipe, options.Seed);
        var log = recipe.Train(problem, options.Seed, terminal, interrupt.Token);
        var result = problem.Preparation.Evaluate(recipe.Network, problem.Test);

        terminal.Heading($"Held-out test data, {ModelSummary.Number(problem.Test.Count)} samples the model never saw");
        result.Print(terminal);
        run.Write(problem, recipe, options, log, result);
        run.Complete();
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToJson(problem, recipe, options, log, result, run.Path));
        else if (terminal.Quiet)
            terminal.Out.WriteLine(run.ModelPath);
        else
            SayWhatIsNext(terminal, problem, run);
        return interrupt.ExitCode ?? ExitCode.Success;
    }

    private static void Introduce(Terminal terminal, Problem problem, Recipe recipe, ulong seed)
    {
        terminal.Line($"{problem.Name}: {problem.Description}");
        terminal.Line($"task: {problem.Goal}, {ModelSummary.Number(problem.Train.Count)} samples to train, {ModelSummary.Number(problem.Validation.Count)} to validate, {ModelSummary.Number(problem.Test.Count)} to test (seed {seed})");
        foreach (var note in problem.Notes)
            terminal.Line($"note: {note}");
        terminal.Heading($"Model: {recipe.Family}");
        ModelSummary.Print(terminal, recipe.Network);
        terminal.Heading("Training");
        terminal.Line(recipe.Describe());
    }

    private static void SayWhatIsNext(Terminal terminal, Problem problem, RunFolder run)
    {
        terminal.Heading($"Saved in {run.Path}");
        terminal.Line($"  model.safetensors   weights, architecture and preprocessing in one file");
        terminal.Line($"  {string.Join(", ", run.Pictures)}");
        terminal.Line("  metrics.csv, summary.json");
        terminal.Heading("What next");
        if (problem.Example is Example.Prompt prompt)
            terminal.Line($"  {CommandLine.Name} generate {Quoted(run.Path)} --prompt {(prompt.Text.Length == 0 ? "''" : Quoted(prompt.Text))}");
        else if (run.ExampleInput.Length > 0)
            terminal.Line($"  {CommandLine.Name} predict {Quoted(run.Path)} {Quoted(run.ExampleInput)}");
        terminal.Line($"  {CommandLine.Name} evaluate {Quoted(run.Path)} {Quoted(problem.Preparation.Source.Data)}");
        terminal.Line($"  {CommandLine.Name} summary {Quoted(run.Path)}");
        terminal.Line($"  {CommandLine.Name} train --help");
    }

    /// <summary>A path as a shell takes it.</summary>
    internal static string Quoted(string path) => path.All(c => char.IsLetterOrDigit(c) || "/\\._-+:@,=".Contains(c, StringComparison.Ordinal))
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static int[]? ParseSizes(ArgumentResult result)
    {
        var parts = result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        if (parts is ["0"])
            return [];
        var sizes = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] is < 1 or > 65536)
            {
                result.AddError($"--hidden expects sizes from 1 to 65536 separated by commas, such as 64,32, but got '{parts[i]}'.");
                return null;
            }
        }
        return sizes;
    }
}
