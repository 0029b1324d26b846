using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Attention
{
    public static OperationTable Table { get; } = new()
    {
        { "multihead_attention", MultiHead },
        { "scaled_dot_product_attention", ScaledDotProduct },
        { "transformer_decoder_layer", DecoderLayer },
        { "transformer_encoder_layer", EncoderLayer },
    };

    private static Outputs ScaledDotProduct(ConformanceCase c)
    {
        var kind = !c.Options.IsMissing("mask") ? c.Options.Text("mask") : "none";
        UnsupportedException.ThrowIf(kind is not ("none" or "additive" or "boolean" or "bool" or "causal"), $"attention with mask '{kind}'");
        var mask = InputOrNull(c, "attn_mask", "mask");
        var causal = IsCausal(c);
        double? scale = !c.Options.IsMissing("scale") && !c.Options.IsText("scale") ? c.Options.Number("scale") : null;
        UnsupportedException.ThrowIf(scale is null && !c.Options.IsMissing("scale") && c.Options.Text("scale") != "1/sqrt(E)", "that text for 'scale'");
        var outputs = new Outputs { ["y"] = Tensor.ScaledDotProductAttention(c["q"], c["k"], c["v"], mask, causal, scale) };
        if (c.Has("out.weights"))
            outputs["weights"] = Tensor.AttentionWeights(c["q"], c["k"], mask, causal, scale);
        return outputs;
    }

    private static Outputs MultiHead(ConformanceCase c)
    {
        c.Options.FollowFromShapes("need_weights", "average_attn_weights", "average_weights", "kdim", "vdim", "bias");
        RequireNoDropout(c);
        var batchFirst = c.Options.Flag("batch_first", true);
        var (query, key, value) = (BatchFirst(c["query"]), BatchFirst(c["key"]), BatchFirst(c["value"]));
        var options = new MultiHeadAttentionOptions { KeySize = key.Shape[2], ValueSize = value.Shape[2], UseBias = c.Has("param.in_proj_bias") };
        var layer = c.Load(new MultiHeadAttention(c.Options.Integer("embed_dim"), c.Options.Integer("num_heads"), options, c.DType));
        var (y, weights) = layer.Attend(query, key, value, ForwardContext.Inference, InputOrNull(c, "attn_mask"), InputOrNull(c, "key_padding_mask"), IsCausal(c));
        var outputs = new Outputs { ["y"] = BatchFirst(y) };
        if (c.Has("out.weights"))
            outputs["weights"] = c.Reference("out.weights").Rank == 3 ? weights.Mean(1) : weights;
        return outputs;

        Tensor BatchFirst(Tensor x) => batchFirst ? x : x.Transpose(0, 1);
    }

    private static Tensor EncoderLayer(ConformanceCase c)
    {
        var layer = c.Load(new TransformerEncoderLayer(
            c.Options.Integer("d_model"), c.Options.Integer("nhead"), c.Options.Integer("dim_feedforward"), OptionsOf(c), c.DType));
        var batchFirst = c.Options.Flag("batch_first", true);
        var x = c.Has("in.src") ? c["src"] : c["x"];
        var y = layer.Forward(
            batchFirst ? x : x.Transpose(0, 1), ForwardContext.Inference,
            InputOrNull(c, "src_mask", "attn_mask", "mask"), InputOrNull(c, "src_key_padding_mask", "key_padding_mask"));
        return batchFirst ? y : y.Transpose(0, 1);
    }

    private static Tensor DecoderLayer(ConformanceCase c)
    {
        var layer = c.Load(new TransformerDecoderLayer(
            c.Options.Integer("d_model"), c.Options.Integer("nhead"), c.Options.Integer("dim_feedforward"), OptionsOf(c), c.DType));
        var batchFirst = c.Options.Flag("batch_first", true);
        var (target, memory) = (c.Has("in.tgt") ? c["tgt"] : c["x"], c["memory"]);
        var masks = new TransformerDecoderMasks
        {
            Causal = IsCausal(c),
            Target = InputOrNull(c, "tgt_mask"),
            TargetPadding = InputOrNull(c, "tgt_key_padding_mask"),
            Memory = InputOrNull(c, "memory_mask"),
            MemoryPadding = InputOrNull(c, "memory_key_padding_mask"),
        };
        return batchFirst
            ? layer.Forward(target, memory, ForwardContext.Inference, masks)
            : layer.Forward(target.Transpose(0, 1), memory.Transpose(0, 1), ForwardContext.Inference, masks).Transpose(0, 1);
    }

    private static TransformerOptions OptionsOf(ConformanceCase c)
    {
        RequireNoDropout(c);
        return new()
        {
            Activation = c.Options.Text("activation") switch
            {
                "relu" => TransformerActivation.ReLU,
                "gelu" => TransformerActivation.GELU,
                var other => throw new UnsupportedException($"unsupported: activation '{other}'"),
            },
            NormFirst = c.Options.Flag("norm_first", false),
            Epsilon = c.Options.Number("layer_norm_eps", 1e-5),
            Dropout = 0,
            Causal = c.Operation == "transformer_encoder_layer" && IsCausal(c),
        };
    }

    private static bool IsCausal(ConformanceCase c)
    {
        var byMask = !c.Options.IsMissing("mask") && c.Options.Text("mask") == "causal";
        return new[] { "causal", "is_causal", "tgt_is_causal" }.Aggregate(byMask, (any, name) => any | c.Options.Flag(name, false));
    }

    private static void RequireNoDropout(ConformanceCase c) => UnsupportedException.ThrowIf(c.Options.Number("dropout", 0) > 0, "values of a random dropout");

    private static Tensor? InputOrNull(ConformanceCase c, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (c.Has("in." + name))
                return c[name];
        }
        return null;
    }
}
