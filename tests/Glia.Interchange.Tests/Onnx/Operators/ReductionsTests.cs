namespace Glia.Interchange.Tests.Onnx.Operators;

public class ReductionsTests
{
    private const long Even = 1L << 53, Odd = Even + 1;

    [Theory]
    [InlineData("ReduceSum", new[] { Odd, 0, 2 }, Odd + 2)]
    [InlineData("ReduceProd", new[] { Odd, 1, 3 }, 3 * Odd)]
    [InlineData("ReduceL1", new[] { -Odd, 1, -1 }, Odd + 2)]
    [InlineData("ReduceSumSquare", new[] { 94906267L, 1, 1 }, (94906267L * 94906267) + 2)]
    [InlineData("ReduceMax", new[] { Even, Odd, 5 }, Odd)]
    [InlineData("ReduceMin", new[] { -Even, -Odd, 5 }, -Odd)]
    public void LongNumbers_AreReducedExactly(string opType, long[] x, long expected) =>
        new NodeCheck(opType, 13).Input(Tensor.From(x)).Output(OnnxElementType.Int64).Gives(Tensor.From([expected]));

    [Theory]
    [InlineData("ReduceSum", int.MinValue)]
    [InlineData("ReduceProd", int.MaxValue)]
    [InlineData("ReduceL1", int.MinValue)]
    [InlineData("ReduceSumSquare", 2)]
    public void Overflow_WrapsAround(string opType, int expected) =>
        new NodeCheck(opType, 13).Input(Tensor.From([int.MaxValue, 1])).Output(OnnxElementType.Int32).Gives(Tensor.From([expected]));

    [Fact]
    public void OverflowOfANarrowType_WrapsAround() =>
        new NodeCheck("ReduceSum", 13).Input(Tensor.From([uint.MaxValue, 2L]), OnnxElementType.UInt32).Output(OnnxElementType.UInt32).Gives(Tensor.From([1L]));

    [Theory]
    [InlineData("ReduceSum")]
    [InlineData("ReduceProd")]
    [InlineData("ReduceMax")]
    [InlineData("ReduceMin")]
    [InlineData("ReduceSumSquare")]
    [InlineData("ReduceL1")]
    public void WholeNumbers_AreReducedOverAnyAxes(string opType)
    {
        var x = Tensor.From([.. Enumerable.Range(0, 24).Select(i => (i * 7 % 11) - 5)], new Shape(2, 3, 4));
        foreach (var axes in (int[][])[[0], [1], [2], [-1, 0], [0, 1, 2]])
        {
            foreach (var keep in (int[])[0, 1])
            {
                if (opType == "ReduceSum")
                    new NodeCheck(opType, 13, ("keepdims", keep)).Input(x).Input(Tensor.From([.. axes.Select(a => (long)a)])).Output(OnnxElementType.Int32).AgreesWithRuntime();
                else
                    new NodeCheck(opType, 13, ("axes", axes), ("keepdims", keep)).Input(x).Output(OnnxElementType.Int32).AgreesWithRuntime();
            }
        }
        new NodeCheck(opType, 13).Input(Tensor.From([-3], Shape.Scalar)).Output(OnnxElementType.Int32).AgreesWithRuntime();
    }

    [Theory]
    [InlineData("ReduceL1")]
    [InlineData("ReduceL2")]
    [InlineData("ReduceSumSquare")]
    [InlineData("ReduceLogSumExp")]
    [InlineData("ReduceSum")]
    public void NoAxes_LeaveTheFunctionOfEachElement(string opType)
    {
        new NodeCheck(opType, 18, ("noop_with_empty_axes", 1)).Input(Tensor.From([3, 1, -5])).Output(OnnxElementType.Int32).AgreesWithRuntime();
        new NodeCheck(opType, 18, ("noop_with_empty_axes", 1)).Input(Tensor.From([3f, 1, -5, 0], new Shape(2, 2))).Output(OnnxElementType.Float).AgreesWithRuntime(0.01);
    }

    [Fact]
    public void LogOfSum_WithoutAxes_IsCutOffForWholeNumbers() =>
        new NodeCheck("ReduceLogSum", 18, ("noop_with_empty_axes", 1)).Input(Tensor.From([3, 1, 25])).Output(OnnxElementType.Int32).AgreesWithRuntime();

    [Theory]
    [InlineData("ArgMax", 0)]
    [InlineData("ArgMax", 1)]
    [InlineData("ArgMin", 0)]
    [InlineData("ArgMin", 1)]
    public void PlacesOfExtremes_AreThoseOfLongNumbers(string opType, int last)
    {
        var x = Tensor.From([Even, Odd, Odd, Even, -Odd, -Even, -Even, -Odd, 7, 7, long.MinValue, long.MaxValue], new Shape(3, 4));
        foreach (var (axis, keep) in ((int, int)[])[(0, 1), (1, 0), (-1, 1)])
            new NodeCheck(opType, 13, ("axis", axis), ("keepdims", keep), ("select_last_index", last)).Input(x).Output(OnnxElementType.Int64).AgreesWithRuntime();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void RunningSumsOfWholeNumbers_AreExact_AndOverflow(int exclusive, int reverse)
    {
        NodeCheck CumSum(Tensor x, long axis, OnnxElementType type) =>
            new NodeCheck("CumSum", 14, ("exclusive", exclusive), ("reverse", reverse)).Input(x).Input(Tensor.From([axis], Shape.Scalar)).Output(type).AgreesWithRuntime();

        CumSum(Tensor.From([Odd, 1, 2, 1]), 0, OnnxElementType.Int64);
        CumSum(Tensor.From([int.MaxValue, 1, 2]), 0, OnnxElementType.Int32);
        CumSum(Tensor.From([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], new Shape(2, 3, 2)), 1, OnnxElementType.Int32);
        CumSum(Tensor.From([1, 2, 3, 4, 5, 6], new Shape(2, 3)), -1, OnnxElementType.Int32);
    }
}
