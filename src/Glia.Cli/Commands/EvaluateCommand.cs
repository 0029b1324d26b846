using System.CommandLine;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;

namespace Glia.Cli.Commands;

/// <summary><c>glia evaluate</c>: a trained model on data whose truth is known.</summary>
internal static class EvaluateCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "Data of the same kind as the model was trained on, with the true answers." };
        var all = new Option<bool>("--all") { Description = "Use every sample, even those that the model was trained on." };
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet("the accuracy, the RMSE of numbers and forecasts, or the bits per character of a text");
        var command = new HelpfulCommand(
            "evaluate",
            "Measure a trained model on data whose truth is known. On the data it was trained on, only the held-out test part counts.",
            """
              glia evaluate runs/digits digits
              glia evaluate runs/houses new-houses.csv --json
              glia evaluate runs/book other-book.txt
            """)
        { model, data, all, json, quiet };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(all),
            new Terminal(output, error, parsed.GetValue(json), parsed.GetValue(quiet))));
        return command;
    }

    private static int Run(string path, string data, bool all, Terminal terminal)
    {
        var model = TrainedModel.Load(path);
        var (samples, what) = model.Preparation.Open(data, all);
        if (samples.Count == 0)
            throw new UserException($"{data}: there are no samples to evaluate on.");
        var result = model.Preparation.Evaluate(model.Network, samples);
        if (terminal.Json)
        {
            var json = result.ToJson();
            json.Insert(0, "data", data);
            json.Insert(1, "part", what);
            terminal.Out.WriteLine(RunSummary.ToText(json));
            return ExitCode.Success;
        }
        if (terminal.Quiet)
        {
            terminal.Out.WriteLine(result.Short);
            return ExitCode.Success;
        }
        terminal.Line($"{data}: {ModelSummary.Number(samples.Count)} samples, {what}");
        result.Print(terminal);
        return ExitCode.Success;
    }
}
