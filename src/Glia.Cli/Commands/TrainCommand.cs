using System.CommandLine;
using System.CommandLine.Parsing;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Training;

namespace Glia.Cli.Commands;

/// <summary><c>glia train</c>: data in, a trained and measured model out.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error) =>
        Create((options, json, quiet) => Run(options, new Terminal(output, error, json, quiet)));

    /// <summary>The command, with something else to do with the options and with whether JSON or only the result is wanted.</summary>
    public static Command Create(Func<TrainOptions, bool, bool, int> run)
    {
        var (data, model, learning, record) = (new DataOptions(isOptional: true), new ModelOptions(), new LearningOptions(), new RecordOptions());
        var learningRate = CommonOptions.LearningRate();
        var from = new Option<string?>("--from") { Description = "Go on from the network of this model file, run folder or ONNX file with the data given; a last dense layer of another size is replaced.", HelpName = "model" };
        var epochs = CommonOptions.Number("--epochs", "-e", "The largest number of passes over the data; training stops earlier when it no longer helps.", "n", 1);
        var steps = CommonOptions.Number("--steps", null, "The largest number of steps; for a text 3,000 by default, otherwise no limit.", "n", 1);
        var folder = new Option<string?>("--out", "-o") { Description = "The folder for model, metrics and plots; a new one under ./runs by default.", HelpName = "folder" };
        var resume = new Option<string?>("--resume") { Description = "Go on with the run in this folder, which was interrupted, to the same result; only --epochs may change.", HelpName = "folder" };
        var checkpoints = CheckpointRule.Option();
        var keep = new Option<bool>("--keep-checkpoints") { Description = "Keep the last checkpoint of a finished run, so that it can be given more epochs by --resume." };
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
              glia train wine --learning-rate auto
              glia train sales.csv --series amount --horizon 14
              glia train photos/ --from runs/animals --learning-rate 0.0001
              glia train --resume runs/houses

            Ctrl-C ends training after the current step; the best weights so far are measured and saved.
            A run that was stopped, or killed, goes on with --resume as if nothing had happened.
            """);
        data.AddTo(command);
        model.AddTo(command);
        foreach (var option in (Option[])[from, learningRate, epochs, steps])
            command.Add(option);
        learning.AddTo(command);
        Option[] ofTheRun = [folder, resume, checkpoints, keep, .. record.All, json, quiet];
        foreach (var option in ofTheRun)
            command.Add(option);
        record.AddRules(command);
        command.Validators.Add(result => RequireDataOrRun(result, resume, [epochs, .. ofTheRun.Except([folder])]));
        command.SetAction(parsed => run(
            record.Read(parsed, learning.Read(parsed, model.Read(parsed, data.Read(parsed))) with
            {
                LearningRate = parsed.GetValue(learningRate)?.Value,
                TunesLearningRate = parsed.GetValue(learningRate) is { Value: null },
                From = parsed.GetValue(from),
                Epochs = parsed.GetValue(epochs),
                Steps = parsed.GetValue(steps),
                Out = parsed.GetValue(folder),
                Resume = parsed.GetValue(resume),
                Checkpoints = parsed.GetValue(checkpoints) ?? CheckpointRule.Default,
                KeepsCheckpoints = parsed.GetValue(keep),
                Arguments = [.. parsed.CommandResult.Children.OfType<OptionResult>()
                    .Where(o => !o.Implicit && !ofTheRun.Contains(o.Option))
                    .Select(o => (o.Option.Name.TrimStart('-'), string.Join(',', o.Tokens.Select(t => t.Value))))],
            }),
            parsed.GetValue(json),
            parsed.GetValue(quiet)));
        return command;
    }

    internal static int Run(TrainOptions options, Terminal terminal)
    {
        using var interrupt = new Interrupt(terminal);
        using var history = RunHistory.Open(options, terminal);
        try
        {
            return Run(options, terminal, interrupt, history);
        }
        catch (Exception e)
        {
            history.Fail(e);
            throw;
        }
    }

    private static int Run(TrainOptions options, Terminal terminal, Interrupt interrupt, RunHistory history)
    {
        var manifest = options.Resume is null ? null : RunManifest.Read(options.Resume);
        options = manifest?.Options(options) ?? options;
        var problem = manifest?.Load(options) ?? ProblemLoader.Load(options);
        var recipe = Recipe.For(problem, options);
        manifest = (manifest ?? RunManifest.Of(options, problem)) with { Arguments = options.Arguments };
        using var run = interrupt.Guard(() => options.Resume is { } old ? RunFolder.Resume(old, manifest) : RunFolder.Begin(options.Out, problem.Name, manifest));
        interrupt.Aborting = () => run.CanGoOn ? $"stopped. Go on with: {RunManifest.ResumeLine(run.Path)}" : "stopped; nothing was saved.";

        history.Prepare(run.Path);
        Introduce(terminal, problem, recipe, options.Seed);
        if (options.TunesLearningRate && recipe is NetworkRecipe network)
            run.Keep(FindRate(network, manifest, problem, options, terminal, interrupt.Token));
        history.Begin(problem, recipe, options, run.Path);
        recipe.History = history;
        interrupt.BeginTraining();
        terminal.Heading("Training");
        terminal.Line(recipe.Describe());
        var checkpoints = RunCheckpoints.Of(options, run, terminal);
        TrainingLog log;
        try
        {
            log = recipe.Train(problem, options.Seed, terminal, checkpoints, interrupt.Token);
        }
        catch (TrainingDivergedException failure) when (recipe is NetworkRecipe { Doctor.Record: { } record })
        {
            run.WriteFailure(problem, recipe, options, record);
            run.Complete();
            history.AddFiles(run.Path);
            DoctorReport.Print(terminal, TrainingDoctor.Examine(record), options);
            throw new TrainingDivergedException($"{failure.Message} The last finite weights are in '{run.Path}'.", failure);
        }
        var result = problem.Preparation.Evaluate(recipe.Network, problem.Test);

        terminal.Heading($"Held-out test data, {ModelSummary.Number(problem.Test.Count)} samples the model never saw");
        result.Print(terminal);
        run.Write(problem, recipe, options, log, result);
        // A run that was stopped can go on; one that is done has nothing left to do.
        run.Complete(keepsCheckpoints: options.KeepsCheckpoints || (interrupt.ExitCode is not null && run.CanGoOn));
        history.Complete(log, result, run.Path);
        log.PrintAdvice(terminal, options);
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToJson(problem, recipe, options, log, result, run.Path));
        else if (terminal.Quiet)
            terminal.Out.WriteLine(run.ModelPath);
        else
            SayWhatIsNext(terminal, problem, run);
        return interrupt.ExitCode ?? ExitCode.Success;
    }

    /// <summary>Searches the learning rate, unless that was done before the run was interrupted.</summary>
    private static RunManifest FindRate(NetworkRecipe network, RunManifest manifest, Problem problem, TrainOptions options, Terminal terminal, CancellationToken cancellation)
    {
        if (manifest.LearningRate is { } rate)
        {
            (network.LearningRate, network.Tuning) = (rate, manifest.Tuning);
            return manifest;
        }
        RateReport.PrintShort(terminal, network.Tune(problem, options.Seed, null, cancellation));
        return manifest with { LearningRate = network.LearningRate, Tuning = network.Tuning };
    }

    private static void RequireDataOrRun(CommandResult result, Option<string?> resume, IReadOnlyList<Option> mayChange)
    {
        var hasData = result.Children.OfType<ArgumentResult>().Any(a => a.Tokens.Count > 0);
        if (result.GetValue(resume) is not { } folder)
        {
            if (!hasData)
                result.AddError("name the data to train on: a built-in set, a file or a folder; or a run to go on with by --resume.");
            return;
        }
        if (hasData)
            result.AddError($"the data of the run '{folder}' are known; leave them out after --resume.");
        else if (result.Children.OfType<OptionResult>().FirstOrDefault(o => !o.Implicit && !mayChange.Contains(o.Option)) is { } other)
            result.AddError($"{other.Option.Name} cannot change when a run goes on; only --epochs can. Leave it out, or train anew.");
    }

    private static void Introduce(Terminal terminal, Problem problem, Recipe recipe, ulong seed)
    {
        terminal.Line($"{problem.Name}: {problem.Description}");
        terminal.Line($"task: {problem.Goal}, {ModelSummary.Number(problem.Train.Count)} samples to train, {ModelSummary.Number(problem.Validation.Count)} to validate, {ModelSummary.Number(problem.Test.Count)} to test (seed {seed})");
        foreach (var note in problem.Notes)
            terminal.Line($"note: {note}");
        terminal.Heading($"Model: {recipe.Family}");
        ModelSummary.Print(terminal, recipe.Network);
    }

    private static void SayWhatIsNext(Terminal terminal, Problem problem, RunFolder run)
    {
        terminal.Heading($"Saved in {run.Path}");
        terminal.Line($"  model.safetensors   weights, architecture and preprocessing in one file");
        terminal.Line($"  {string.Join(", ", run.Pictures)}");
        terminal.Line("  metrics.csv, summary.json, doctor.json");
        terminal.Line("  report.html          all of it on one page");
        terminal.Heading("What next");
        if (problem.Example is Example.Prompt prompt)
            terminal.Line($"  {CommandLine.Name} generate {Quoted(run.Path)} --prompt {(prompt.Text.Length == 0 ? "''" : Quoted(prompt.Text))}");
        else if (run.ExampleInput.Length > 0)
            terminal.Line($"  {CommandLine.Name} predict {Quoted(run.Path)} {Quoted(run.ExampleInput)}");
        terminal.Line($"  {CommandLine.Name} evaluate {Quoted(run.Path)} {Quoted(problem.Preparation.Source.Data)}");
        terminal.Line($"  {CommandLine.Name} summary {Quoted(run.Path)}");
        terminal.Line($"  {CommandLine.Name} plot {Quoted(run.Path)}");
        terminal.Line($"  {CommandLine.Name} train --help");
    }

    /// <summary>A path as a shell takes it.</summary>
    internal static string Quoted(string path) => path.All(c => char.IsLetterOrDigit(c) || "/\\._-+:@,=".Contains(c, StringComparison.Ordinal))
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
