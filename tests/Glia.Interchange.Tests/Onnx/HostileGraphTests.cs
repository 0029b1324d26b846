namespace Glia.Interchange.Tests.Onnx;

/// <summary>Small graphs that ask for much, or whose shapes do not fit: making them ready costs little and throws nothing but the documented exception.</summary>
public class HostileGraphTests
{
    private const long FewMegabytes = 8 << 20;

    private static readonly Dictionary<string, Func<OnnxFile>> Graphs = new()
    {
        { "window far apart", () => Of("AveragePool", [Ones(1, 1, 8)], ("kernel_shape", Ints(2)), ("dilations", Ints(2147483640)), ("strides", Ints(2)), ("pads", Ints(2147483647, 0))) },
        { "most of windows far apart", () => Of("MaxPool", [Ones(1, 1, 8)], ("kernel_shape", Ints(2)), ("dilations", Ints(2147483640)), ("strides", Ints(2)), ("pads", Ints(2147483647, 0))) },
        { "kernel far apart", () => Of("Conv", [Ones(1, 1, 8), Ones(1, 1, 5)], ("dilations", Ints(1073741824)), ("pads", Ints(2147483647, 2147483647))) },
        { "padding of a convolution", () => Of("Conv", [Ones(1, 1, 8), Ones(1, 1, 5)], ("pads", Ints(1 << 29, 1 << 29))) },
        { "padding of planes", () => Of("Conv", [Ones(1, 1, 8, 8), Ones(1, 1, 1, 1)], ("pads", Ints(1 << 29, 1 << 29, 1 << 29, 1 << 29)), ("strides", Ints(1 << 29, 1 << 29))) },
        { "transposed strides", () => Of("ConvTranspose", [Ones(1, 1, 2), Ones(1, 1, 1)], ("strides", Ints(500_000_000))) },
        { "neighbours without end", () => Of("LRN", [Ones(1, 2, 3)], ("size", 1_000_000_000)) },
        { "pooled boxes", () => Of("RoiAlign", [Ones(1, 1, 2, 2), Ones(1, 4), Tensor.From<long>([0])], ("output_height", 30_000), ("output_width", 30_000)) },
        { "samples of a box", () => Of("RoiAlign", [Ones(1, 1, 2, 2), Ones(1, 4), Tensor.From<long>([0])], ("sampling_ratio", 40_000)) },
        { "blocks of a scale", () => Of("DequantizeLinear", [Tensor.Zeros((1, 2), DType.Int32), Ones(1, 1)], ("block_size", 1_000_000_000)) },
        { "sums of nothing", () => Of("ReduceSum", [Tensor.Zeros((500_000_000, 0), DType.Int64), Tensor.From<long>([1])]) },
        { "product of nothing", () => Of("MatMul", [Tensor.Zeros((30_000, 0)), Tensor.Zeros((0, 30_000))]) },
        { "places of nothing", () => Of("GatherND", [Ones(2), Tensor.Zeros((1_000_000_000, 0), DType.Int64)]) },
        { "filters of nothing", () => new OnnxFile().Input("x", OnnxElementType.Float, 1, 0, 1, 1).Weight("w", Tensor.Zeros((500_000_000, 0, 1, 1))).Node("Conv", ["x", "w"], ["c"]).Node("Relu", ["c"], ["y"]).Output("y") },
    };

    private static readonly Dictionary<string, Func<OnnxFile>> Unfit = new()
    {
        { "Cast to a text", () => new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Cast", ["x"], ["y"], ("to", "FLOAT")).Output("y") },
        { "weight without axes", () => new OnnxFile().Input("x", OnnxElementType.Float, 1, 1, 3).Weight("w", Tensor.Scalar(1f)).Node("Conv", ["x", "w"], ["c"]).Node("Relu", ["c"], ["y"]).Output("y") },
        { "normalised weight without axes", () => Normalised(Tensor.Scalar(1f), null) },
        { "bias of another length", () => Normalised(Ones(2, 1, 1), Ones(3)) },
    };

    public static TheoryData<string> Large => [.. Graphs.Keys];

    public static TheoryData<string> Misfits => [.. Unfit.Keys];

    [Theory]
    [MemberData(nameof(Large))]
    public void WhatAsksForMuch_IsNotComputedBeforehand(string what)
    {
        var file = Graphs[what]();
        var started = Environment.TickCount64;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            _ = new OnnxPredictor(file.Module());
        }
        catch (OnnxException)
        {
        }
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < FewMegabytes, what);
        Assert.True(Environment.TickCount64 - started < 5000, what);
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void WhatAsksForMuch_WhenItRuns_IsRefusedOrDone(string what)
    {
        // Windows whose places overflow must not reach beyond the image, whatever else happens.
        if (!what.Contains("far apart", StringComparison.Ordinal) && what != "padding of planes")
            return;
        var module = Graphs[what]().Module();
        Assert.Throws<OnnxException>(() => module.Run(new Dictionary<string, Tensor> { ["x"] = Ones(1) }));
    }

    [Theory]
    [MemberData(nameof(Misfits))]
    public void ShapesThatDoNotFit_AreToldOfWhenTheNodeRuns(string what)
    {
        var file = Unfit[what]();
        Assert.Throws<OnnxException>(() =>
        {
            var module = file.Module();
            var predictor = new OnnxPredictor(module);
            var x = Tensor.Zeros(new Shape([.. module.Model.Inputs[0].Sizes!.Select(s => (int)s.Size!.Value)]));
            Assert.Throws<OnnxException>(() => module.Predict(x));
            predictor.Predict(x);
        });
    }

    [Fact]
    public void ShapesOfHugeInputs_AreUnknown()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, 500_000_000).Node("Relu", ["x"], ["y"]).Output("y").Module();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(module.InferShapes());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < FewMegabytes);
    }

    [Fact]
    public void ManyAliases_TakeNoLongerThanTheirNumber()
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 2);
        for (var i = 0; i < 30_000; i++)
            file.Node("Identity", [i == 0 ? "x" : $"v{i}"], [$"v{i + 1}"]);
        var started = Environment.TickCount64;
        var predictor = new OnnxPredictor(file.Node("Relu", ["v30000"], ["y"]).Output("y").Module());
        Assert.True(Environment.TickCount64 - started < 10_000);
        Assert.Equal([1f, 1f], predictor.Predict(Ones(2)).ToArray<float>());
    }

    private static OnnxFile Normalised(Tensor weight, Tensor? bias)
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 1, 1, 3).Weight("w", weight);
        string[] inputs = bias is null ? ["x", "w"] : ["x", "w", "b"];
        if (bias is not null)
            file.Weight("b", bias);
        var (count, names) = (weight.Rank == 0 ? 1 : weight.Shape[0], new[] { "scale", "shift", "mean", "variance" });
        foreach (var name in names)
            file.Weight(name, Ones(count));
        return file.Node("Conv", inputs, ["c"]).Node("BatchNormalization", ["c", .. names], ["y"]).Output("y");
    }

    private static OnnxFile Of(string opType, Tensor[] inputs, params (string Name, object Value)[] attributes)
    {
        var file = new OnnxFile(21).Input("x", OnnxElementType.Float, 1);
        for (var i = 0; i < inputs.Length; i++)
            file.Node("Constant", [], [$"c{i}"], ("value", inputs[i]));
        return file.Node(opType, [.. inputs.Select((_, i) => $"c{i}")], ["y"], attributes).Output("y");
    }

    private static Tensor Ones(params int[] sizes) => Tensor.Ones(new Shape(sizes));

    private static int[] Ints(params int[] values) => values;
}
