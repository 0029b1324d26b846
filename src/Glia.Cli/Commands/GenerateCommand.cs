using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Models;

namespace Glia.Cli.Commands;

/// <summary><c>glia generate</c>: a language model writes.</summary>
internal static class GenerateCommand
{
    private const int DefaultLength = 500;
    private const double DefaultTemperature = 0.8;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var prompt = new Option<string?>("--prompt", "-p") { Description = "How the text begins; by default with a new line.", HelpName = "text" };
        var length = CommonOptions.Number("--length", "-n", "How many characters to write after the prompt; 500 by default.", "n", 0);
        var temperature = CommonOptions.Number("--temperature", "-t", "Below 1 likely characters become likelier, 0 always takes the likeliest; 0.8 by default.", "t", 0.0);
        var topK = CommonOptions.Number("--top-k", null, "Draw from the k likeliest characters only; 0, the default, for all.", "k", 0);
        var topP = CommonOptions.Number("--top-p", null, "Draw from the fewest likeliest characters that have the probability p together; 1, the default, for all.", "p", 0.0, isAbove: true);
        var seed = CommonOptions.Number("--seed", "-s", "The same seed gives the same text; 0 by default.", "n", 0UL);
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "generate",
            "Let a model that was trained on a text write one. The prompt is printed too.",
            """
              glia generate runs/book --prompt "In the beginning"
              glia generate runs/book --length 2000 --temperature 0.5 --seed 7
              glia generate runs/book --prompt "And " --top-k 5 --json
            """)
        { model, prompt, length, temperature, topK, topP, seed, json };
        command.SetAction(parsed =>
        {
            var p = parsed.GetValue(topP) ?? 1;
            if (p > 1)
                throw new UserException(FormattableString.Invariant($"--top-p must be at most 1 but is '{p}'."));
            return Run(
                parsed.GetRequiredValue(model), parsed.GetValue(prompt) ?? "", parsed.GetValue(length) ?? DefaultLength,
                new Sampler(parsed.GetValue(temperature) ?? DefaultTemperature, parsed.GetValue(topK) ?? 0, p), parsed.GetValue(seed) ?? 0,
                new Terminal(output, error, parsed.GetValue(json), quiet: false));
        });
        return command;
    }

    private static int Run(string path, string prompt, int length, Sampler sampler, ulong seed, Terminal terminal)
    {
        var model = TrainedModel.Load(path);
        if (model.Preparation is not TextPreparation text)
            throw new UserException($"{model.Path}: this model was not trained on a text, so it writes none. Train one with: {CommandLine.Name} train book.txt");
        prompt = prompt.ReplaceLineEndings("\n");
        var generator = new TextGenerator(model.Network, text.Vocabulary);
        // Refused before anything is printed.
        var characters = generator.Generate(prompt, length, sampler, seed);
        var written = new StringBuilder(prompt);
        if (!terminal.Json)
            terminal.Out.Write(prompt);
        foreach (var character in characters)
        {
            written.Append(character.ToString());
            if (terminal.Json)
                continue;
            terminal.Out.Write(character.ToString());
            terminal.Out.Flush();
        }
        if (!terminal.Json)
        {
            terminal.Out.WriteLine();
            return ExitCode.Success;
        }
        terminal.Out.WriteLine(RunSummary.ToText(new JsonObject
        {
            ["model"] = model.Path,
            ["prompt"] = prompt,
            ["length"] = length,
            ["temperature"] = sampler.Temperature,
            ["topK"] = sampler.TopK,
            ["topP"] = sampler.TopP,
            ["seed"] = seed,
            ["text"] = written.ToString(),
        }));
        return ExitCode.Success;
    }
}
