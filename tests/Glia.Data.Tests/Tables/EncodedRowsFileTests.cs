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
