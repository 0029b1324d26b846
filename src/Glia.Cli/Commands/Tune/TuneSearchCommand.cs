using System.CommandLine;
using System.Globalization;
using Glia.Cli.Output;
using Glia.Cli.Tuning;
using Glia.Training.Tuning;

namespace Glia.Cli.Commands.Tune;

/// <summary><c>glia tune search</c>: many trainings with different settings; the best model is kept.</summary>
internal static class TuneSearchCommand
{
    private const int MostJobs = 256;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var space = new Argument<string>("space") { Description = "A YAML file that names the options of 'glia train' to search, and how." };
        var data = new Argument<string?>("data") { Description = "The data, as for 'glia train'; by default those that the file names.", Arity = ArgumentArity.ZeroOrOne };
        var method = CommonOptions.Choice<SearchKind>("--method", "random by default; grid for every combination; asha to end bad trials early.");
        var trials = CommonOptions.Number("--trials", null, $"How many trials; {SearchSettings.DefaultTrials} by default, for a grid all points.", "n", 1);
        var time = new Option<string?>("--time-limit") { Description = "When to end, such as 90s, 10m or 2h; no limit by default.", HelpName = "time" };
        var folds = CommonOptions.Number("--folds", null, "Judge by cross-validation with so many parts; by the validation part by default.", "k", 2);
        var jobs = CommonOptions.Number("--jobs", "-j", "How many trials run at the same time; as many as there are cores by default. The result is the same for any number.", "n", 1);
        var seed = CommonOptions.Number("--seed", "-s", "The same seed gives the same search; 0 by default.", "n", 0UL);
        var resume = new Option<bool>("--resume") { Description = "Go on with the search in the folder of --out." };
        var folder = new Option<string?>("--out", "-o") { Description = "The folder for results, plots and the best model; a new one under ./runs by default.", HelpName = "folder" };
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet("the command line that trains the best model");
        var command = new HelpfulCommand(
            "search",
            "Search settings of training: grid, random, or successive halving (ASHA). Every result is kept at once, so that a search can be stopped and gone on with.",
            """
              glia tune search space.yaml
              glia tune search space.yaml digits --method asha --trials 50 --out runs/search
              glia tune search space.yaml --out runs/search --resume
              glia tune search space.yaml --folds 5 --time-limit 10m

            A file:
              data: digits
              method: asha
              trials: 30
              budget: 27
              parameters:
                learning-rate: { from: 0.0001, to: 0.1, scale: log }
                batch-size: [16, 32, 64]
                hidden: [[32], [64], [64, 32]]
                dropout: { from: 0, to: 0.5 }

            Ctrl-C ends the search; trials that are done are kept.
            """)
        { space, data, method, trials, time, folds, jobs, seed, resume, folder, json, quiet };
        command.SetAction(parsed =>
        {
            var settings = SearchFile.Read(parsed.GetRequiredValue(space));
            settings = settings with
            {
                Data = parsed.GetValue(data) ?? settings.Data,
                Method = parsed.GetValue(method) ?? settings.Method,
                Trials = parsed.GetValue(trials) ?? settings.Trials,
                HalvesGrid = settings.HalvesGrid && parsed.GetValue(trials) is null,
                TimeLimit = parsed.GetValue(time) is { } limit
                    ? SearchFile.ParseTime(limit) ?? throw new UserException($"--time-limit expects a time such as 90s, 10m or 2h, but got '{limit}'.")
                    : settings.TimeLimit,
                Folds = parsed.GetValue(folds) ?? settings.Folds,
                Jobs = parsed.GetValue(jobs) ?? settings.Jobs,
                Seed = parsed.GetValue(seed) ?? settings.Seed,
            };
            return Run(settings, parsed.GetValue(folder), parsed.GetValue(resume), new Terminal(output, error, parsed.GetValue(json), parsed.GetValue(quiet)));
        });
        return command;
    }

    private static int Run(SearchSettings settings, string? path, bool resume, Terminal terminal)
    {
        using var interrupt = new Interrupt(terminal) { Stopping = "stopping; trials that are done are kept." };
        var plan = SearchPlan.Create(settings);
        using var folder = interrupt.Guard(() => SearchFolder.Open(path, plan.Problem.Name, resume));
        var goOn = $"{CommandLine.Name} tune search {TrainCommand.Quoted(settings.Path)} --out {TrainCommand.Quoted(folder.Path)} --resume";
        interrupt.Aborting = () => $"stopped; trials that are done are kept. Go on with: {goOn}";
        interrupt.BeginTraining();

        var jobs = Math.Min(settings.Jobs ?? Device.Threads, MostJobs);
        var progress = new SearchProgress(terminal, plan, jobs, interrupt.Token);
        terminal.Line($"{plan.Problem.Name}: {plan.Problem.Description}");
        terminal.Line($"task: {plan.Problem.Goal}");
        terminal.Line(plan.Describe(jobs));
        terminal.Heading("Trials");
        var search = plan.ToSearch(folder.JournalPath, jobs, progress.Show, (record, run) => folder.Keep(plan, record, run));
        var result = progress.Run(() => plan.Run(search, interrupt.Token));
        if (result.End == SearchEnd.Cancelled)
        {
            if (result.Best is not null)
                folder.WriteTable(plan, result);
            if (result.Trials.Count == 0 && !resume)
                terminal.Error.WriteLine("glia: stopped before a trial was done.");
            else
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"glia: {result.Trials.Count} trial{(result.Trials.Count == 1 ? "" : "s")} kept. Go on with: {goOn}"));
            return interrupt.ExitCode ?? ExitCode.Cancelled;
        }
        if (result.Trials.Count == 0)
            throw new UserException($"The time was up before a trial was done. Give a longer --time-limit. Go on with: {goOn}");
        if (result.Best is not { } best)
            throw new UserException($"All {result.Trials.Count} trials failed; the first with: {result.Trials[0].Failure}");

        var network = folder.BestModel(plan, search, best, interrupt.Token);
        var problem = plan.ProblemOf(best);
        var report = new SearchReport(plan, result, problem, problem.Preparation.Evaluate(network, problem.Test));
        folder.Write(plan, report);
        if (terminal.Json)
            terminal.Out.WriteLine(report.ToJson(folder.Path));
        else if (terminal.Quiet)
            terminal.Out.WriteLine(report.BestLine);
        else
            report.Print(terminal, folder, result.End == SearchEnd.TimeLimit ? goOn : null);
        return interrupt.ExitCode ?? ExitCode.Success;
    }
}
