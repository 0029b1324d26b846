using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Training;

namespace Glia.Cli.Commands;

/// <summary><c>glia train</c>: data in, a trained and measured model out.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var data = new Argument<string>("data") { Description = "A built-in data set (see 'glia datasets'), a CSV file, a folder of IDX files, or a folder with one sub-folder of images per class." };
        var target = new Option<string?>("--target", "-t") { Description = "The column to predict (CSV files).", HelpName = "column" };
        var epochs = new Option<int?>("--epochs", "-e") { Description = "The largest number of passes over the data; training stops earlier when it no longer helps.", HelpName = "n" };
        var batchSize = new Option<int?>("--batch-size", "-b") { Description = "Samples per step.", HelpName = "n" };
        var learningRate = new Option<double?>("--learning-rate", "-l") { Description = "The step size.", HelpName = "rate" };
        var optimizer = new Option<OptimizerKind?>("--optimizer") { Description = "How weights are changed: adamw (default; the fewer samples, the more weight decay), adam, or sgd (momentum 0.9).", HelpName = "adam|adamw|sgd" };
        var hidden = new Option<int[]?>("--hidden") { Description = "Neurons of the hidden fully connected layers, such as 64,32; 0 for none.", HelpName = "sizes", CustomParser = ParseSizes };
        var seed = new Option<ulong>("--seed", "-s") { Description = "The same seed gives the same split, weights and result; 0 by default.", HelpName = "n" };
        var folder = new Option<string?>("--out", "-o") { Description = "The folder for model, metrics and plots; a new one under ./runs by default.", HelpName = "folder" };
        RequirePositive(epochs);
        RequirePositive(batchSize);
        RequirePositive(learningRate);
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet();
        var command = new Command("train", """
            Train a network: finds the task, prepares the data, trains with early stopping, measures on held-out data, saves model and plots.

            Examples:
              glia train digits
              glia train iris --hidden 16 --epochs 100
              glia train houses.csv --target price --out runs/houses
              glia train photos/ --learning-rate 0.0005
            """) { data, target, epochs, batchSize, learningRate, optimizer, hidden, seed, folder, json, quiet };
        command.SetAction(parsed => Run(
            new TrainOptions
            {
                Data = parsed.GetRequiredValue(data),
                Target = parsed.GetValue(target),
                Epochs = parsed.GetValue(epochs),
                BatchSize = parsed.GetValue(batchSize),
                LearningRate = parsed.GetValue(learningRate),
                Optimizer = parsed.GetValue(optimizer),
                Hidden = parsed.GetResult(hidden) is null ? null : parsed.GetValue(hidden),
                Seed = parsed.GetValue(seed),
                Out = parsed.GetValue(folder),
            },
            new Terminal(output, error, parsed.GetValue(json), parsed.GetValue(quiet))));
        return command;
    }

    internal static int Run(TrainOptions options, Terminal terminal)
    {
        var problem = ProblemLoader.Load(options.Data, options.Target, options.Seed);
        var recipe = Recipe.For(problem, options);
        using var run = RunFolder.Create(options.Out, problem.Name);

        Introduce(terminal, problem, recipe, options.Seed);
        var history = Train(terminal, problem, recipe, options);
        var result = Evaluation.Of(recipe.Network, problem.Test, problem.Preprocessing);

        terminal.Heading($"Held-out test data, {problem.Test.Count:N0} samples the model never saw");
        EvaluationReport.Print(terminal, result);
        run.Write(problem, recipe, options, history, result);
        run.Complete();
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToJson(problem, recipe, options, history, result, run.Path));
        else if (terminal.Quiet)
            terminal.Out.WriteLine(run.ModelPath);
        else
            SayWhatIsNext(terminal, problem, run);
        return history.StopReason == StopReason.Cancelled ? ExitCode.Cancelled : ExitCode.Success;
    }

    private static void Introduce(Terminal terminal, Problem problem, Recipe recipe, ulong seed)
    {
        terminal.Line($"{problem.Name}: {problem.Description}");
        var task = problem.Task == TaskKind.Classification
            ? $"classification of '{problem.Target}' into {problem.Classes.Count} classes"
            : $"regression of '{problem.Target}'";
        terminal.Line($"task: {task}, {problem.Train.Count:N0} samples to train, {problem.Validation.Count:N0} to validate, {problem.Test.Count:N0} to test (seed {seed})");
        foreach (var note in problem.Notes)
            terminal.Line($"note: {note}");
        terminal.Heading($"Model: {recipe.Family}");
        ModelSummary.Print(terminal, recipe.Network);
        terminal.Heading("Training");
        var decay = recipe.Optimizer == OptimizerKind.AdamW ? FormattableString.Invariant($", weight decay {recipe.WeightDecay:G2}") : "";
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.CreateOptimizer().Name}, learning rate {recipe.LearningRate}{decay}, batch size {recipe.BatchSize}, at most {recipe.Epochs} epochs, stops after {recipe.Patience} without improvement"));
    }

    private static History Train(Terminal terminal, Problem problem, Recipe recipe, TrainOptions options)
    {
        var isClassification = problem.Task == TaskKind.Classification;
        Metric metric = isClassification ? new Accuracy() : new RootMeanSquaredError();
        var progress = new TrainingProgress(terminal, metric.Name, problem.TargetScale);
        var trainer = new Trainer(recipe.Network, isClassification ? Loss.CrossEntropy : Loss.MeanSquaredError, recipe.CreateOptimizer())
        {
            Seed = options.Seed,
            Metrics = [metric],
            Callbacks = [new EarlyStopping(recipe.Patience), progress],
        };
        using var interrupt = new Interrupt(terminal.Error);
        History? history = null;
        progress.Run(() => history = trainer.Fit(problem.Train, problem.Validation, recipe.Epochs, recipe.BatchSize, interrupt.Token));
        terminal.Line(WhyItEnded(history!));
        return history!;
    }

    private static string WhyItEnded(History history)
    {
        var reason = history.StopReason switch
        {
            StopReason.EarlyStopping => $"stopped after epoch {history.Epochs.Count}: the validation loss no longer improved",
            StopReason.Cancelled => $"stopped by Ctrl-C in epoch {history.Epochs.Count}",
            _ => $"all {history.Epochs.Count} epochs done",
        };
        var kept = history.RestoredEpoch is { } best ? $"; weights of the best epoch, {best}, kept" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{reason}{kept} ({history.TrainingSeconds:F1} s of training)");
    }

    private static void SayWhatIsNext(Terminal terminal, Problem problem, RunFolder run)
    {
        terminal.Heading($"Saved in {run.Path}");
        terminal.Line($"  model.safetensors   weights, architecture and preprocessing in one file");
        terminal.Line($"  {string.Join(", ", run.Pictures)}");
        terminal.Line("  metrics.csv, summary.json");
        terminal.Heading("What next");
        terminal.Line($"  {CommandLine.Name} predict {run.Path} {run.ExampleInput}");
        terminal.Line($"  {CommandLine.Name} evaluate {run.Path} {problem.Preprocessing.Source.Data}");
        terminal.Line($"  {CommandLine.Name} summary {run.Path}");
        terminal.Line($"  {CommandLine.Name} train --help");
    }

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

    private static void RequirePositive<T>(Option<T?> option)
        where T : struct, IComparable<T> => option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<T?>() is { } value && value.CompareTo(default) <= 0)
                result.AddError($"{option.Name} must be above 0 but is {result.Tokens[0].Value}.");
        });
}
