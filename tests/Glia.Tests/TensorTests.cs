namespace Glia.Tests;

public class TensorTests
{
    private static readonly Tensor Matrix = Tensor.From(new[,] { { 1f, 2, 3 }, { 4, 5, 6 } });

    [Fact]
    public void From_ArrayMatrixOrSpan_CopiesInRowMajorOrder()
    {
        var values = new[] { 1.0, 2, 3, 4 };
        var tensor = Tensor.From(values, (2, 2));
        values[0] = 9;
        Assert.Equal([1, 2, 3, 4], tensor.ToArray<double>());
        Assert.Equal((DType.Float64, new Shape(2, 2)), (tensor.DType, tensor.Shape));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Matrix.ToArray<float>());
        Assert.Equal((DType.Bool, new Shape(2)), (Tensor.From([true, false]).DType, Tensor.From([true, false]).Shape));
    }

    [Fact]
    public void From_WrongCountNullOrOtherType_Refused()
    {
        Assert.Equal("Tensor.From expects 6 values for shape (2, 3) but got 4.", Assert.Throws<ShapeException>(() => Tensor.From(new float[4], (2, 3))).Message);
        Assert.Throws<ArgumentNullException>(() => Tensor.From((float[])null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.From((float[,])null!));
        Assert.Equal("Tensors hold float, double, int, long or bool, not Byte.", Assert.Throws<NotSupportedException>(() => Tensor.From(new byte[1])).Message);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    public void ZerosOnesFullArange_EveryType_HoldTheirValues(DType dtype)
    {
        Assert.Equal([0, 0], Tensor.Zeros(2, dtype).ToDoubles());
        Assert.Equal([1, 1], Tensor.Ones(2, dtype).ToDoubles());
        Assert.Equal([7, 7], Tensor.Full(2, 7, dtype).ToDoubles());
        Assert.Equal([0, 1, 2], Tensor.Arange(3, dtype).ToDoubles());
        Assert.Equal(dtype, Tensor.Scalar(3, dtype).DType);
    }

    [Fact]
    public void Indexer_EveryAxis_CountsFromTheEndWhenNegative()
    {
        Assert.Equal(6, Matrix[1, 2]);
        Assert.Equal(4, Matrix[-1, -3]);
        Assert.Equal(7, Tensor.Scalar(7)[[]]);
    }

    [Fact]
    public void Indexer_WrongIndices_SaysWhatFits()
    {
        Assert.Equal("A tensor of shape (2, 3) takes 2 indices but got 1.", Assert.Throws<ArgumentException>(() => Matrix[0]).Message);
        Assert.Equal("Index 3 is out of range for axis 1 of shape (2, 3).", Assert.Throws<ArgumentException>(() => Matrix[0, 3]).Message);
        Assert.Equal("Index -3 is out of range for axis 0 of shape (2, 3).", Assert.Throws<ArgumentException>(() => Matrix[-3, 0]).Message);
    }

    [Fact]
    public void Item_ManyElements_SaysToReduce()
    {
        Assert.Equal(5, Tensor.Full((1, 1), 5).Item());
        Assert.Equal(
            "Item() expects a tensor of one element but this one has shape (2, 3). Reduce it first, for example with Mean().",
            Assert.Throws<InvalidOperationException>(() => Matrix.Item()).Message);
    }

    [Fact]
    public void AsSpan_OtherType_SaysToConvert() => Assert.Equal(
        "The tensor holds Float32 but was read as Int64. Convert it with To(DType) first.",
        Assert.Throws<InvalidOperationException>(() => Matrix.AsSpan<long>().Length).Message);

    [Fact]
    public void ToString_ManyElements_ShowsTheFirst()
    {
        Assert.Equal("Tensor (2, 3) Float32 [1, 2, 3, 4, 5, 6]", Matrix.ToString());
        Assert.Equal("Tensor (9,) Int64 [0, 1, 2, 3, 4, 5, 6, 7, …]", Tensor.Arange(9, DType.Int64).ToString());
    }

    [Fact]
    public void ViewsShareMemory_CopiesDoNot()
    {
        var x = Tensor.Zeros((4, 3));
        Tensor[] views = [x.Reshape(12), x.Detach(), x.Slice(0, 1, 2), x.Reshape(3, -1)];
        Tensor[] copies = [x.Clone(), x.Slice(1, 0, 2), x.Permute(1, 0), x.To(DType.Float64), x.To(Device.Reference), x + 0];
        x.AsWritableSpan<float>().Fill(1);
        Assert.All(views, v => Assert.All(v.ToDoubles(), e => Assert.Equal(1, e)));
        Assert.All(copies, c => Assert.All(c.ToDoubles(), e => Assert.Equal(0, e)));
    }

    [Fact]
    public void Slice_RangeOutsideTheAxis_Refused()
    {
        Assert.Equal("Slice expects a range inside axis 1 of (2, 3) but got start 2 and length 2.", Assert.Throws<ShapeException>(() => Matrix.Slice(1, 2, 2)).Message);
        Assert.Throws<ShapeException>(() => Matrix.Slice(0, int.MaxValue, 2));
        Assert.Throws<ShapeException>(() => Matrix.Slice(0, 1, int.MaxValue));
        Assert.Throws<ShapeException>(() => Matrix.Slice(0, -3, 1));
        Assert.Equal([4, 5, 6], Matrix.Slice(0, -1, 1).ToDoubles());
    }

    public static TheoryData<Action, string> ShapeErrors => new()
    {
        { () => _ = Matrix + Tensor.Zeros(2), "Add expects shapes whose sizes are equal or 1, aligned at the last axis, but got (2, 3) and (2,). Reshape one of them, or sum over an axis with keepDims: true." },
        { () => Matrix.MatMul(Matrix), "MatMul expects (…, m, k) and (…, k, n) but got (2, 3) and (2, 3). The inner sizes 3 and 2 must be equal." },
        { () => Tensor.Zeros((2, 3, 4)).MatMul(Tensor.Zeros((3, 4, 2))), "MatMul expects (…, m, k) and (…, k, n) but got (2, 3, 4) and (3, 4, 2). The leading axes must be equal or 1." },
        { () => Matrix.MatMul(Tensor.Scalar(2)), "MatMul expects matrices or vectors but got (2, 3) and (). Use * to multiply by a number." },
        { () => Matrix.Reshape(4), "Reshape expects 4 elements for shape (4,) but got 6 from (2, 3)." },
        { () => Matrix.Reshape(-1, 4), "Reshape expects one size of −1 and 6 elements to be divisible by the others but got (-1, 4) for (2, 3)." },
        { () => Matrix.BroadcastTo((2, 4)), "BroadcastTo expects a shape whose sizes are 1 or those of (2, 4), aligned at the last axis, but got (2, 3)." },
        { () => Tensor.Concat(0, Matrix, Tensor.Zeros((2, 2))), "Concat expects shapes that differ along axis 0 only but got (2, 3) and (2, 2)." },
        { () => Matrix.CopyFrom(Tensor.Zeros(6)), "CopyFrom expects a tensor of shape (2, 3) but got (6,)." },
        { () => Tensor.Conv2D(Matrix, Matrix), "Conv2D expects a weight of 4 axes but got (2, 3)." },
        { () => Tensor.Conv2D(Matrix, Tensor.Ones((2, 3, 1, 1))), "Conv2D expects input (batch, channels, rows, columns) and weight (filters, channels / groups, rows, columns) but got (2, 3) and (2, 3, 1, 1) with 1 groups." },
        { () => Tensor.ConvTranspose2D(Tensor.Ones((1, 2, 1, 1)), Tensor.Ones((2, 3, 1, 1)), options: new() { Padding = 1 }), "ConvTranspose2D expects an output of at least one element but got (1, 2, 1, 1) and kernel (2, 3, 1, 1) with padding 1. Use less padding." },
    };

    [Theory]
    [MemberData(nameof(ShapeErrors))]
    public void ShapesThatDoNotFit_SaysWhatFits(Action action, string message) => Assert.Equal(message, Assert.Throws<ShapeException>(action).Message);

    public static TheoryData<Action> OtherErrors =>
    [
        () => Matrix.Permute(0, 0),
        () => Matrix.Permute(0),
        () => Matrix.Pad(0, -1, 0),
        () => Matrix.Sum(2),
        () => Tensor.Concat(2, Matrix, Matrix),
        () => Tensor.Concat(0),
        () => Tensor.Stack(3, Matrix),
        () => Tensor.Stack(0),
        () => Matrix.To(DType.Int64).Exp(),
        () => _ = Matrix + Matrix.To(DType.Float64),
        () => _ = Matrix + Matrix.To(Device.Reference),
        () => Tensor.Zeros((2, 0)).Max([1]),
        () => Tensor.Zeros((2, 0)).ArgMax(),
        () => Tensor.OneHot(Tensor.From([3L]), 3),
        () => Tensor.SoftmaxCrossEntropy(Matrix, Tensor.From([0L, 3])),
        () => Matrix.CopyFrom(Matrix.To(DType.Float64)),
        () => Tensor.Arange(-1),
        () => Tensor.Conv2D(Tensor.Zeros((1, 1, 3, 3)), Tensor.Zeros((1, 1, 1, 1)), options: new() { Stride = 0 }),
        () => Tensor.Conv2D(Tensor.Zeros((1, 1, 3, 3)), Tensor.Zeros((1, 1, 1, 1)), options: new() { Groups = 0 }),
        () => Tensor.Conv2D(Tensor.Zeros((1, 0, 3, 3)), Tensor.Zeros((1, 1, 1, 1)), options: new() { Groups = 0 }),
        () => Tensor.Conv2D(Tensor.Zeros((1, 1, 3, 3)), Tensor.Zeros((1, 1, 1, 1)), options: new() { Padding = -1 }),
        () => Tensor.Conv2D(Tensor.Zeros((1, 1, 3, 3)), Tensor.Zeros((1, 1, 1, 1)), options: new() { Dilation = 0 }),
    ];

    [Theory]
    [MemberData(nameof(OtherErrors))]
    public void ArgumentsThatDoNotFit_AreArgumentExceptionsWithASentence(Action action)
    {
        var e = Assert.ThrowsAny<ArgumentException>(action);
        Assert.True(e.Message.Length > 20 && e is not ArgumentNullException, e.Message);
    }

    [Fact]
    public void DTypesDiffer_SaysToConvert() => Assert.Equal(
        "Add got Float32 and Float64. Convert one of them with To(DType).", Assert.Throws<ArgumentException>(() => Matrix + Matrix.To(DType.Float64)).Message);

    [Fact]
    public void To_EveryPairOfTypes_CutsSaturatesAndTellsTruth()
    {
        var x = Tensor.From([-1.7, 0, 2.9, 1e30, double.NaN]);
        Assert.Equal([-1, 0, 2, int.MaxValue, 0], x.To(DType.Int32).ToArray<int>());
        Assert.Equal([-1, 0, 2, long.MaxValue, 0], x.To(DType.Int64).ToArray<long>());
        Assert.Equal([true, false, true, true, true], x.To(DType.Bool).ToArray<bool>());
        Assert.Equal([1f, 0], Tensor.From([true, false]).To(DType.Float32).ToArray<float>());
        Assert.Same(x, x.To(DType.Float64));
    }

    [Fact]
    public void ArgMaxArgMin_TiesAndNaN_FirstWins()
    {
        var x = Tensor.From(new[,] { { 1f, 3, 3 }, { 2, float.NaN, 9 } });
        Assert.Equal([1, 1], x.ArgMax().ToArray<long>());
        Assert.Equal([0, 1], x.ArgMin(-1).ToArray<long>());
        Assert.Equal([1, 1, 1], x.ArgMax(0).ToArray<long>());
        Assert.Equal((2, 1), x.ArgMax(1, keepDims: true).Shape);
    }

    [Fact]
    public void Comparisons_NaNAndBroadcast_FalseWhereNaN()
    {
        var x = Tensor.From([1f, 2, float.NaN]);
        var two = Tensor.Scalar(2);
        Assert.Equal([false, false, false], Tensor.Greater(x, two).ToArray<bool>());
        Assert.Equal([false, true, false], Tensor.GreaterOrEqual(x, two).ToArray<bool>());
        Assert.Equal([false, true, false], Tensor.EqualTo(x, two).ToArray<bool>());
    }

    [Fact]
    public void OneHot_PutsOnes() => Assert.Equal([0, 1, 0, 1, 0, 0], Tensor.OneHot(Tensor.From([1L, 0]), 3).ToDoubles());

    [Theory]
    [InlineData(3)]
    [InlineData(700)]
    public void Sum_OfManyRows_KeepsItsPrecision(int columns)
    {
        var x = Tensor.Full((70_000, columns), 0.1);
        Assert.All(x.Sum(0).ToDoubles(), v => Assert.Equal(7000, v, 0.05));
        Assert.All(x.Reshape(2, 35_000, columns).Sum(1).ToDoubles(), v => Assert.Equal(3500, v, 0.025));
    }

    [Fact]
    public void Mean_OfNothing_IsNaN() => Assert.True(double.IsNaN(Tensor.Zeros(0).Mean().Item()));
}
