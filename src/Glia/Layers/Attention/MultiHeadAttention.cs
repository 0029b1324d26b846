using System.Text.Json;
using Glia.Initializers;
using Glia.Kernels;
using Glia.Ops;
using Glia.Tracing;

namespace Glia.Layers;

/// <summary>
/// Multi-head attention (Vaswani et al. 2017): queries, keys and values are projected, cut into heads of E / heads features, each head attends by
/// <see cref="Tensor.ScaledDotProductAttention"/>, and the joined results are projected once more. As a layer it is self-attention, (batch, time, E) to the
/// same shape; steps beyond <see cref="ForwardContext.Lengths"/> are not attended to. Parameters have PyTorch's names and layout: <c>in_proj_weight</c> (3E, E)
/// holds the blocks of Q, K and V. Initial weights are Glorot's, biases zero.
/// </summary>
public sealed class MultiHeadAttention : Layer
{
    private readonly MultiHeadAttentionOptions _options;

    /// <summary>Creates the layer.</summary>
    /// <param name="embeddingSize">E, the features of queries and of the output.</param>
    /// <param name="heads">The number of heads, which divides E.</param>
    /// <param name="options">Sizes of keys and values, bias, dropout, causality.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, the heads do not divide E, or the dropout is not in [0, 1).</exception>
    public MultiHeadAttention(int embeddingSize, int heads, MultiHeadAttentionOptions? options = null, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(embeddingSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        if (embeddingSize % heads != 0)
            throw new ArgumentException($"MultiHeadAttention expects heads that divide its {embeddingSize} features but got {heads}.");
        _options = options ?? new();
        Dropout.RequireProbability(_options.Dropout);
        (EmbeddingSize, Heads) = (embeddingSize, heads);
        var (keySize, valueSize) = (_options.KeySize ?? embeddingSize, _options.ValueSize ?? embeddingSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keySize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(valueSize, nameof(options));
        if (keySize == embeddingSize && valueSize == embeddingSize)
        {
            InProjWeight = Add("in_proj_weight", new Parameter((3 * embeddingSize, embeddingSize), dtype));
        }
        else
        {
            QProjWeight = Add("q_proj_weight", new Parameter((embeddingSize, embeddingSize), dtype));
            KProjWeight = Add("k_proj_weight", new Parameter((embeddingSize, keySize), dtype));
            VProjWeight = Add("v_proj_weight", new Parameter((embeddingSize, valueSize), dtype));
        }
        InProjBias = _options.UseBias ? Add("in_proj_bias", new Parameter(3 * embeddingSize, dtype, decays: false)) : null;
        OutProj = Add("out_proj", new Dense(embeddingSize, embeddingSize, _options.UseBias, dtype));
        Initialize(DefaultRng.Next());
    }

    /// <summary>E, the features of queries and of the output.</summary>
    public int EmbeddingSize { get; }

    /// <summary>The number of heads.</summary>
    public int Heads { get; }

    /// <summary>The projections of Q, K and V one above the other, (3E, E); null when keys or values have a size of their own.</summary>
    public Parameter? InProjWeight { get; }

    /// <summary>The projection of queries, (E, E), when keys or values have a size of their own.</summary>
    public Parameter? QProjWeight { get; }

    /// <summary>The projection of keys, (E, key size), when keys or values have a size of their own.</summary>
    public Parameter? KProjWeight { get; }

    /// <summary>The projection of values, (E, value size), when keys or values have a size of their own.</summary>
    public Parameter? VProjWeight { get; }

    /// <summary>The biases of Q, K and V, (3E,); null without biases.</summary>
    public Parameter? InProjBias { get; }

    /// <summary>The projection of the joined heads.</summary>
    public Dense OutProj { get; }

    /// <summary>
    /// A mask for <see cref="Attend"/> from the lengths of sequences: Bool (batch, time), true for the steps beyond each length, which no query may attend to.
    /// </summary>
    /// <param name="lengths">The number of valid steps of each sequence, (batch,) Int64.</param>
    /// <param name="time">The number of steps of the batch.</param>
    /// <exception cref="ArgumentException">A length is negative or above the number of steps.</exception>
    public static Tensor PaddingMask(Tensor lengths, int time)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        var mask = Tensor.Allocate((lengths.Count, time), DType.Bool, lengths.Device);
        var padding = mask.Span<bool>();
        var valid = lengths.AsSpan<long>();
        for (var i = 0; i < valid.Length; i++)
        {
            if (valid[i] < 0 || valid[i] > time)
                throw new ArgumentException($"PaddingMask expects lengths from 0 to {time}, the number of steps, but got {valid[i]}.");
            padding.Slice(i * time, (int)valid[i]).Clear();
            padding[((i * time) + (int)valid[i])..((i + 1) * time)].Fill(true);
        }
        return mask;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input[-1] != EmbeddingSize)
            throw ShapeException.Of(Describe(), $"(time, {EmbeddingSize})", $"input {input}");
        return InProjWeight is not null
            ? input
            : throw ShapeException.Of(Describe(), $"keys of {KProjWeight!.Shape[1]} and values of {VProjWeight!.Shape[1]} features", $"one input {input} for all three", "Call Attend(query, key, value) in a module of your own.");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => SelfOutput(input, context, _options.Causal);

    /// <summary>Attention of queries to keys and values: the output, and how much each query attended to each key.</summary>
    /// <param name="query">(batch, L, E).</param>
    /// <param name="key">(batch, S, key size).</param>
    /// <param name="value">(batch, S, value size).</param>
    /// <param name="context">Training or inference, for dropout. Its lengths do not count here; see <see cref="PaddingMask"/>.</param>
    /// <param name="mask">
    /// (L, S), (batch, heads, L, S) or (batch·heads, L, S): Bool, true where attention is forbidden, or floating point, added to the scores. None by default.
    /// </param>
    /// <param name="keyPaddingMask">(batch, S), like <paramref name="mask"/>, for keys that no query of that sample may attend to. None by default.</param>
    /// <param name="causal">Whether query i may attend to keys j ≤ i only; false by default.</param>
    /// <returns>The output (batch, L, E), and the weights (batch, heads, L, S) before dropout, whose rows sum to 1.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public (Tensor Output, Tensor Weights) Attend(
        Tensor query, Tensor key, Tensor value, ForwardContext context, Tensor? mask = null, Tensor? keyPaddingMask = null, bool causal = false)
    {
        RequireFit(query, key, value, context);
        var (q, k, v) = IsPacked(query, key, value)
            ? ProjectTogether(query)
            : (Project(query, 0), Project(key, 1), Project(value, 2));
        var weights = Tensor.AttentionWeights(q, k, Combine(mask, keyPaddingMask, causal, query.Shape[0], k.Shape[2], q.Shape[2]), scale: null);
        var joined = Drop(weights, context).MatMul(v).Permute(0, 2, 1, 3).Reshape(query.Shape);
        return (OutProj.Forward(joined, context), weights);
    }

    /// <summary>Attention of a sequence to itself, without the steps beyond the context's lengths.</summary>
    internal (Tensor Output, Tensor Weights) SelfAttend(Tensor input, ForwardContext context, bool causal, Tensor? mask = null, Tensor? keyPaddingMask = null)
    {
        return Attend(input, input, input, context, mask, keyPaddingMask ?? PaddingOf(input, context), causal);
    }

    /// <summary>The output of <see cref="SelfAttend"/>.</summary>
    internal Tensor SelfOutput(Tensor input, ForwardContext context, bool causal, Tensor? mask = null, Tensor? keyPaddingMask = null) =>
        Output(input, input, input, context, mask, keyPaddingMask ?? PaddingOf(input, context), causal);

    /// <summary>The output of <see cref="Attend"/>, without forming the weights where nothing asks for them.</summary>
    internal Tensor Output(
        Tensor query, Tensor key, Tensor value, ForwardContext context, Tensor? mask = null, Tensor? keyPaddingMask = null, bool causal = false)
    {
        RequireFit(query, key, value, context);
        Tracer.Enter(this);
        var (batch, queries, keys, features) = (query.Shape[0], query.Shape[1], key.Shape[1], EmbeddingSize / Heads);
        var drops = context.IsTraining && _options.Dropout > 0;
        var combined = drops ? default : Combine(mask, keyPaddingMask, causal: false, batch, keys);
        if (drops || combined.Added is not null)
            return Attend(query, key, value, context, mask, keyPaddingMask, causal).Output;
        var packed = IsPacked(query, key, value);
        Tensor[] operands = packed ? [Projected(query, InProjWeight!, InProjBias)] : [Projected(query, 0), Projected(key, 1), Projected(value, 2)];
        if (combined.ForbiddenIn(new(batch, Heads, queries, keys)) is { } forbidden)
            operands = [.. operands, forbidden];
        var sizes = new AttentionSizes(batch, Heads, queries, keys, features, features, 1 / Math.Sqrt(features), causal, packed);
        return Tracer.Leave(this, OutProj.Forward(new AttentionOperation(sizes).Apply(operands), context));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("heads", Heads);
        writer.WriteBoolean("useBias", InProjBias is not null);
        writer.WriteNumber("dropout", _options.Dropout);
        writer.WriteBoolean("causal", _options.Causal);
    }

    private protected override void Initialize(Rng rng)
    {
        base.Initialize(rng);
        foreach (var weight in new[] { InProjWeight, QProjWeight, KProjWeight, VProjWeight })
        {
            if (weight is not null)
                Initializer.GlorotUniform.Fill(weight, rng.Split(weight.Name));
        }
        InProjBias?.FillInPlace(0);
    }

    private bool IsPacked(Tensor query, Tensor key, Tensor value) => ReferenceEquals(query, key) && ReferenceEquals(key, value) && InProjWeight is not null;

    /// <summary>(batch, time, features) to (batch, heads, time, E / heads), by the projection of queries (0), keys (1) or values (2).</summary>
    private Tensor Project(Tensor x, int which) =>
        Projected(x, which).Reshape(x.Shape[0], x.Shape[1], Heads, EmbeddingSize / Heads).Permute(0, 2, 1, 3);

    /// <summary>The three projections of one input as one product.</summary>
    private (Tensor Query, Tensor Key, Tensor Value) ProjectTogether(Tensor x)
    {
        var y = Projected(x, InProjWeight!, InProjBias);
        var parts = y.Reshape(x.Shape[0], x.Shape[1], 3, Heads, EmbeddingSize / Heads).Permute(2, 0, 3, 1, 4);
        return (Part(0), Part(1), Part(2));

        Tensor Part(int i) => parts.Slice(0, i, 1).Reshape(parts.Shape.From(1));
    }

    /// <summary>(batch, time, features) to (batch, time, E), by the projection of queries (0), keys (1) or values (2).</summary>
    private Tensor Projected(Tensor x, int which) => Projected(
        x, InProjWeight?.Slice(0, which * EmbeddingSize, EmbeddingSize) ?? WeightOf(which), InProjBias?.Slice(0, which * EmbeddingSize, EmbeddingSize));

    private static Tensor Projected(Tensor x, Tensor weight, Tensor? bias)
    {
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new DenseCall(), x, weight, bias);
        var y = ActivationFunction.Identity.Dense(x.Reshape(x.Shape[0] * x.Shape[1], x.Shape[2]), weight, bias);
        return y.Reshape(x.Shape[0], x.Shape[1], weight.Shape[0]);
    }

    /// <summary>The mask for the steps beyond the context's lengths, if it has any.</summary>
    private Tensor? PaddingOf(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return context.Lengths is { } lengths ? PaddingMask(lengths, input.Shape[1]) : null;
    }

    private void RequireFit(Tensor query, Tensor key, Tensor value, ForwardContext context)
    {
        Require(query, 0);
        Require(key, 1);
        Require(value, 2);
        ArgumentNullException.ThrowIfNull(context);
        if (query.Shape[0] != key.Shape[0] || key.Shape[0] != value.Shape[0] || key.Shape[1] != value.Shape[1])
            throw ShapeException.Of(Describe(), "query (batch, L, …), key and value (batch, S, …)", $"{query.Shape}, {key.Shape} and {value.Shape}");
    }

    private Tensor Drop(Tensor weights, ForwardContext context) => context.IsTraining && _options.Dropout > 0
        ? weights * Dropout.Mask(_options.Dropout, weights.Shape, weights, context.RngFor(this))
        : weights;

    private AttentionMask Combine(Tensor? mask, Tensor? keyPaddingMask, bool causal, int batch, int keys, int queries = 0)
    {
        var combined = default(AttentionMask);
        if (mask is not null)
        {
            if (mask.Rank == 3 && mask.Shape[0] == batch * Heads)
                mask = mask.Reshape(batch, Heads, mask.Shape[1], mask.Shape[2]);
            combined = combined.And(mask);
        }
        if (keyPaddingMask is not null)
        {
            if (keyPaddingMask.Shape != new Shape(batch, keys))
                throw ShapeException.Of(Describe(), $"a key padding mask ({batch}, {keys})", $"{keyPaddingMask.Shape}");
            combined = combined.And(keyPaddingMask.Reshape(batch, 1, 1, keys));
        }
        return causal ? combined.And(AttentionMask.Causal(queries, keys, OutProj.Weight.Device)) : combined;
    }

    private Parameter WeightOf(int which) => which switch
    {
        0 => QProjWeight!,
        1 => KProjWeight!,
        _ => VProjWeight!,
    };

    private void Require(Tensor x, int which)
    {
        string[] names = ["query", "key", "value"];
        ArgumentNullException.ThrowIfNull(x, names[which]);
        var features = InProjWeight is null ? WeightOf(which).Shape[1] : EmbeddingSize;
        if (x.Rank != 3 || x.Shape[2] != features)
            throw ShapeException.Of(Describe(), $"{names[which]} (batch, time, {features})", $"{x.Shape}");
    }
}
