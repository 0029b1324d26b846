using System.Globalization;
using Glia.Cli.Pictures;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Plots;

namespace Glia.Cli.Reports;

/// <summary>Passages of a held-out text that a language model foresees worst and best, character by character.</summary>
internal static class ReportTexts
{
    private const int MostWindows = 200;
    private const int Shown = 4;

    // A character that costs as many bits has the darkest ground.
    private const double MostBits = 8;

    public static void Add(HtmlPage page, PlotSource run, TextPreparation text)
    {
        run.LimitSamples(MostWindows);
        var windows = new List<(int[] Codes, double[] Bits)>();
        Evaluation.ForEachBatch(run.Network, run.Samples(new()), (output, target) =>
        {
            var (steps, count) = (output.Shape[1], output.Shape[2]);
            var logs = output.LogSoftmax().ToArray<float>();
            var codes = target.To(DType.Int64).ToArray<long>();
            for (var w = 0; w < codes.Length / steps; w++)
            {
                int[] truth = [.. Enumerable.Range(w * steps, steps).Select(p => (int)codes[p])];
                windows.Add((truth, [.. truth.Select((c, t) => -logs[(((w * steps) + t) * count) + c] / Math.Log(2))]));
            }
        });
        if (windows.Count == 0)
            return;
        var order = windows.OrderByDescending(w => w.Bits.Average()).ToArray();
        page.Note($"The darker a character, the less it was expected: white costs nothing, the darkest {MostBits} bits or more.");
        page.Heading("Worst");
        Show(order.Take(Shown));
        page.Heading("Best");
        Show(order.Reverse().Take(Shown));

        void Show(IEnumerable<(int[] Codes, double[] Bits)> chosen)
        {
            foreach (var (codes, bits) in chosen)
            {
                page.Shaded(
                    codes.Select((c, t) => (Visible(text.Vocabulary.Decode([(ushort)c])), bits[t] / MostBits)),
                    string.Create(CultureInfo.InvariantCulture, $"{bits.Average():F2} bits per character"));
            }
        }
    }

    /// <summary>A line break has no ground of its own to be seen.</summary>
    private static string Visible(string character) => character == "\n" ? "⏎\n" : character;
}
