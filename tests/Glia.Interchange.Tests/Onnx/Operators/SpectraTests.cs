using Glia.Interchange.Tests.Onnx.Export;

namespace Glia.Interchange.Tests.Onnx.Operators;

public class SpectraTests
{
    [Theory]
    [InlineData(17, new[] { 2, 8, 1 }, 1, null)]
    [InlineData(17, new[] { 2, 7, 2 }, 1, null)]
    [InlineData(17, new[] { 2, 3, 5, 1 }, 2, 4L)]
    [InlineData(17, new[] { 2, 3, 5, 2 }, 1, 6L)]
    [InlineData(20, new[] { 2, 3, 5, 1 }, -2, 9L)]
    [InlineData(20, new[] { 3, 5, 4, 2 }, 0, null)]
    [InlineData(20, new[] { 2, 1, 1 }, 1, null)]
    public void Transform_AgreesWithOnnxRuntime(int opset, int[] sizes, int axis, long? length)
    {
        var x = Signal(sizes);
        for (var inverse = 0; inverse < 2; inverse++)
        {
            Dft(opset, x, axis, length, ("inverse", inverse)).AgreesWithRuntime(10);
            Dft(opset, x.To(DType.Float64), axis, length, ("inverse", inverse)).AgreesWithRuntime(10);
        }
        if (sizes[^1] == 1)
            Dft(opset, x, axis, length, ("onesided", 1)).AgreesWithRuntime(10);
    }

    /// <summary>Lengths that are computed as transforms of transforms, and a prime one.</summary>
    [Theory]
    [InlineData(2048)]
    [InlineData(1500)]
    [InlineData(1031)]
    public void LongTransform_AgreesWithOnnxRuntime(int n)
    {
        // ONNX Runtime's own errors are large for 32 bits.
        var exact = Dft(20, Signal([1, n, 2]).To(DType.Float64), 1, null).AgreesWithRuntime(10).Run()[0];
        OnnxRuntime.Close(exact.To(DType.Float32), Dft(20, Signal([1, n, 2]), 1, null).Run()[0], "32 bits", 10);
        Dft(20, Signal([2, n, 1]).To(DType.Float64), 1, null, ("onesided", 1)).AgreesWithRuntime(10);
    }

    [Fact]
    public void TransformThereAndBack_GivesTheSignal()
    {
        foreach (var n in (int[])[1, 2, 7, 8, 1200])
        {
            var x = Signal([2, n, 1]);
            var half = Dft(20, x, 1, null, ("onesided", 1)).Run()[0];
            OnnxRuntime.Close(x, Dft(20, half, 1, n, ("onesided", 1), ("inverse", 1)).Run()[0], "real");
            var whole = Dft(20, x, 1, null).Run()[0];
            OnnxRuntime.Close(x, Dft(20, whole, 1, null, ("inverse", 1)).Run()[0].Slice(2, 0, 1), "complex");
        }
        Assert.Equal(new Shape(2, 8, 1), Dft(20, Signal([2, 5, 2]), 1, null, ("onesided", 1), ("inverse", 1)).Run()[0].Shape);
    }

    [Fact]
    public void TransformsThatHaveNoMeaning_AreRefused()
    {
        Assert.Contains("a last axis of size 1 (real numbers) or 2", Dft(17, Signal([2, 8, 3]), 1, null).Refusal(), StringComparison.Ordinal);
        Assert.Contains("an axis before the last", Dft(17, Signal([2, 8, 1]), 2, null).Refusal(), StringComparison.Ordinal);
        Assert.Contains("onesided = 1 goes with a real signal", Dft(17, Signal([2, 8, 2]), 1, null, ("onesided", 1)).Refusal(), StringComparison.Ordinal);
        Assert.Contains("at least one number", Dft(17, Signal([2, 8, 2]), 1, 0).Refusal(), StringComparison.Ordinal);
        Assert.Contains("prime factors above 4096", Dft(17, Signal([1, 8, 1]), 1, 2 * 4099).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_FlowThroughTransforms()
    {
        // Parseval: Σ |y|² = n·Σ x², and so the slope of the left side is 2·n·x.
        var n = 1100;
        var module = new OnnxFile(20).Input("x", OnnxElementType.Float, 1, n, 1).Node("DFT", ["x"], ["y"]).Node("ReduceSumSquare", ["y"], ["z"], ("keepdims", 0)).Output("z").Module();
        var x = Signal([1, n, 1]);
        x.RequiresGrad = true;

        module.Forward(x, Glia.Layers.ForwardContext.Inference).Backward();

        OnnxRuntime.Close(x.Detach() * (2.0 * n), x.Grad!, "slope", 10);
    }

    [Theory]
    [InlineData(new[] { 2, 64, 1 }, 16, 8, true, 1)]
    [InlineData(new[] { 2, 64, 1 }, 16, 7, true, 0)]
    [InlineData(new[] { 1, 50, 1 }, 15, 4, false, 1)]
    [InlineData(new[] { 2, 40, 2 }, 16, 8, true, 0)]
    public void MovingWindows_AgreeWithOnnxRuntime(int[] sizes, int frame, int step, bool hasWindow, int half)
    {
        var check = new NodeCheck("STFT", 17, ("onesided", half)).Input(Signal(sizes)).Constant(Tensor.From([(long)step], Shape.Scalar));
        check = hasWindow ? check.Input(Signal([frame])) : check.Without();
        check.Constant(Tensor.From([(long)frame], Shape.Scalar)).Output(OnnxElementType.Float).AgreesWithRuntime(10);
    }

    [Fact]
    public void FramesOfMovingWindows_AreAsLongAsTheWindow_AndNoLongerThanTheSignal()
    {
        NodeCheck Short(int window, long frame) => new NodeCheck("STFT", 17).Input(Signal([1, 20, 1])).Constant(Tensor.From([4L], Shape.Scalar))
            .Input(Signal([window])).Constant(Tensor.From([frame], Shape.Scalar)).Output(OnnxElementType.Float);

        Assert.Equal(new Shape(1, 4, 5, 2), Short(8, 8).Run()[0].Shape);
        Assert.Contains("a window as long as they are", Short(7, 8).Refusal(), StringComparison.Ordinal);
        Assert.Contains("frames of at most 20 numbers", Short(21, 21).Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 16, 8192, 0, 4096)]
    [InlineData(40, 512, 16000, 20, 7600)]
    [InlineData(5, 10, 8000, 100, 4000)]
    [InlineData(20, 64, 22050, 300, 5000)]
    public void MelWeights_AgreeWithOnnxRuntime(long bands, long n, long rate, float low, float high) => new NodeCheck("MelWeightMatrix", 17)
        .Constant(Tensor.From([bands], Shape.Scalar)).Constant(Tensor.From([n], Shape.Scalar)).Constant(Tensor.From([rate], Shape.Scalar))
        .Constant(Tensor.From([low], Shape.Scalar)).Constant(Tensor.From([high], Shape.Scalar)).Output(OnnxElementType.Float).AgreesWithRuntime(0.1);

    [Fact]
    public void MelWeightsBeyondTheSpectrum_AreRefused() => Assert.Contains(
        "half of the sample_rate",
        new NodeCheck("MelWeightMatrix", 17).Input(Tensor.From([8L], Shape.Scalar)).Input(Tensor.From([16L], Shape.Scalar)).Input(Tensor.From([8000L], Shape.Scalar))
            .Input(Tensor.From([0f], Shape.Scalar)).Input(Tensor.From([80000f], Shape.Scalar)).Output(OnnxElementType.Float).Refusal(),
        StringComparison.Ordinal);

    private static NodeCheck Dft(int opset, Tensor x, int axis, long? length, params (string, object)[] attributes)
    {
        var check = new NodeCheck("DFT", opset, opset < 20 ? [.. attributes, ("axis", axis)] : attributes).Input(x);
        check = length is { } n ? check.Constant(Tensor.From([n], Shape.Scalar)) : opset < 20 ? check : check.Without();
        check = opset < 20 ? check : check.Constant(Tensor.From([(long)axis], Shape.Scalar));
        return check.Output(x.DType == DType.Float64 ? OnnxElementType.Double : OnnxElementType.Float);
    }

    private static Tensor Signal(int[] sizes) => Tensor.Uniform(new Rng(5), new Shape(sizes), -1, 1);
}
