using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>Graphs inside graphs and choices of boxes are executed, by the module, by the predictor, and by its recording with other numbers.</summary>
public class OnnxControlTests
{
    private static readonly float[] Boxes = [0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, -0.1f, 1, 0.9f, 0, 10, 1, 11, 0, 10.1f, 1, 11.1f, 0, 100, 1, 101];
    private static readonly float[] Centers = [0.5f, 0.5f, 1, 1, 0.5f, 0.6f, 1, 1, 0.5f, 0.4f, 1, 1, 0.5f, 10.5f, 1, 1, 0.5f, 10.6f, 1, 1, 0.5f, 100.5f, 1, 1];
    private static readonly float[] Scores = [0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f];

    [Fact]
    public void If_RunsTheBranchThatIsChosen_WithTheValuesAroundIt()
    {
        var file = new OnnxFile().Input("c", OnnxElementType.Bool).Input("x", OnnxElementType.Float, 2).Weight("w", Tensor.From([10f, 20f]))
            .Node("If", ["c"], ["y"], ("then_branch", Body([], ["a"], OnnxFile.NodeOf("Add", ["x", "w"], ["a"]))), ("else_branch", Body([], ["b"], OnnxFile.NodeOf("Neg", ["x"], ["b"])))).Output("y");

        Check(file, [("c", Bool(true)), ("x", Tensor.From([1f, 2f]))], [11, 22]);
        Check(file, [("c", Bool(false)), ("x", Tensor.From([1f, 2f]))], [-1, -2]);
        CheckInTurns(file,
            ([("c", Bool(true)), ("x", Tensor.From([1f, 2f]))], [11, 22]), ([("c", Bool(false)), ("x", Tensor.From([3f, 4f]))], [-3, -4]), ([("c", Bool(true)), ("x", Tensor.From([5f, 6f]))], [15, 26]));
    }

    [Fact]
    public void Loop_CarriesValues_GathersOthers_AndStopsAtItsCountOrCondition()
    {
        // Doubles until 20 is passed, and notes the number of the round plus the value before.
        var body = Body(
            [("i", OnnxElementType.Int64), ("go", OnnxElementType.Bool), ("v", OnnxElementType.Float)], ["more", "doubled", "note"],
            OnnxFile.NodeOf("Add", ["v", "v"], ["doubled"]), OnnxFile.NodeOf("Less", ["doubled", "limit"], ["more"]),
            OnnxFile.NodeOf("Cast", ["i"], ["round"], ("to", (int)OnnxElementType.Float)), OnnxFile.NodeOf("Add", ["round", "v"], ["note"]));
        var file = new OnnxFile().Input("n", OnnxElementType.Int64).Input("x", OnnxElementType.Float).Weight("limit", Tensor.From([20f], Shape.Scalar)).Weight("true", Bool(true))
            .Node("Loop", ["n", "true", "x"], ["last", "notes"], ("body", body)).Output("last").Output("notes");

        Check(file, [("n", Long(3)), ("x", Float(1))], [8], [1, 3, 6]);
        Check(file, [("n", Long(100)), ("x", Float(3))], [24], [3, 7, 14]);
        CheckInTurns(file, ([("n", Long(3)), ("x", Float(1))], [8]), ([("n", Long(2)), ("x", Float(1))], [4]), ([("n", Long(100)), ("x", Float(1))], [32]), ([("n", Long(100)), ("x", Float(15))], [30]));
    }

    [Fact]
    public void Loop_OfNoRound_GivesWhatItWasGiven_AndNothingGathered()
    {
        var body = Body([("i", OnnxElementType.Int64), ("go", OnnxElementType.Bool), ("v", OnnxElementType.Float)], ["go2", "w", "s"],
            OnnxFile.NodeOf("Identity", ["go"], ["go2"]), OnnxFile.NodeOf("Add", ["v", "v"], ["w"]), OnnxFile.NodeOf("Identity", ["v"], ["s"]));
        body.Outputs[2] = OnnxFile.Info("s", OnnxElementType.Float);
        var file = new OnnxFile().Input("n", OnnxElementType.Int64).Input("x", OnnxElementType.Float).Node("Loop", ["n", "", "x"], ["y", "all"], ("body", body)).Output("y").Output("all");

        Check(file, [("n", Long(0)), ("x", Float(5))], [5], []);
    }

    [Fact]
    public void Scan_SumsForwardAndBackward_AlongAnyAxis()
    {
        var body = Body([("sum", OnnxElementType.Float), ("item", OnnxElementType.Float)], ["next", "next2"], OnnxFile.NodeOf("Add", ["sum", "item"], ["next"]), OnnxFile.NodeOf("Identity", ["next"], ["next2"]));
        OnnxFile File(params (string, object)[] settings) => new OnnxFile().Input("s", OnnxElementType.Float, 2).Input("x", OnnxElementType.Float, 3, 2)
            .Node("Scan", ["s", "x"], ["total", "sums"], [("body", body), ("num_scan_inputs", 1), .. settings]).Output("total").Output("sums");
        (string, Tensor)[] inputs = [("s", Tensor.From([100f, 200f])), ("x", Tensor.From(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }))];

        Check(File(), inputs, [109, 212], [101, 202, 104, 206, 109, 212]);
        Check(File(("scan_input_directions", new[] { 1 })), inputs, [109, 212], [105, 206, 108, 210, 109, 212]);
        Check(File(("scan_output_directions", new[] { 1 })), inputs, [109, 212], [109, 212, 104, 206, 101, 202]);
        Check(File(("scan_output_axes", new[] { 1 })), inputs, [109, 212], [101, 104, 109, 202, 206, 212]);

        var columns = new OnnxFile().Input("s", OnnxElementType.Float, 3).Input("x", OnnxElementType.Float, 3, 2)
            .Node("Scan", ["s", "x"], ["total", "sums"], ("body", body), ("num_scan_inputs", 1), ("scan_input_axes", new[] { 1 })).Output("total").Output("sums");
        Check(columns, [("s", Tensor.From([0f, 0f, 0f])), inputs[1]], [3, 7, 11], [1, 3, 5, 3, 7, 11]);
    }

    [Fact]
    public void Scan_LetsGradientsThroughEveryStep()
    {
        // h ← tanh(w h + x): the weight is used at every step.
        var body = Body([("h", OnnxElementType.Float), ("item", OnnxElementType.Float)], ["h2"],
            OnnxFile.NodeOf("Mul", ["w", "h"], ["wh"]), OnnxFile.NodeOf("Add", ["wh", "item"], ["sum"]), OnnxFile.NodeOf("Tanh", ["sum"], ["h2"]));
        var module = new OnnxFile().Input("x", OnnxElementType.Float, 3, 2).Weight("w", Tensor.From([0.5f, -0.3f])).Weight("zero", Tensor.From([0.1f, 0.2f]))
            .Node("Scan", ["zero", "x"], ["y"], ("body", body), ("num_scan_inputs", 1)).Output("y").Module();
        var x = Tensor.From(new float[,] { { 0.1f, 0.2f }, { 0.3f, -0.4f }, { -0.5f, 0.6f } });
        module.Predict(x);
        var w = module.Parameters.Single(p => p.Name == "w");

        module.Forward(x, Glia.Layers.ForwardContext.Inference).Sum().Backward();

        var expected = new double[2];
        for (var i = 0; i < 2; i++)
        {
            var (value, h, slope) = ((double)w[i], i == 0 ? 0.1 : 0.2, 0.0);
            for (var t = 0; t < 3; t++)
            {
                var next = Math.Tanh((value * h) + x[t, i]);
                (h, slope) = (next, (1 - (next * next)) * (h + (value * slope)));
            }
            expected[i] = slope;
        }
        Assert.Equal(expected[0], w.Grad![0], 5);
        Assert.Equal(expected[1], w.Grad![1], 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NonMaxSuppression_KeepsTheBestOfThoseThatOverlap(bool centers)
    {
        var file = Suppression(centers);
        var boxes = Tensor.From(centers ? Centers : Boxes, new Shape(1, 6, 4));
        var scores = Tensor.From(Scores, new Shape(1, 1, 6));

        Check(file, [("boxes", boxes), ("scores", scores), ("most", Long(3)), ("overlap", Float(0.5f)), ("least", Float(0))], [0, 0, 3, 0, 0, 0, 0, 0, 5]);
        Check(file, [("boxes", boxes), ("scores", scores), ("most", Long(2)), ("overlap", Float(0.5f)), ("least", Float(0))], [0, 0, 3, 0, 0, 0]);
        Check(file, [("boxes", boxes), ("scores", scores), ("most", Long(3)), ("overlap", Float(0.5f)), ("least", Float(0.4f))], [0, 0, 3, 0, 0, 0]);
        Check(file, [("boxes", boxes), ("scores", scores), ("most", Long(9)), ("overlap", Float(1)), ("least", Float(0.7f))], [0, 0, 3, 0, 0, 0, 0, 0, 1]);
        Check(file, [("boxes", boxes), ("scores", scores), ("most", Long(0)), ("overlap", Float(0.5f)), ("least", Float(0))], []);
    }

    [Fact]
    public void NonMaxSuppression_TreatsBatchesAndClassesApart()
    {
        var boxes = Tensor.From([.. Boxes, .. Boxes], new Shape(2, 6, 4));
        var scores = Tensor.From([.. Scores, .. Scores.Reverse(), .. Scores.Reverse(), .. Scores], new Shape(2, 2, 6));

        Check(Suppression(centers: false), [("boxes", boxes), ("scores", scores), ("most", Long(1)), ("overlap", Float(0.5f)), ("least", Float(0))], [0, 0, 3, 0, 1, 2, 1, 0, 2, 1, 1, 3]);
    }

    private static OnnxFile Suppression(bool centers) => new OnnxFile()
        .Input("boxes", OnnxElementType.Float, "n", "count", 4).Input("scores", OnnxElementType.Float, "n", "classes", "count")
        .Input("most", OnnxElementType.Int64).Input("overlap", OnnxElementType.Float).Input("least", OnnxElementType.Float)
        .Node("NonMaxSuppression", ["boxes", "scores", "most", "overlap", "least"], ["chosen"], ("center_point_box", centers ? 1 : 0)).Output("chosen", OnnxElementType.Int64);

    private static GraphProto Body((string Name, OnnxElementType Type)[] inputs, string[] outputs, params NodeProto[] nodes)
    {
        var body = new GraphProto { Name = "body" };
        body.Inputs.AddRange(inputs.Select(i => new ValueInfoProto { Name = i.Name, Type = new TypeProto { Tensor = new TensorTypeProto { Element = i.Type } } }));
        body.Outputs.AddRange(outputs.Select(o => new ValueInfoProto { Name = o }));
        body.Nodes.AddRange(nodes);
        return body;
    }

    private static void Check(OnnxFile file, (string Name, Tensor Value)[] inputs, params double[][] expected)
    {
        var module = file.Module();
        var predictor = new OnnxPredictor(module);
        var named = inputs.ToDictionary(i => i.Name, i => i.Value);
        foreach (var outputs in new[] { module.Run(named), predictor.Run(named), predictor.Run(named) })
        {
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], Numbers(outputs[module.Model.Outputs[i].Name]));
        }
    }

    private static void CheckInTurns(OnnxFile file, params ((string Name, Tensor Value)[] Inputs, double[] Expected)[] calls)
    {
        var predictor = new OnnxPredictor(file.Module());
        foreach (var (inputs, expected) in calls)
            Assert.Equal(expected, Numbers(predictor.Run(inputs.ToDictionary(i => i.Name, i => i.Value)).First().Value));
    }

    private static double[] Numbers(Tensor tensor) => tensor.DType == DType.Int64 ? [.. tensor.ToArray<long>().Select(v => (double)v)] : [.. tensor.ToArray<float>().Select(v => (double)v)];

    private static Tensor Bool(bool value) => Tensor.From([value], Shape.Scalar);

    private static Tensor Long(long value) => Tensor.From([value], Shape.Scalar);

    private static Tensor Float(float value) => Tensor.From([value], Shape.Scalar);
}
