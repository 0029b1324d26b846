using Glia.Cli.Commands;
using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>Makes a text ready for a language model: 80 % of it to train, the next 10 % to validate, the last 10 % to test.</summary>
internal static class TextProblem
{
    public const int DefaultWindow = 64;

    /// <summary>Training windows overlap in a text so short that there would be fewer of them.</summary>
    private const int EnoughWindows = 6400;

    /// <summary>Enough to say how good a model is, and soon done; spread evenly over the validation part.</summary>
    private const int MostValidationWindows = 1500;

    public static Problem Create(DataLocation location, DataSource source, TrainOptions options)
    {
        var text = TextFile.Read(location.Path);
        var vocabulary = Vocabulary.Fit(text);
        var codes = vocabulary.Encode(text, location.Path);
        var window = options.Window ?? DefaultWindow;
        var needed = 10 * (window + 1L);
        if (codes.Length < needed)
            throw new UserException($"{location.Path}: the text has {Count(codes.Length, "character")}, but training, validation and test need at least {Output.ModelSummary.Number(needed)} with a window of {window}. Use a longer text or a smaller --window.");
        if (vocabulary.Count < 2)
            throw new UserException($"{location.Path}: the text is the character '{vocabulary.Characters[0]}' again and again, so there is nothing to learn.");
        var train = PartOf(codes, Split.Train);
        var validation = new TextDataset(PartOf(codes, Split.Validation), window);
        return new Problem
        {
            Name = location.Name,
            Kind = ProblemKind.Text,
            Description = $"a text of {Count(codes.Length, "character")}, {vocabulary.Count} different ones",
            Goal = $"language model, each character from the ones before it, in windows of {window}",
            Train = new TextDataset(train, window, Math.Clamp(train.Length / EnoughWindows, 1, window)),
            Validation = validation.Count <= MostValidationWindows ? validation : validation.Subset(Evenly(validation.Count, MostValidationWindows)),
            Test = new TextDataset(PartOf(codes, Split.Test), window),
            Target = "character",
            Notes = text.EnumerateRunes().Distinct().Count() > vocabulary.Count ? [$"characters beyond the {vocabulary.Count - 1} most frequent ones are read as U+FFFD"] : [],
            Example = new Example.Prompt(PromptFrom(text)),
            Preparation = new TextPreparation(vocabulary, window, source with { Rows = codes.Length }),
        };
    }

    /// <summary>A part of a text, in its order.</summary>
    public static ReadOnlyMemory<ushort> PartOf(ushort[] codes, int part)
    {
        var (validation, test) = ((int)(codes.Length * 8L / 10), (int)(codes.Length * 9L / 10));
        return part switch
        {
            Split.Train => codes.AsMemory(0, validation),
            Split.Validation => codes.AsMemory(validation, test - validation),
            _ => codes.AsMemory(test),
        };
    }

    private static string Count(long number, string what) => $"{Output.ModelSummary.Number(number)} {what}{(number == 1 ? "" : "s")}";

    private static int[] Evenly(int count, int most) => [.. Enumerable.Range(0, most).Select(i => (int)((long)i * count / most))];

    /// <summary>The first word.</summary>
    private static string PromptFrom(string text)
    {
        var words = text.Split([' ', '\n', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && words[0].Length <= 20 ? words[0] : "";
    }
}
