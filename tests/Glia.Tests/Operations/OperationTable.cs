using Glia.Autograd;
using Glia.Kernels;
using Glia.Layers;
using Glia.Ops;

namespace Glia.Tests.Operations;

/// <summary>One row per differentiable operation and way of using it. A new operation gets a row here, and every conformance test runs on it.</summary>
internal static class OperationTable
{
    private static readonly Shape LargeRows = (5, 13_007);

    public static IReadOnlyDictionary<string, OperationRow> Rows { get; } =
        ElementWise().Concat(Movement()).Concat(Reductions()).Concat(Products()).Concat(WindowTable.Rows).Concat(RecurrentTable.Rows).Concat(Fused()).ToDictionary(r => r.Name);

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static TheoryData<string> FusedNames => [.. Rows.Values.Where(r => r.Fused is not null).Select(r => r.Name)];

    public static TheoryData<string> EmptyNames => [.. Rows.Values.Where(r => r.Empty is not null).Select(r => r.Name)];

    private static IEnumerable<OperationRow> ElementWise() =>
    [
        Unary("Abs", x => x.Abs()),
        Unary("Negate", x => -x),
        Unary("Square", x => x.Square()),
        Unary("Exp", x => x.Exp()),
        Unary("Sin", x => x.Sin()),
        Unary("Cos", x => x.Cos()),
        Unary("ReLU", x => x.ReLU()),
        Unary("LeakyReLU", x => x.LeakyReLU(0.1)),
        Unary("Sigmoid", x => x.Sigmoid()),
        Unary("Tanh", x => x.Tanh()),
        Unary("Softplus", x => x.Softplus()),
        Unary("Swish", x => x.Swish()),
        Unary("ELU", x => x.ELU(0.7)),
        Unary("GELU", x => x.GELU()),
        Unary("GELUTanh", x => x.GELU(approximate: true)),
        Unary("HardSigmoid", x => x.HardSigmoid()),
        Unary("HardSwish", x => x.HardSwish()),
        Unary("HardTanh", x => x.HardTanh(-0.8, 1.1)),
        Unary("LogSigmoid", x => x.LogSigmoid()),
        Unary("Mish", x => x.Mish()),
        Unary("ReLU6", x => x.ReLU6()),
        Unary("SELU", x => x.SELU()),
        Unary("Softsign", x => x.Softsign()),
        Unary("Erf", x => x.Erf()),
        Unary("Expm1", x => x.Expm1()),
        Unary("Sinh", x => x.Sinh()),
        Unary("Cosh", x => x.Cosh()),
        Unary("Tan", x => x.Tan(), -1.2, 1.2),
        Unary("Atan", x => x.Atan()),
        Unary("Log2", x => x.Log2(), 0.2, 4),
        Unary("Sign", x => x.Sign()),
        Unary("Floor", x => x.Floor(), 0.1, 0.9),
        Unary("PowByNumber", x => x.Pow(2.5), 0.2, 3),
        Unary("PowByWholeNumber", x => x.Pow(3)),
        Unary("Offset", x => 3 + x),
        Unary("Scale", x => x * -1.5),
        Unary("MinusConstant", x => 2.5 - x),
        Unary("OverConstant", x => x / 3),
        Unary("Clamp", x => x.Clamp(-1, 1)),
        Unary("Log", x => x.Log(), 0.2, 4),
        Unary("Log1p", x => x.Log1p(), -0.7, 4),
        Unary("Sqrt", x => x.Sqrt(), 0.2, 4),
        Unary("Rsqrt", x => x.Rsqrt(), 0.2, 4),
        Unary("Reciprocal", x => 2 / x, 0.3, 3),
        Unary("Cast", x => x.To(x.DType == DType.Float64 ? DType.Float32 : DType.Float64).Square().To(x.DType)) with { Step = 0.01, AdjointTolerance = 1e-6 },
        .. Binary("Add", (a, b) => a + b),
        .. Binary("Subtract", (a, b) => a - b),
        .. Binary("Multiply", (a, b) => a * b),
        .. Binary("Divide", (a, b) => a / b, 0.3, 3),
        .. Binary("Pow", Tensor.Pow, 0.3, 3),
        .. Binary("Maximum", Tensor.Maximum),
        .. Binary("Minimum", Tensor.Minimum),
        new("Where", x => Tensor.Where(Constant(x[0], 1, 0, 1), x[0], x[1]), (2, 3), (2, 3)) { ShowsNaN = false, Empty = [(0, 3), (0, 3)], Large = [(40_001, 3), (40_001, 3)] },
        new("WhereBroadcast", x => Tensor.Where(Constant(x[0], 1, 0), x[0], x[1]), (3, 1), 2) { ShowsNaN = false },
        new("DifferentiableFunction", x => new SquareTimes().Apply(x[0], x[1]), (2, 3), (2, 3)) { Empty = [(0, 3), (0, 3)] },
        new("SameTwice", x => (x[0] * x[0]) + x[0], 5),
    ];

    private static IEnumerable<OperationRow> Movement() =>
    [
        new("Reshape", x => x[0].Reshape(3, x[0].Count / 3), (2, 6)) { Empty = [(2, 0)] },
        new("ReshapeInferred", x => x[0].Reshape(-1, 4), (2, 6)),
        new("BroadcastToRows", x => x[0].BroadcastTo((4, 3)), 3),
        new("BroadcastToColumns", x => x[0].BroadcastTo((2, 3, 4)), (2, 3, 1)),
        new("BroadcastToEmpty", x => x[0].BroadcastTo((0, 3)), 3) { ShowsNaN = false },
        new("Permute", x => x[0].Permute(2, 0, 1), (2, 3, 4)) { Large = [(37, 41, 43)], Empty = [(2, 0, 4)] },
        new("Transpose", x => x[0].Transpose(), (3, 4)) { Large = [(301, 203)], Empty = [(0, 4)] },
        new("SliceFirst", x => x[0].Slice(0, 1, 2), (4, 3)) { ShowsNaN = false, Empty = [(4, 0)] },
        new("SliceLast", x => x[0].Slice(-1, 1, 2), (3, 4)) { ShowsNaN = false, Empty = [(0, 4)] },
        new("SliceNothing", x => x[0].Slice(1, 2, 0), (3, 4)) { ShowsNaN = false },
        new("SliceSteps", x => x[0].Slice(1, 3, 2, -2), (3, 4)) { ShowsNaN = false, Empty = [(0, 4)] },
        new("Flip", x => x[0].Flip(1), (2, 3)) { Empty = [(2, 0)] },
        new("Repeat", x => x[0].Repeat(2, 1, 3), (2, 3)) { Empty = [(2, 0)] },
        new("PadReflect", x => x[0].Pad(1, 2, 1, PadMode.Reflect), (2, 3)),
        new("PadCircular", x => x[0].Pad(1, 2, 4, PadMode.Circular), (2, 3)),
        new("PadReplicate", x => x[0].Pad(0, 2, 1, PadMode.Replicate), (2, 3)),
        new("IndexSelect", x => x[0].IndexSelect(1, Tensor.From<long>([2, 0, 2], device: x[0].Device)), (2, 3, 2)) { ShowsNaN = false, Empty = [(0, 3, 2)] },
        new("Gather", x => x[0].Gather(1, Tensor.From<long>([2, 0, 1, 1, 0, 0, 2, 2], (2, 4), x[0].Device)), (2, 3)) { ShowsNaN = false },
        new("Lookup", x => x[0].Lookup(Tensor.From<long>([4, 0, 4, 1], (2, 2), x[0].Device)), (5, 3)) { ShowsNaN = false },
        new("CumulativeSum", x => x[0].CumulativeSum(1), (2, 3, 2)) { Large = [(30, 41, 53)], Empty = [(2, 0, 2)] },
        new("Pad", x => x[0].Pad(1, 2, 1, value: 5), (2, 3, 2)) { Empty = [(2, 0, 2)] },
        new("Concat", x => Tensor.Concat(1, x[0], x[1], x[0]), (2, 3), (2, 1)) { Empty = [(2, 0), (2, 1)] },
        new("Stack", x => Tensor.Stack(-1, x[0], x[1]), (2, 3), (2, 3)) { Empty = [(0, 3), (0, 3)] },
    ];

    private static IEnumerable<OperationRow> Reductions() =>
    [
        new("Sum", x => x[0].Sum(), (2, 3, 4)) { Domain = (-1, 3), Large = [(7, 11_003)], Empty = [(2, 0)] },
        new("SumFirst", x => x[0].Sum(0), (3, 4)) { Large = [(301, 307)], Empty = [(0, 4)] },
        new("SumLast", x => x[0].Sum(-1), (3, 4)) { Large = [(301, 307)], Empty = [(3, 0)] },
        new("SumMiddle", x => x[0].Sum([1], keepDims: true), (2, 3, 4)) { Large = [(30, 41, 53)], Empty = [(2, 0, 4)] },
        new("SumOuterAndInner", x => x[0].Sum(0, 2), (2, 3, 4)) { Large = [(30, 41, 53)], Empty = [(0, 3, 4)] },
        new("Mean", x => x[0].Mean(0, 1), (2, 3, 2)) { Large = [(101, 103, 7)] },
        new("Variance", x => x[0].Variance([1], correction: 1), (2, 5)) { Large = [(41, 1_009)] },
        new("Max", x => x[0].Max([1]), (3, 4)) { Large = [(301, 307)], Empty = [(0, 4)] },
        new("MaxOfColumns", x => x[0].Max([0], keepDims: true), (3, 4)) { Large = [(301, 307)] },
        new("Min", x => x[0].Min([0, 2]), (2, 3, 4)) { Large = [(30, 41, 53)] },
        new("Product", x => x[0].Product([1]), (2, 4)) { Empty = [(2, 0)] },
        new("ProductOfAll", x => x[0].Product([]), (2, 3)) { Empty = [(0, 3)] },
        new("MaxAlong", x => x[0].MaxAlong(1).Values, (3, 4)),
        new("MinAlong", x => x[0].MinAlong(0, keepDims: true).Values, (3, 4)),
        new("LogSumExp", x => x[0].LogSumExp([1]), (3, 4)) { Large = [(301, 307)] },
        new("Norm", x => x[0].Norm([1]), (3, 4)),
        new("NormOfThirdPowers", x => x[0].Norm([0, 1], p: 3, keepDims: true), (3, 4)),
        new("NormMaximum", x => x[0].Norm([1], double.PositiveInfinity), (3, 4)),
        new("StandardDeviation", x => x[0].StandardDeviation([1], correction: 1), (2, 5)),
        new("GLU", x => x[0].GLU(1), (2, 4, 3)) { Empty = [(0, 4, 3)] },
        new("PReLU", x => Tensor.PReLU(x[0], x[1]), (2, 3, 2), 3) { ShowsNaN = false },
        new("Softmax", x => x[0].Softmax(), (3, 5)) { Large = [(211, 203)], Empty = [(0, 5)] },
        new("SoftmaxFirst", x => x[0].Softmax(0), (3, 2)) { Large = [(211, 203)], Empty = [(3, 0)] },
        new("LogSoftmax", x => x[0].LogSoftmax(), (3, 5)) { Large = [(211, 203)], Empty = [(5, 0)] },
    ];

    private static IEnumerable<OperationRow> Products()
    {
        foreach (var (transposeA, transposeB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            yield return new(
                $"MatMul{(transposeA ? "T" : "N")}{(transposeB ? "T" : "N")}", x => x[0].MatMul(x[1], transposeA, transposeB),
                transposeA ? (3, 2) : (2, 3), transposeB ? (4, 3) : (3, 4))
            {
                Large = [transposeA ? (129, 131) : (131, 129), transposeB ? (137, 129) : (129, 137)],
                Empty = [transposeA ? (3, 0) : (0, 3), transposeB ? (4, 3) : (3, 4)],
            };
            yield return new(
                $"MatMulBatch{(transposeA ? "T" : "N")}{(transposeB ? "T" : "N")}", x => x[0].MatMul(x[1], transposeA, transposeB),
                transposeA ? (2, 1, 3, 2) : (2, 1, 2, 3), transposeB ? (3, 2, 3) : (3, 3, 2))
            {
                Empty = [transposeA ? (0, 1, 3, 2) : (0, 1, 2, 3), transposeB ? (3, 2, 3) : (3, 3, 2)],
            };
        }
        yield return new("MatMulInnerZero", x => x[0].MatMul(x[1]), (2, 3), (3, 2)) { Empty = [(2, 0), (0, 2)] };
        yield return new("MatMulBatchByMatrix", x => x[0].MatMul(x[1], transposeB: true), (2, 3, 4), (2, 4)) { Empty = [(0, 3, 4), (2, 4)] };
        yield return new("MatMulMatrixByBatch", x => x[0].MatMul(x[1]), (2, 3), (2, 3, 2));
        yield return new("Attention", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2]), (2, 1, 3, 4), (2, 1, 5, 4), (2, 1, 5, 2)) { Empty = [(0, 3, 4), (0, 5, 4), (0, 5, 2)] };
        yield return new("AttentionScaled", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], scale: 0.3), (3, 4), (5, 4), (5, 2));
        yield return new("AttentionCausal", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], causal: true), (3, 4), (4, 4), (4, 2)) { ShowsNaN = false };
        yield return new("AttentionAdded", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], x[3]), (2, 3, 4), (2, 5, 4), (2, 5, 2), (3, 5));
        yield return new("AttentionMasked", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], Constant(x[0], 0, 1, 0, 1, 1, 1).Reshape(2, 1, 3).To(DType.Bool)), (2, 2, 4), (2, 3, 4), (2, 3, 2)) { ShowsNaN = false };
        yield return new("MatMulRow", x => x[0].MatMul(x[1]), 3, (3, 2));
        yield return new("MatMulColumn", x => x[0].MatMul(x[1], transposeA: true), (3, 2), 3);
        yield return new("MatMulVectors", x => x[0].MatMul(x[1]), 4, 4) { Empty = [0, 0] };
    }

    private static IEnumerable<OperationRow> Fused() =>
    [
        Dense("DenseIdentity", default(IdentityOperation), bias: true),
        Dense("DenseNoBias", default(IdentityOperation), bias: false),
        Dense("DenseReLU", new ReLUFormula(), bias: true),
        Dense("DenseSigmoid", new SigmoidFormula(), bias: true),
        Dense("DenseTanh", new TanhFormula(), bias: false),
        ConvBias("ConvBiasReLU", new ReLUFormula()),
        ConvBias("ConvBiasTanh", new TanhFormula()),
        Of("BatchNorm", () => new BatchNormOperation(1e-5), (4, 2), 2, 2) with { Large = [(67, 13), 13, 13], SpecialInputs = [0, 2] },
        Of("BatchNormManyRows", () => new BatchNormOperation(1e-5), (3, 2), 2, 2) with { Large = [(601, 301), 301, 301], SpecialInputs = [0, 2] },
        Of("BatchNormImages", () => new BatchNormOperation(1e-3), (2, 3, 2, 2), 3, 3) with { Large = [(5, 9, 30, 31), 9, 9], SpecialInputs = [0, 2] },
        Of("RowNormalize", () => new RowNormalizeOperation(1e-3), (3, 4)) with { Large = [(13, 8_209)], Empty = [(0, 4)] },
        Of("RowNormalizeAffine", () => new RowNormalizeOperation(1e-3), (3, 4), 4, 4) with
        {
            Large = [(203, 301), 301, 301], Empty = [(0, 4), 4, 4], SpecialInputs = [0, 2],
        },
        Attention("AttentionPacked", new(2, 2, 3, 3, 2, 2, 0.7, Causal: false, Packed: true), (2, 3, 12)) with { Empty = [(0, 3, 12)] },
        Attention("AttentionPackedCausal", new(2, 1, 4, 4, 2, 3, 0.7, Causal: true, Packed: true), (2, 4, 7)) with { SpecialInputs = [] },
        Attention("AttentionCross", new(2, 2, 3, 5, 2, 1, 0.7, Causal: false, Packed: false), (2, 3, 4), (2, 5, 4), (2, 5, 2)),
        Attention("AttentionCrossCausal", new(1, 2, 3, 5, 2, 1, 0.7, Causal: true, Packed: false), (1, 3, 4), (1, 5, 4), (1, 5, 2)) with { SpecialInputs = [] },
        new("LayerNorm", x => x[0].LayerNorm((3, 2), x[1], x[2]), (2, 3, 2), (3, 2), (3, 2)) { SpecialInputs = [0, 2] },
        new("GroupNorm", x => x[0].GroupNorm(2, x[1], x[2]), (2, 4, 3), 4, 4) { SpecialInputs = [0, 2] },
        Of("SoftmaxCrossEntropy", () => new SoftmaxCrossEntropyOperation(), (4, 3)) with
        {
            Function = x => new SoftmaxCrossEntropyOperation().Apply(x[0], Labels(x[0])), Large = [(301, 303)], Empty = [(0, 3)],
        },
    ];

    private static OperationRow Unary(string name, Func<Tensor, Tensor> f, double low = -2, double high = 2) =>
        new(name, x => f(x[0]), (2, 3, 2)) { Domain = (low, high), Large = [LargeRows], Empty = [(2, 0)] };

    private static OperationRow[] Binary(string name, Func<Tensor, Tensor, Tensor> f, double low = -2, double high = 2)
    {
        OperationRow Row(string suffix, Shape a, Shape b) => new(name + suffix, x => f(x[0], x[1]), a, b) { Domain = (low, high) };
        return
        [
            Row("", (2, 3), (2, 3)) with { Large = [LargeRows, LargeRows], Empty = [(0, 3), (0, 3)] },
            Row("Row", (2, 3), 3) with { Large = [LargeRows, LargeRows[1]], Empty = [(0, 3), 3] },
            Row("Column", (2, 1), (2, 3)) with { Large = [(5, 1), LargeRows] },
            Row("Scalar", Shape.Scalar, (2, 2)) with { Large = [Shape.Scalar, LargeRows], Empty = [Shape.Scalar, (0, 2)] },
            Row("Outer", (2, 1, 3), (3, 1)) with { Large = [(40, 1, 33), (35, 1)], Empty = [(2, 1, 0), (3, 1)] },
        ];
    }

    private static OperationRow Dense<TAct>(string name, TAct activation, bool bias)
        where TAct : struct, IUnaryOperation
    {
        Shape[] shapes = bias ? [(3, 4), (2, 4), 2] : [(3, 4), (2, 4)];
        return Of(name, () => new DenseOperation<TAct>(activation, ActivationFunction.Of(activation)), shapes) with
        {
            Large = bias ? [(201, 65), (203, 65), 203] : [(201, 65), (203, 65)],
            Empty = bias ? [(0, 4), (2, 4), 2] : [(0, 4), (2, 4)],
        };
    }

    // The large shapes of its tests are those of AttentionTests: an operation knows its sizes.
    private static OperationRow Attention(string name, AttentionSizes sizes, params Shape[] shapes)
    {
        AttentionSizes Fit(Tensor[] x) => sizes with { Batch = x[0].Shape[0] };
        return new(name, x => new AttentionOperation(Fit(x)).Apply(x), shapes) { Fused = () => new AttentionOperation(sizes) };
    }

    private static OperationRow ConvBias<TAct>(string name, TAct activation)
        where TAct : struct, IUnaryOperation
    {
        var function = ActivationFunction.Of(activation);
        var geometry = new ConvGeometry(2, 3, 4, 1, WindowAxis.Unit, new(5, 3, 1, 1, 1), new(4, 3, 1, 1, 1));
        return new(name, x => Tensor.Convolve("Conv2D", x[0], x[1], x[2], new Conv2DOptions { Padding = 1 }.With([3, 3]), function), (2, 3, 5, 4), (4, 3, 3, 3), 4)
        {
            Fused = () => new ConvBiasOperation<TAct>(activation, function, geometry, (2, 4, 5, 4)),
            Large = [(3, 8, 30, 31), (35, 8, 3, 3), 35],
            Empty = [(0, 3, 5, 4), (4, 3, 3, 3), 4],
            SpecialInputs = [0, 2],
        };
    }

    private static OperationRow Of(string name, Func<Operation> fused, params Shape[] shapes) => new(name, x => fused().Apply(x), shapes) { Fused = fused };

    /// <summary>0, 2, 1, 0, …: one label per row.</summary>
    public static Tensor Labels(Tensor logits) =>
        Tensor.From([.. Enumerable.Range(0, logits.Shape[0]).Select(i => (long)(i * 2 % logits.Shape[1]))], logits.Shape[0], logits.Device);

    private static Tensor Constant(Tensor like, params double[] values) => Tensor.From(values).To(like.DType).To(like.Device);

    /// <summary>a²·b as an operation of a user's own.</summary>
    private sealed class SquareTimes : DifferentiableFunction
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> inputs) => inputs[0].Square() * inputs[1];

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, Tensor output, Tensor gradient) =>
            [gradient * inputs[0] * inputs[1] * 2, gradient * inputs[0].Square()];
    }
}
