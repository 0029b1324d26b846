using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class ConvolutionalRecurrent
{
    public static OperationTable Table { get; } = new()
    {
        { "conv_lstm", ConvLstm },
    };

    /// <summary>The case's sequences are (time, batch, …).</summary>
    private static Outputs ConvLstm(ConformanceCase c)
    {
        c.Options.FollowFromShapes("bias");
        var padding = c.Options.Text("padding");
        UnsupportedException.ThrowIf(!padding.StartsWith("same", StringComparison.Ordinal), $"padding '{padding}'");
        var layer = c.Load(Create(c));
        var (y, h, cell) = layer.Run(
            c["x"].Transpose(0, 1), ForwardContext.Inference, c.Has("in.h0") ? c["h0"] : null, c.Has("in.c0") ? c["c0"] : null);
        return new Outputs { ["y"] = y.Transpose(0, 1), ["h_n"] = h, ["c_n"] = cell };
    }

    private static ConvLstm Create(ConformanceCase c)
    {
        var (channels, hidden, useBias) = (c.Options.Integer("in_channels"), c.Options.Integer("hidden_channels"), c.Has("param.bias"));
        var shape = c["x"].Shape;
        var peepholes = c.Options.Flag("peephole", false);
        if (shape.Rank == 4)
            return new ConvLstm1D(channels, hidden, c.Options.Sizes("kernel_size", 1)[0], useBias: useBias, peepholes: peepholes ? shape[3] : null, dtype: c.DType);
        var kernel = c.Options.Sizes("kernel_size", 2);
        return new ConvLstm2D(channels, hidden, (kernel[0], kernel[1]), useBias: useBias, peepholes: peepholes ? (shape[3], shape[4]) : null, dtype: c.DType);
    }
}
