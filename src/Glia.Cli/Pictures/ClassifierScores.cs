using Glia.Cli.Runs;

namespace Glia.Cli.Pictures;

/// <summary>The probabilities that a classifier gives to each class, and the true class, of every sample or step; of a perceptron its output and the negative in their place.</summary>
internal sealed record ClassifierScores(IReadOnlyList<double[]> Rows, IReadOnlyList<int> Labels)
{
    public static ClassifierScores Of(PlotSource run, PlotOptions options)
    {
        var (rows, labels) = (new List<double[]>(), new List<int>());
        Evaluation.ForEachBatch(run.Network, run.Samples(options), (output, target) =>
        {
            labels.AddRange(target.To(DType.Int64).ToArray<long>().Select(l => (int)l));
            if (run.Model.DecidesBySign)
            {
                rows.AddRange(output.ToArray<float>().Select(v => (double[])[-v, v]));
                return;
            }
            foreach (var row in output.Softmax().ToArray<float>().Chunk(output.Shape[-1]))
                rows.Add(Array.ConvertAll(row, v => (double)v));
        });
        return new(rows, labels);
    }
}
