using Glia.Layers;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Traces a computation for several sizes of batch and sequences, on other numbers each time.</summary>
internal sealed class TraceSizes(Module module, IReadOnlyList<OnnxExportInput> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute, OnnxExportOptions options)
{
    private static readonly int[] Batches = [2, 3, 1, 7];

    // How much each sequence grows from trace to trace, in units of about its length, and by how many steps more; and what it shrinks to, in quarters, less some steps. What moves in coarse
    // steps must move, and no row follow from another by a factor or a difference.
    private static readonly (int Units, int Steps)[][] Growths = [[(0, 0), (1, 1), (3, 3), (0, 1)], [(0, 0), (2, 3), (0, 1), (3, 5)], [(0, 0), (0, 1), (1, 2), (2, 5)]];
    private static readonly (int Quarters, int Steps)[][] Shrinkages = [[(4, 0), (4, 1), (2, 0), (1, 0)], [(4, 0), (2, 0), (4, 1), (1, 0)], [(4, 0), (1, 0), (4, 1), (2, 0)]];

    private const int SmallestUnit = 8, LargestUnit = 256, ShortestToShrink = 3;

    /// <summary>Whether the computation took no longer sequence than the given one.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Computes once: what a module makes at its first call and keeps is there in all traces.</summary>
    public void WarmUp()
    {
        using var noGrad = Gradients.NoGrad();
        compute([.. Given([], direction: 1, k: 0).Select(g => g.Tensor)]);
    }

    /// <summary>The traces, one computation for all sizes.</summary>
    /// <param name="freeSequences">Whether sequences have free lengths.</param>
    /// <param name="direction">1 for lengths from the given one up, −1 for lengths down.</param>
    /// <exception cref="RefusedException">The computation changes with the sizes.</exception>
    public AlignedTrace Run(bool freeSequences, int direction)
    {
        string[] sequences = freeSequences ? [.. inputs.Select(i => i.SequenceName).OfType<string>().Distinct()] : [];
        if (sequences.Length > Growths.Length)
            throw new RefusedException($"no more than {Growths.Length} sequences can have free lengths of their own");
        if (direction < 0 && inputs.Any(i => i.SequenceName is not null && i.Sample[0] < ShortestToShrink))
            throw new RefusedException($"sequences of less than {ShortestToShrink} steps are too short to try shorter ones");
        var traces = new Trace[options.BatchName is null && sequences.Length == 0 ? 2 : Batches.Length];
        for (var k = 0; k < traces.Length; k++)
        {
            try
            {
                traces[k] = Trace.Of(module, Given(sequences, direction, k), compute);
            }
            catch (Exception e) when (freeSequences)
            {
                IsLimited = direction > 0;
                throw new RefusedException($"the computation does not take another one: {e.Message}");
            }
        }
        try
        {
            return new AlignedTrace(traces);
        }
        catch (RefusedException) when (traces.Any(t => t.Problems.Count > 0))
        {
            throw ModelExport.Refused([.. traces.SelectMany(t => t.Problems)]);
        }
    }

    private (string Name, Tensor Tensor)[] Given(string[] sequences, int direction, int k)
    {
        var rng = new Rng(17).Split((ulong)k);
        var batch = options.BatchName is null ? options.FixedBatch : Batches[k];
        return [.. inputs.Select((input, i) => (input.Name, Numbers(input, SampleOf(input).Prepend(batch), rng.Split((ulong)i))))];

        Shape SampleOf(OnnxExportInput input) => input.SequenceName is { } name && Array.IndexOf(sequences, name) is >= 0 and var which
            ? input.Sample.With(0, Length(input.Sample[0], which))
            : input.Sample;

        int Length(int length, int which)
        {
            if (direction > 0)
                return length + (Growths[which][k].Units * Math.Clamp(length, SmallestUnit, LargestUnit)) + Growths[which][k].Steps;
            var (quarters, steps) = Shrinkages[which][k];
            return Math.Max(1, (length * quarters / 4) - steps);
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
