using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Tests.Onnx.Operators;

public class ControlTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, -1)]
    [InlineData(3, 1)]
    [InlineData(3, -1)]
    [InlineData(3, -2)]
    public void AxisOfScansOutputs_IsTheOneAskedFor_AlsoOfNoStep(int steps, int axis)
    {
        var body = new GraphProto { Name = "body" };
        body.Inputs.Add(OnnxFile.Info("item", OnnxElementType.Float, 4, 5));
        body.Outputs.Add(OnnxFile.Info("twice", OnnxElementType.Float, 4, 5));
        body.Nodes.Add(OnnxFile.NodeOf("Add", ["item", "item"], ["twice"]));
        for (var backward = 0; backward < 2; backward++)
        {
            var check = new NodeCheck("Scan", 16, ("body", body), ("num_scan_inputs", 1), ("scan_output_axes", new[] { axis }), ("scan_output_directions", new[] { backward }))
                .Input(Tensor.From([.. Enumerable.Range(0, steps * 20).Select(i => (float)i)], new Shape(steps, 4, 5))).Output(OnnxElementType.Float);
            int[] sizes = [4, 5];
            var shape = sizes.ToList();
            shape.Insert(axis < 0 ? axis + 3 : axis, steps);

            Assert.Equal(new Shape([.. shape]), check.Run()[0].Shape);
            if (steps > 0)
                check.AgreesWithRuntime();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(-2)]
    public void AxisOfScansInputs_CountsFromTheEndToo(int axis)
    {
        var body = new GraphProto { Name = "body" };
        body.Inputs.Add(OnnxFile.Info("item", OnnxElementType.Float));
        body.Inputs[0].Type!.Tensor!.Shape = null;
        body.Outputs.Add(new ValueInfoProto { Name = "twice" });
        body.Nodes.Add(OnnxFile.NodeOf("Add", ["item", "item"], ["twice"]));
        new NodeCheck("Scan", 16, ("body", body), ("num_scan_inputs", 1), ("scan_input_axes", new[] { axis }))
            .Input(Tensor.From([.. Enumerable.Range(0, 24).Select(i => (float)i)], new Shape(2, 3, 4))).Output(OnnxElementType.Float).AgreesWithRuntime();
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(null, 1)]
    [InlineData(new[] { 3L, 1 }, 0)]
    [InlineData(new[] { 2L, 3 }, 1)]
    public void ScanOfVersion8_GoesOverABatch_OfSequencesOfTheirOwnLengths(long[]? lengths, int backward)
    {
        var body = new GraphProto { Name = "body" };
        body.Inputs.Add(OnnxFile.Info("sum", OnnxElementType.Float, 2));
        body.Inputs.Add(OnnxFile.Info("item", OnnxElementType.Float, 2));
        body.Outputs.Add(OnnxFile.Info("next", OnnxElementType.Float, 2));
        body.Outputs.Add(OnnxFile.Info("twice", OnnxElementType.Float, 2));
        body.Nodes.Add(OnnxFile.NodeOf("Add", ["sum", "item"], ["next"]));
        body.Nodes.Add(OnnxFile.NodeOf("Sub", ["next", "sum"], ["twice"]));
        var check = new NodeCheck("Scan", 8, ("body", body), ("num_scan_inputs", 1), ("directions", new[] { backward }));
        check = lengths is null ? check.Without() : check.Input(Tensor.From(lengths));
        check.Input(Tensor.From([100f, 200, 300, 400], new Shape(2, 2))).Input(Tensor.From([.. Enumerable.Range(1, 12).Select(i => (float)i)], new Shape(2, 3, 2)))
            .Output(OnnxElementType.Float).Output(OnnxElementType.Float).AgreesWithRuntime();
    }

    /// <summary>A table of the specification says that the condition is ignored then; its reference implementation and ONNX Runtime heed it.</summary>
    [Fact]
    public void LoopWithoutFirstCondition_StillStopsWhenItsBodySaysSo()
    {
        var body = new GraphProto { Name = "body" };
        body.Inputs.Add(OnnxFile.Info("i", OnnxElementType.Int64));
        body.Inputs.Add(OnnxFile.Info("go", OnnxElementType.Bool));
        body.Inputs.Add(OnnxFile.Info("v", OnnxElementType.Float));
        body.Outputs.Add(OnnxFile.Info("more", OnnxElementType.Bool));
        body.Outputs.Add(OnnxFile.Info("w", OnnxElementType.Float));
        body.Nodes.Add(OnnxFile.NodeOf("Add", ["v", "v"], ["w"]));
        body.Initializers.Add(OnnxFile.TensorOf("limit", Tensor.From([20f], Shape.Scalar)));
        body.Nodes.Add(OnnxFile.NodeOf("Less", ["w", "limit"], ["more"]));
        new NodeCheck("Loop", 16, ("body", body)).Input(Tensor.From([100L], Shape.Scalar)).Without().Input(Tensor.From([3f], Shape.Scalar)).Output(OnnxElementType.Float)
            .AgreesWithRuntime().Gives(Tensor.From([24f], Shape.Scalar));
    }
}
