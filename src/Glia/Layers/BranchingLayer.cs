using System.Text.Json;

namespace Glia.Layers;

/// <summary>What layers with several ways from input to output have in common: each branch gets the input, and their outputs become one.</summary>
public abstract class BranchingLayer : Layer
{
    private readonly Layer?[] _branches;

    /// <summary>A branch without a layer passes the input on.</summary>
    private protected BranchingLayer(BranchMerge merge, params ReadOnlySpan<(string Name, Layer? Layer)> branches)
    {
        if (merge is not (BranchMerge.Concat or BranchMerge.Add))
            throw new ArgumentOutOfRangeException(nameof(merge), merge, $"{GetType().Name} knows Concat and Add.");
        Merge = merge;
        _branches = new Layer?[branches.Length];
        for (var i = 0; i < branches.Length; i++)
            _branches[i] = branches[i].Layer is { } layer ? Add(branches[i].Name, layer) : null;
    }

    /// <summary>How the outputs become one.</summary>
    public BranchMerge Merge { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        foreach (var branch in _branches)
        {
            if (branch is SequentialNetwork { HasFreeTime: false } network && network.InputShape != input)
                throw ShapeException.Of(Describe(), $"samples of shape {network.InputShape}", $"{input}");
        }
        var shapes = Array.ConvertAll(_branches, b => b?.OutputShape(input) ?? input);
        var first = shapes[0];
        if (Merge == BranchMerge.Add)
        {
            return Array.TrueForAll(shapes, s => s == first)
                ? first
                : throw ShapeException.Of(Describe(), "branches that give one shape, to be added,", string.Join(" and ", shapes), AddingFix);
        }
        if (!Array.TrueForAll(shapes, s => s.Rank > 0 && s.Rank == first.Rank && s.From(1) == first.From(1)))
            throw ShapeException.Of(Describe(), "branches whose shapes differ along their first axis only, to be joined,", string.Join(" and ", shapes));
        return first.With(0, Windows.Saturate(shapes.Sum(s => (long)s[0])));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        var outputs = Array.ConvertAll(_branches, b => b is null ? input : context.Gather(b, b.Forward(input, context)));
        return Merge == BranchMerge.Concat ? Tensor.Concat(1, outputs) : outputs.Aggregate((a, b) => a + b);
    }

    internal override IEnumerable<(Layer Layer, Shape Input)> Inner(Shape input) => _branches.OfType<Layer>().Select(b => (b, input));

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteString("merge", Merge == BranchMerge.Concat ? "concat" : "add");
        writer.WriteStartArray("branches");
        foreach (var branch in _branches)
        {
            if (branch is null)
                writer.WriteNullValue();
            else
                LayerCatalog.Write(writer, branch);
        }
        writer.WriteEndArray();
    }

    private protected virtual string? AddingFix => null;
}
