using Glia.Layers;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>Modules that a user writes with tensor operations.</summary>
public class ExportFreeFormTests
{
    private static readonly Dictionary<string, (Shape Sample, Func<Tensor, Tensor> Compute)> Rows = new(StringComparer.Ordinal)
    {
        ["arithmetic"] = (4, x => ((x * 2) + 1 - (x / 3)) * x - (1 - x) + (2 / (x.Square() + 1))),
        ["functions"] = (4, x => x.Exp() + x.Abs().Log1p() + x.Sin() * x.Cos() + x.Tan() * 0 + x.Atan() + (x * 0.3).Sinh() + (x * 0.3).Cosh() + x.Expm1() + (x.Square() + 1).Sqrt().Rsqrt()),
        ["functions further"] = (4, x => x.Erf() + x.Floor() + x.Sign() + (x.Abs() + 0.5).Log2() + (x.Abs() + 1).Reciprocal() + (x.Abs() + 0.1).Pow(1.3) + x.Pow(3) + x.Clamp(-0.5, 0.7) + x.Clamp(maximum: 1) + Tensor.Pow(x.Abs() + 1, x)),
        ["activations"] = (4, x => x.GELU() + x.Mish() + x.SELU() + x.ELU(0.3) + x.HardSwish() + x.LogSigmoid() + x.Softplus() + x.HardTanh(-0.2, 0.4) + x.LeakyReLU(0.3)),
        ["extremes"] = (4, x => Tensor.Maximum(x, -x) + Tensor.Minimum(x, x.Square())),
        ["reductions"] = ((3, 4), x => x.Sum([2], keepDims: true) + x.Mean([1], keepDims: true) + x.Max([1, 2], keepDims: true) + x.Min([-1], keepDims: true) + x.Product([2], keepDims: true)),
        ["variances"] = ((3, 4), x => x.Variance([1], keepDims: true) + x.StandardDeviation([2], correction: 1, keepDims: true) + x.LogSumExp([1, 2], keepDims: true) + x.Norm([2], keepDims: true) + x.Norm([1], p: 3, keepDims: true)),
        ["reductions of two axes apart"] = ((3, 4, 2), x => x.Max([1, 3]) + x.Mean([1, 3]) + x.Sum([1, 3])),
        ["softmaxes"] = ((3, 4), x => x.Softmax(1) + x.LogSoftmax(1) + x.Softmax()),
        ["slices"] = ((3, 6), x => Tensor.Concat(2, x.Slice(2, 1, 2), x.Slice(2, -2, 2), x.Slice(2, 0, 3, step: 2), x.Flip(1), x.Slice(2, 5, 3, step: -2))),
        ["stacks"] = (4, x => Tensor.Stack(1, x, x * 2, x.Flip(1)).Reshape(-1, 12)),
        ["repeats"] = ((2, 3), x => x.Repeat(1, 2, 3)),
        ["repeated batch"] = ((2, 3), x => (x.Mean([1]).Reshape(x.Shape[0], 1, 3).BroadcastTo(x.Shape) * x).Permute(0, 2, 1)),
        ["padding"] = ((3, 5), x => Tensor.Concat(2, x.Pad(2, 1, 2, 7), x.Pad(2, 2, 1, PadMode.Reflect), x.Pad(2, 2, 3, PadMode.Replicate), x.Pad(2, 1, 2, PadMode.Circular))),
        ["choices"] = (4, x => Tensor.Where(Tensor.Greater(x, x.Mean([1], keepDims: true)), x, x * 0.1) + Tensor.Where(Tensor.Less(x, Tensor.Scalar(0)), Tensor.Scalar(-1), Tensor.Scalar(1))),
        ["truths"] = (4, x => (Tensor.Greater(x, Tensor.Scalar(0)), Tensor.Greater(x.Abs(), Tensor.Scalar(1))) is var (a, b) ? Tensor.Concat(1, Tensor.Greater(a, b), Tensor.GreaterOrEqual(a, b), Tensor.Less(a, b), Tensor.EqualTo(a, b)).To(DType.Float32) : x),
        ["indices"] = ((3, 4), x => x.IndexSelect(2, Tensor.From([3L, 0, 0])) + x.MaxAlong(2, keepDims: true).Values),
        ["places of extremes"] = ((3, 4), x => (x.ArgMax(2).To(DType.Float32) * 2) + x.ArgMin(1).Reshape(x.Shape[0], 4).Slice(1, 0, 3).To(DType.Float32)),
        ["running sums"] = ((3, 4), x => x.CumulativeSum(1) + x.CumulativeSum(2)),
        ["products"] = ((3, 4), x => x.MatMul(x, transposeB: true) + x.Mean([2], keepDims: true).MatMul(x.Mean([2], keepDims: true), transposeB: true)),
        ["constant products"] = ((3, 4), x => x.MatMul(Tensor.Full((4, 2), 0.3)) + x.Slice(2, 0, 2)),
        ["attention"] = ((5, 4), x => Tensor.ScaledDotProductAttention(x, x * 0.5, x + 1, causal: true)),
        ["attention with a mask"] = ((5, 4), x => Tensor.ScaledDotProductAttention(x, x, x, mask: Tensor.Greater(x.Mean([2]).Reshape(x.Shape[0], 1, x.Shape[1]), Tensor.Scalar(0.2)))),
        ["group normalisation"] = ((4, 3), x => x.GroupNorm(2) + x.LayerNorm((4, 3)) + x.LayerNorm(3, gamma: Tensor.Full(3, 2))),
        ["gates"] = ((4, 6), x => x.GLU() + Tensor.PReLU(x.Slice(2, 0, 3), Tensor.From([0.1f, 0.2f, 0.3f, 0.4f]))),
        ["casts"] = (4, x => x.To(DType.Int64).To(DType.Float32) + x.To(DType.Float64).To(DType.Float32) + Tensor.Greater(x, Tensor.Zeros(x.Shape)).To(DType.Float32)),
        ["detached"] = (4, x => x.Detach() * x.Clone() + new Cube().Apply(x)),
        ["zeros of the batch"] = (4, x => Tensor.Concat(1, x, Tensor.Zeros((x.Shape[0], 2)), Tensor.Full((x.Shape[0], 1), 3))),
        ["the batch as a row"] = (4, x => (x - x.Mean([0], keepDims: true)) / (x.Variance([0], correction: 1, keepDims: true) + 1)),
        ["input alone"] = (4, x => x),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Operations_GiveTheSame(string name)
    {
        var (sample, compute) = Rows[name];
        ExportCheck.Holds(name, new Computation(compute), sample);
    }

    [Theory]
    [InlineData(19)]
    [InlineData(22)]
    public void OperationsWithNewerOperators_GiveTheSame(int operatorSet)
    {
        foreach (var (name, (sample, compute)) in Rows)
            ExportCheck.Holds($"{name}, operators {operatorSet}", new Computation(compute), sample, options: new() { OperatorSet = operatorSet });
    }

    [Fact]
    public void ModuleOfModules_HasNamesOfTheirPaths_AndSharedParametersOnce()
    {
        var module = ExportLayerTests.Trained(new Twice());
        var export = ExportCheck.Holds("twice", module, 3);
        var model = export.ToModel();

        Assert.Equal(["/inner/dense/Gemm", "/Relu", "/inner/dense/Gemm_1", "/Add", "/Mul"], model.Nodes.Select(n => n.Name));
        Assert.Equal(["inner.dense.weight", "inner.dense.bias", "scale"], model.Tensors.Select(t => t.Name));
    }

    /// <summary>The operator computes mean and variance in 32-bit numbers unless told otherwise, which it may be for the small types only.</summary>
    [Fact]
    public void LayerNormOf64Bits_IsMadeOfOperatorsOf64Bits()
    {
        var export = ExportCheck.Holds("layer norm", new Computation(x => x.LayerNorm((4, 3)) + (x * 1000).LayerNorm(3, gamma: Tensor.Full(3, 2, DType.Float64))), (4, 3), dtype: DType.Float64);
        Assert.DoesNotContain(export.ToModel().Nodes, n => n.OpType == "LayerNormalization");
    }

    [Fact]
    public void SeveralInputsAndOutputs_GiveTheSame()
    {
        var module = ExportLayerTests.Trained(new Twice());
        IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> x) => [module.Forward(x[0]) + x[1].To(DType.Float32), x[1], x[0], module.Forward(x[0])];
        var export = OnnxExport.Of(module, [new("a", 3), new("b", 3, DType.Int64) { Below = 9 }], Compute, ["sum", "b_again", "a_again", "alone"]);
        ExportCheck.Holds("several", export, [[Tensor.Normal(new Rng(1), (2, 3)), Tensor.From([1L, 2, 3, 4, 5, 6], (2, 3))], [Tensor.Normal(new Rng(1), (1, 3)), Tensor.From([1L, 2, 3], (1, 3))]], Compute);
    }

    [Fact]
    public void PixelsOfEightBits_AreConverted()
    {
        var network = Network.Input(1, 2, 2).Flatten().Dense(2).Build(seed: 1);
        IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> x) => [network.Forward(x[0] / 255, ForwardContext.Inference)];
        var export = OnnxExport.Of(network, [new("pixels", (1, 2, 2)) { FileType = OnnxElementType.UInt8 }], Compute, ["logits"]);
        var pixels = Tensor.From([0, 255, 128, 7], (1, 1, 2, 2));
        Assert.Equal(OnnxElementType.UInt8, export.ToModel().Inputs[0].Type);
        OnnxRuntime.Close(Compute([pixels.To(DType.Float32)])[0], OnnxRuntime.Run(export.ToArray(), ("pixels", pixels))["logits"], "pixels");
    }

    private sealed class Computation(Func<Tensor, Tensor> compute) : Module
    {
        public override Tensor Forward(Tensor input, ForwardContext context) => compute(input);
    }

    private sealed class Cube : DifferentiableFunction
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> x) => x[0] * x[0] * x[0];

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> x, Tensor y, Tensor dy) => [dy * 3 * x[0].Square()];
    }

    private sealed class Inner : Module
    {
        private readonly Dense _dense;

        public Inner() => _dense = Add("dense", new Dense(3, 3));

        public override Tensor Forward(Tensor input, ForwardContext context) => _dense.Forward(input, context);
    }

    private sealed class Twice : Module
    {
        private readonly Inner _inner;
        private readonly Parameter _scale;
        private readonly Dense _unused;

        public Twice()
        {
            _inner = Add("inner", new Inner());
            _scale = Add("scale", new Parameter(3));
            _unused = Add("unused", new Dense(2, 2));
        }

        public override Tensor Forward(Tensor input, ForwardContext context)
        {
            var first = _inner.Forward(input, context).ReLU();
            return (_inner.Forward(first, context) + first) * _scale;
        }
    }
}
