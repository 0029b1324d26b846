namespace Glia.Data.Tests.Tables;

public class EncodedRowsFileTests
{
    [Fact]
    public void Rows_AreReadInAnyOrder()
    {
        using var rows = new EncodedRowsFile(2, TaskKind.Classification);
        rows.Append([1, 2, 3, 4], [0, 7]);
        rows.Append([5, 6], [1]);
        Assert.Equal(3, rows.Count);
        var (input, target) = (Tensor.Zeros((3, 2)), Tensor.Zeros(3, DType.Int64));
        rows.Fill([2, 0, 1], input, target);
        Assert.Equal([5, 6, 1, 2, 3, 4], input.ToArray<float>());
        Assert.Equal([1, 0, 7], target.ToArray<long>());
    }

    [Fact]
    public void ManyRows_InRandomOrderAndAfterMoreWereAppended_AreThoseWritten()
    {
        const int Features = 7;
        using var rows = new EncodedRowsFile(Features, TaskKind.Classification);
        foreach (var end in new[] { 1_000, 3_001 })
        {
            var first = rows.Count;
            rows.Append(
                [.. Enumerable.Range(first * Features, (end - first) * Features).Select(i => (float)i)], [.. Enumerable.Range(first, end - first).Select(i => (float)i)]);
            var order = new Rng(1).Permutation(end);
            var (input, target) = (Tensor.Zeros((end, Features)), Tensor.Zeros(end, DType.Int64));
            rows.Fill(order, input, target);
            Assert.Equal([.. order.Select(i => (long)i)], target.ToArray<long>());
            Assert.Equal([.. order.SelectMany(i => Enumerable.Range(i * Features, Features)).Select(i => (float)i)], input.ToArray<float>());
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void RowThatIsNotThere_IsRefused(int row)
    {
        using var rows = new EncodedRowsFile(2, TaskKind.Classification);
        rows.Append([1, 2, 3, 4], [0, 7]);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => rows.Fill([0, row], Tensor.Zeros((2, 2)), Tensor.Zeros(2, DType.Int64)));
        Assert.StartsWith("The file has 2 rows; give numbers of rows from 0 to 1.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RegressionTargets_AreNumbers()
    {
        using var rows = new EncodedRowsFile(1, TaskKind.Regression);
        rows.Append([1, 2], [0.5f, -1.5f]);
        var (input, target) = (Tensor.Zeros((1, 1)), Tensor.Zeros((1, 1)));
        rows.Fill([1], input, target);
        Assert.Equal([-1.5f], target.ToArray<float>());
    }

    [Fact]
    public void TemporaryFile_HasNoNameThatCouldBeLeftBehind()
    {
        if (OperatingSystem.IsWindows())
            return;
        var before = Directory.GetFiles(Path.GetTempPath(), "glia-*.rows");
        using var rows = new EncodedRowsFile(2, TaskKind.Classification);
        rows.Append([1, 2], [0]);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "glia-*.rows").Except(before));
    }

    [Fact]
    public void LengthsThatDoNotFit_AreRefused()
    {
        using var rows = new EncodedRowsFile(2, TaskKind.Classification);
        Assert.Throws<ArgumentException>(() => rows.Append([1, 2, 3], [0]));
    }
}
