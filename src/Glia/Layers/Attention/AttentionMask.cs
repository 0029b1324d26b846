using Glia.Replay;
using Glia.Tracing;

namespace Glia.Layers;

/// <summary>What is added to the scores of attention, and which of them are forbidden: several masks as one.</summary>
internal readonly struct AttentionMask
{
    private AttentionMask(Tensor? added, Tensor? forbidden) => (Added, Forbidden) = (added, forbidden);

    /// <summary>Added to the scores, finite; null for nothing.</summary>
    public Tensor? Added { get; }

    /// <summary>True where a score is forbidden; null where all are allowed.</summary>
    private Tensor? Forbidden { get; }

    /// <summary>True where key j comes after query i, (L, S).</summary>
    public static Tensor Causal(int queries, int keys, Device device) => Tracer.Current is { } tracer
        ? tracer.Whole(new CausalMaskCall(queries, keys, device))
        : Recorder.Constant((queries, keys, device), static s => MakeCausal(s.queries, s.keys, s.device));

    private static Tensor MakeCausal(int queries, int keys, Device device)
    {
        var mask = Tensor.Allocate((queries, keys), DType.Bool, device);
        var future = mask.Span<bool>();
        for (var i = 0; i < queries; i++)
        {
            for (var j = 0; j < keys; j++)
                future[(i * keys) + j] = j > i;
        }
        return mask;
    }

    /// <summary>Both masks: Bool is true where attention is forbidden; floating point is added, −∞ forbids.</summary>
    /// <exception cref="ArgumentException">The mask is neither Bool nor floating point.</exception>
    public AttentionMask And(Tensor mask)
    {
        if (mask.DType == DType.Bool)
            return new(Added, Either(Forbidden, mask));
        if (!mask.DType.IsFloatingPoint())
            throw new ArgumentException($"An attention mask is Bool, true where attention is forbidden, or floating point, added to the scores, but got {mask.DType}. Convert it with To(DType.Bool).");
        // Apart from the sum, since −∞ − (−∞) in the softmax of a wholly forbidden row is no number.
        var forbidden = Tensor.EqualTo(mask, Tensor.Scalar(double.NegativeInfinity, mask.DType, mask.Device));
        if (!forbidden.Span<bool>().Contains(true))
            return new(Added is null ? mask : Added + mask, Forbidden);
        var finite = Tensor.Where(forbidden, Tensor.Scalar(0, mask.DType, mask.Device), mask);
        return new(Added is null ? finite : Added + finite, Either(Forbidden, forbidden));
    }

    /// <summary>Where scores of that shape, (batch, heads, L, S), are forbidden, as four axes that repeat to it; null where all are allowed.</summary>
    /// <exception cref="ShapeException">The mask does not broadcast to the scores.</exception>
    public Tensor? ForbiddenIn(Shape scores)
    {
        RequireFits(Forbidden, scores);
        return Forbidden is null || Forbidden.Rank == scores.Rank ? Forbidden : Forbidden.Reshape(new Shape([.. Enumerable.Repeat(1, scores.Rank - Forbidden.Rank), .. Forbidden.Shape.Sizes]));
    }

    /// <summary>Softmax over the allowed scores of each row; zeros in a row that allows none.</summary>
    /// <exception cref="ShapeException">The mask does not broadcast to the scores.</exception>
    public Tensor Softmax(Tensor scores)
    {
        RequireFits(Added, scores.Shape);
        RequireFits(Forbidden, scores.Shape);
        if (Added is not null)
            scores += Added.To(scores.DType);
        if (Forbidden is null)
            return scores.Softmax();
        scores = Tensor.Where(Forbidden, Tensor.Scalar(double.NegativeInfinity, scores.DType, scores.Device), scores);
        if (EmptyRowsOf(Forbidden) is not { } empty)
            return scores.Softmax();
        // Before the softmax as well as after it: of −∞ alone it would be NaN, which a choice hides but which the gradient would meet again.
        var zero = Tensor.Scalar(0, scores.DType, scores.Device);
        return Tensor.Where(empty, zero, Tensor.Where(empty, zero, scores).Softmax());
    }

    private static Tensor? EmptyRowsOf(Tensor forbidden) => Tracer.Current is { } tracer && tracer.DependsOnInput(forbidden)
        ? tracer.Whole(new EmptyRowsCall(), forbidden)
        : Recorder.OfConstant(forbidden, static mask => EmptyRows(mask));

    /// <summary>True for rows that are forbidden from end to end, (…, L, 1); null when there are none.</summary>
    private static Tensor? EmptyRows(Tensor forbidden)
    {
        var keys = forbidden.Rank == 0 ? 1 : forbidden.Shape[-1];
        if (keys == 0)
            return null;
        var empty = Tensor.Allocate(forbidden.Rank == 0 ? 1 : forbidden.Shape.With(-1, 1), DType.Bool, forbidden.Device);
        var rows = empty.Span<bool>();
        var all = forbidden.Span<bool>();
        for (var i = 0; i < rows.Length; i++)
            rows[i] = !all.Slice(i * keys, keys).Contains(false);
        return rows.Contains(true) ? empty : null;
    }

    private static Tensor Either(Tensor? a, Tensor b) => a is null ? b : Tensor.Where(a, Tensor.Scalar(1, DType.Bool, b.Device), b);

    private static void RequireFits(Tensor? mask, Shape scores)
    {
        if (mask is not null && (!Shape.TryBroadcast(mask.Shape, scores, out var shape) || shape != scores))
            throw ShapeException.Of("Attention", $"a mask that broadcasts to the scores {scores}", $"{mask.Shape}");
    }
}
