using Glia.Kernels;
using Glia.Layers;

namespace Glia.Tracing;

/// <summary>
/// A computation that a trace shows as one, although it is made of several operations: what is exported keeps its meaning, such as a mean over an axis whose size is free.
/// </summary>
internal abstract record TracedCall
{
    /// <summary>The name in messages.</summary>
    public virtual string Name => GetType().Name.Replace("Call", "", StringComparison.Ordinal);

    /// <summary>Does it, untraced.</summary>
    public abstract Tensor Compute(Tensor?[] x);
}

/// <summary>A reduction over some axes.</summary>
internal sealed record ReduceCall(Reduction Kind, int[] Axes, bool KeepDims) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => Tensor.Reduced(x[0]!, Kind, Axes, KeepDims);
}

internal sealed record MeanCall(int[] Axes, bool KeepDims) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.Mean(Axes, KeepDims);
}

/// <summary>Σ(x − mean)² / (n − correction).</summary>
internal sealed record VarianceCall(int[] Axes, int Correction, bool KeepDims) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.Variance(Axes, Correction, KeepDims);
}

internal sealed record ArgExtremeCall(bool Largest, int Axis, bool KeepDims) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => Largest ? x[0]!.ArgMax(Axis, KeepDims) : x[0]!.ArgMin(Axis, KeepDims);
}

internal sealed record CompareCall(Comparison Comparison) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => Tensor.Compare(Comparison, x[0]!, x[1]!);
}

internal sealed record WhereCall : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => Tensor.Where(x[0]!, x[1]!, x[2]!);
}

internal sealed record OneHotCall(int Classes, DType DType) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => Tensor.OneHot(x[0]!, Classes, DType);
}

/// <summary>Rows of a table by indices of any shape.</summary>
internal sealed record LookupCall : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.Lookup(x[1]!);
}

internal sealed record MatMulCall(bool TransposeA, bool TransposeB) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.MatMul(x[1]!, TransposeA, TransposeB);
}

/// <summary>x·wᵀ + b over the last axis.</summary>
internal sealed record DenseCall : TracedCall
{
    public override Tensor Compute(Tensor?[] x)
    {
        var y = x[0]!.MatMul(x[1]!, transposeB: true);
        return x[2] is null ? y : y + x[2]!;
    }
}

/// <summary>A convolution or a transposed one, with its bias.</summary>
internal sealed record ConvCall(string Who, ConvSettings Settings, int[]? OutputPadding) : TracedCall
{
    public override string Name => OutputPadding is null ? "Conv" : "ConvTranspose";

    public override Tensor Compute(Tensor?[] x) => OutputPadding is null
        ? Tensor.Convolve(Who, x[0]!, x[1]!, x[2], Settings)
        : Tensor.ConvolveTransposed(Who, x[0]!, x[1]!, x[2], Settings, OutputPadding);
}

/// <summary>The largest element of each channel, over all axes behind the second.</summary>
internal sealed record GlobalMaxCall : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.Max([.. Enumerable.Range(2, x[0]!.Rank - 2)], keepDims: true);
}

internal sealed record LayerNormCall(int Axes, double Epsilon) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.LayerNorm(x[0]!.Shape.From(x[0]!.Rank - Axes), x[1], x[2], Epsilon);
}

internal sealed record GroupNormCall(int Groups, double Epsilon) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.GroupNorm(Groups, x[1], x[2], Epsilon);
}

/// <summary>Batch normalisation by running statistics: x, γ, β, mean, variance.</summary>
internal sealed record BatchNormCall(double Epsilon) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => BatchNorm.ByStatistics(x[0]!, x[1]!, x[2]!, x[3]!, x[4]!, Epsilon);
}

internal sealed record PadCall(int Axis, int Before, int After, PadMode Mode, double Value) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.Pad(Axis, Before, After, Mode, Value);
}

/// <summary>Each element of the last axes, rows and columns, several times, or blended with its neighbours.</summary>
internal sealed record UpSampleCall(UpSample2D Layer) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => Layer.Forward(x[0]!, ForwardContext.Inference);
}

/// <summary>True where key j comes after query i.</summary>
internal sealed record CausalMaskCall(int Queries, int Keys, Device Device) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => AttentionMask.Causal(Queries, Keys, Device);
}

/// <summary>The rows of a mask that forbid everything, (…, L, 1).</summary>
internal sealed record EmptyRowsCall : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => x[0]!.To(DType.Float32).Min([-1], keepDims: true).To(DType.Bool);
}

/// <summary>The pattern of <see cref="PositionalEncoding"/>, (time, features).</summary>
internal sealed record PositionTableCall(int Time, int Features, DType DType, Device Device) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => PositionalEncoding.Table(Time, Features, DType).To(Device);
}

/// <summary>
/// A recurrent cell that ONNX has an operator for: x (batch, time, features), W, R, h, c (null but for an LSTM), the bias, and the peepholes of an LSTM or the reset product's bias
/// of a GRU. The results are all hidden states, and the last state.
/// </summary>
internal sealed record RecurrentCall(string Kind, string Activation, bool IsReverse) : TracedCall
{
    public override string Name => Kind;

    public override Tensor Compute(Tensor?[] x) => throw new InvalidOperationException("It has several results.");
}

/// <summary>
/// The same at each step of a first axis: the inputs are the steps and the state, the results all outputs, one after the other, and the last state. What is done at a step is the node's body.
/// </summary>
internal sealed record ScanCall(bool IsReverse) : TracedCall
{
    public override Tensor Compute(Tensor?[] x) => throw new InvalidOperationException("It has several results.");
}
