using Glia.Layers;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Traces a computation for several sizes of batch and sequences, on other numbers each time.</summary>
internal sealed class TraceSizes(Module module, IReadOnlyList<OnnxExportInput> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute, OnnxExportOptions options)
{
    // How much each free size grows from trace to trace. No row follows from another by a factor or a difference.
    private static readonly int[][] Growths = [[0, 1, 0, 2], [0, 0, 1, 3], [0, 3, 1, 1], [0, 2, 3, 0]];

    private const int SmallestBatch = 2;

    /// <summary>The traces, one computation for all sizes.</summary>
    /// <param name="freeSequences">Whether sequences have free lengths.</param>
    /// <param name="direction">1 for lengths from the given one up, −1 for lengths down.</param>
    /// <exception cref="RefusedException">The computation changes with the sizes.</exception>
    public AlignedTrace Run(bool freeSequences, int direction)
    {
        string[] sequences = freeSequences ? [.. inputs.Select(i => i.SequenceName).OfType<string>().Distinct()] : [];
        if (sequences.Length >= Growths.Length)
            throw new RefusedException($"no more than {Growths.Length - 1} sequences can have free lengths of their own");
        var count = options.BatchName is null && sequences.Length == 0 ? 2 : Growths[0].Length;
        var traces = new Trace[count];
        for (var k = 0; k < count; k++)
        {
            var rng = new Rng(17).Split((ulong)k);
            var batch = options.BatchName is null ? options.FixedBatch : SmallestBatch + Growths[0][k];
            (string, Tensor)[] given = [.. inputs.Select((input, i) => (input.Name, Numbers(input, ShapeOf(input, batch, k), rng.Split((ulong)i))))];
            traces[k] = Trace.Of(module, given, compute);
        }
        try
        {
            return new AlignedTrace(traces);
        }
        catch (RefusedException) when (traces.Any(t => t.Problems.Count > 0))
        {
            throw ModelExport.Refused([.. traces.SelectMany(t => t.Problems)]);
        }

        Shape ShapeOf(OnnxExportInput input, int batch, int k)
        {
            var which = input.SequenceName is { } name ? Array.IndexOf(sequences, name) : -1;
            var sample = which < 0 ? input.Sample : input.Sample.With(0, Math.Max(1, input.Sample[0] + (direction * Growths[which + 1][k])));
            return sample.Prepend(batch);
        }
    }

    private static Tensor Numbers(OnnxExportInput input, Shape shape, Rng rng)
    {
        if (input.DType.IsFloatingPoint())
            return Tensor.Normal(rng, shape, dtype: input.DType);
        var draws = Tensor.Uniform(rng, shape, 0, input.Below, DType.Float64);
        return draws.To(input.DType == DType.Bool ? DType.Int64 : input.DType).To(input.DType);
    }
}
