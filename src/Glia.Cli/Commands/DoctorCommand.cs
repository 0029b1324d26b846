using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Diagnostics;
using Glia.Training;

namespace Glia.Cli.Commands;

/// <summary><c>glia doctor</c>: what is wrong with data before training, or with a run after it, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var (data, model) = (new DataOptions("The data, as for 'glia train'; or a run folder made by 'glia train', or the model file in it."), new ModelOptions());
        var fix = new Option<bool>("--fix") { Description = "Of a run: train again with the remedy, up to three times, and compare." };
        var folder = new Option<string?>("--out", "-o") { Description = "With --fix: the folder for the mended run; a new one under ./runs by default.", HelpName = "folder" };
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet("the names of the symptoms found, one a line");
        var command = new HelpfulCommand(
            "doctor",
            "Find what is wrong: with data and the model for them before training, or with a run after it. Nothing is changed unless --fix is given.",
            """
              glia doctor iris
              glia doctor houses.csv --target price
              glia doctor runs/iris
              glia doctor runs/iris --fix
            """);
        data.AddTo(command);
        model.AddTo(command);
        foreach (var option in (Option[])[fix, folder, json, quiet])
            command.Add(option);
        command.SetAction(parsed =>
        {
            var options = model.Read(parsed, data.Read(parsed)) with { Out = parsed.GetValue(folder) };
            var terminal = new Terminal(output, error, parsed.GetValue(json), parsed.GetValue(quiet));
            if (RunManifest.IsUnfinished(options.Data))
                throw RunManifest.Unfinished(options.Data);
            if (IsRun(options.Data))
                return parsed.GetValue(fix) ? RunRepair.Run(SavedRun.Open(options.Data), options.Out, terminal) : ExamineRun(SavedRun.Open(options.Data), terminal);
            if (parsed.GetValue(fix))
                throw new UserException($"{options.Data}: --fix trains a run again with the remedy, so it needs a run folder made by '{CommandLine.Name} train'.");
            return ExamineData(options, terminal);
        });
        return command;
    }

    /// <summary>A folder with a model in it, or a model file; anything else is data.</summary>
    private static bool IsRun(string path) => (Directory.Exists(path) && File.Exists(Path.Combine(path, RunFolder.ModelName)))
        || (File.Exists(path) && path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase));

    private static int ExamineRun(SavedRun run, Terminal terminal)
    {
        terminal.Line($"{run.Path}: {run.Record.Settings.Optimizer}, {run.Record.Epochs.Count} epochs, {run.Record.Model.Parameters} parameters, {run.Record.Data.Samples} samples to learn from");
        Tell(terminal, run.Path, TrainingDoctor.Examine(run.Record), run.Options);
        return ExitCode.Success;
    }

    private static int ExamineData(TrainOptions options, Terminal terminal)
    {
        var problem = ProblemLoader.Load(options);
        if (Recipe.For(problem, options) is not NetworkRecipe recipe)
            throw new UserException("A perceptron learns by its own rule, without a loss. Look at the data with another family: --family mlp.");
        terminal.Line($"{problem.Name}: {problem.Description}");
        terminal.Line($"{recipe.Family}, {recipe.Network.ParameterCount} parameters, before training (seed {options.Seed})");
        var found = new List<Finding>();
        var location = DataLocation.Find(options.Data);
        if (problem.Kind == ProblemKind.Table && ProblemLoader.TryReadTable(location, options.StreamingBytes) is { } table)
            found.AddRange(TableCheckup.Examine(table, problem.Target));
        var others = TrainingDoctor.Examine(recipe.Network, problem.Preparation.Loss, problem.Train, problem.Validation);
        // What the table shows by the names of its columns need not be said again by the numbers of features.
        found.AddRange(others.Where(f => found.TrueForAll(known => known.Symptom != f.Symptom)).Select(f => Named(f, problem)));
        Tell(terminal, options.Data, [.. found.OrderByDescending(f => f.Severity)], options);
        return ExitCode.Success;
    }

    /// <summary>Features by their names.</summary>
    private static Finding Named(Finding finding, Problem problem)
    {
        if (problem.Preparation is not TablePreparation { Features.FeatureNames: var names })
            return finding;
        var evidence = finding.Evidence;
        for (var i = names.Count - 1; i >= 0; i--)
            evidence = evidence.Replace($"feature {i} ", $"feature '{names[i]}' ", StringComparison.Ordinal);
        return finding with { Evidence = evidence };
    }

    private static void Tell(Terminal terminal, string what, IReadOnlyList<Finding> findings, TrainOptions options)
    {
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject { ["examined"] = what, ["findings"] = DoctorReport.ToJson(findings) }));
        else if (terminal.Quiet)
            terminal.Out.Write(string.Concat(findings.Select(f => f.Symptom + "\n")));
        else
            DoctorReport.Print(terminal, findings, options);
    }
}
