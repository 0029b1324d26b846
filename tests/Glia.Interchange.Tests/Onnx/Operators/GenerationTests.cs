namespace Glia.Interchange.Tests.Onnx.Operators;

public class GenerationTests
{
    [Theory]
    [InlineData(0, 5, 0, "a step other than 0 was expected but got 0")]
    [InlineData(0, 5, float.NaN, "a step other than 0 was expected but got NaN")]
    [InlineData(0, float.PositiveInfinity, 1, "more numbers than a tensor holds")]
    [InlineData(0, 1e30f, 1, "more numbers than a tensor holds")]
    public void RangeOfNoUse_IsRefused(float start, float limit, float step, string expected) => Assert.Contains(
        expected, new NodeCheck("Range", 11).Input(Number(start)).Input(Number(limit)).Input(Number(step)).Output(OnnxElementType.Float).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void RangeOfWholeNumbersOfNoUse_IsRefused() => Assert.Contains(
        "more numbers than a tensor holds",
        new NodeCheck("Range", 11).Input(Tensor.From([0L], Shape.Scalar)).Input(Tensor.From([long.MaxValue], Shape.Scalar)).Input(Tensor.From([1L], Shape.Scalar)).Output(OnnxElementType.Int64).Refusal(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 5, 2)]
    [InlineData(0, 5, -1)]
    [InlineData(5, 0, -1.5f)]
    public void Range_CountsFromStartToLimit(float start, float limit, float step) =>
        new NodeCheck("Range", 11).Input(Number(start)).Input(Number(limit)).Input(Number(step)).Output(OnnxElementType.Float).AgreesWithRuntime();

    [Theory]
    [InlineData("HannWindow")]
    [InlineData("HammingWindow")]
    [InlineData("BlackmanWindow")]
    public void Windows_AgreeWithOnnxRuntime(string opType)
    {
        foreach (var (size, periodic) in ((long, int)[])[(1, 1), (2, 0), (9, 0), (10, 1)])
            new NodeCheck(opType, 17, ("periodic", periodic)).Constant(Tensor.From([size], Shape.Scalar)).Output(OnnxElementType.Float).AgreesWithRuntime(0.1);
    }

    [Fact]
    public void ChanceWithoutSeed_DiffersBetweenNodesAndRuns_AndRepeatsInAModelReadAnew()
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 8).Node("RandomNormalLike", ["x"], ["a"]).Node("RandomNormalLike", ["x"], ["b"])
            .Node("RandomUniformLike", ["x"], ["c"]).Node("Bernoulli", ["half"], ["d"]).Node("RandomNormalLike", ["x"], ["s"], ("seed", 3f))
            .Weight("half", Tensor.Full(64, 0.5)).Output("a").Output("b").Output("c").Output("d").Output("s");
        string[] Draw(IReadOnlyDictionary<string, Tensor> results) => [.. "abcds".Select(n => string.Join(' ', results[$"{n}"].ToArray<float>()))];
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Ones(8) };
        string[][] Runs()
        {
            var module = file.Module();
            var predictor = new OnnxPredictor(module);
            return [Draw(module.Run(inputs)), Draw(module.Run(inputs)), Draw(predictor.Run(inputs)), Draw(predictor.Run(inputs))];
        }

        var runs = Runs();

        Assert.NotEqual(runs[0][0], runs[0][1]);
        for (var node = 0; node < 4; node++)
        {
            Assert.NotEqual(runs[0][node], runs[1][node]);
            Assert.NotEqual(runs[2][node], runs[3][node]);
        }
        Assert.Equal(runs[0][4], runs[1][4]);
        Assert.Equal(runs, Runs());
    }

    [Fact]
    public void ChanceInTraining_FollowsTheSeedOfTheStep()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, 8).Node("RandomNormalLike", ["x"], ["y"]).Output("y").Module();
        string Draw(ulong seed) => string.Join(' ', module.Forward(Tensor.Ones(8), Glia.Layers.ForwardContext.Training(new Rng(seed))).ToArray<float>());

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    private static Tensor Number(float value) => Tensor.From([value], Shape.Scalar);
}
