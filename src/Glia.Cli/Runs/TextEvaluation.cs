using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Models;
using Glia.Plots;

namespace Glia.Cli.Runs;

/// <summary>How well a language model foresees a text, and what it writes by itself.</summary>
internal sealed class TextEvaluation : Evaluation
{
    private const int SampleLength = 300;
    private const double SampleTemperature = 0.8;

    /// <summary>The characters that were foreseen.</summary>
    public required long Characters { get; init; }

    /// <summary>A text of the model's own.</summary>
    public required string Sample { get; init; }

    public double Bits => Loss / Math.Log(2);

    public override string Short => FormattableString.Invariant($"bits {Bits:F4}");

    public static TextEvaluation Of(SequentialNetwork network, Dataset data, TextPreparation preparation)
    {
        var (loss, count) = (0.0, 0L);
        ForEachBatch(network, data, (prediction, target) =>
        {
            loss += preparation.Loss.Compute(prediction, target).Item() * target.Count;
            count += target.Count;
        });
        var sample = new TextGenerator(network, preparation.Vocabulary).Write("", SampleLength, new Sampler(SampleTemperature), seed: 1);
        return new TextEvaluation { Samples = data.Count, Loss = loss / count, Characters = count, Sample = sample };
    }

    public override void Print(Terminal terminal)
    {
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{Bits:F4} bits per character   perplexity {Math.Exp(Loss):F3}   loss {Loss:F4}   ({Characters:N0} characters)"));
        terminal.Heading(string.Create(CultureInfo.InvariantCulture, $"A text of the model's own, temperature {SampleTemperature}"));
        foreach (var line in Sample.Split('\n'))
            terminal.Line(line);
    }

    public override IEnumerable<(string File, Chart Chart)> Charts(Problem problem) => [];

    protected override void AddTo(JsonObject json)
    {
        json["characters"] = Characters;
        json["bitsPerCharacter"] = RunSummary.Finite(Bits);
        json["perplexity"] = RunSummary.Finite(Math.Exp(Loss));
        json["sample"] = Sample;
    }
}
