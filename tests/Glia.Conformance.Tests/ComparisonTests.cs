namespace Glia.Conformance.Tests;

public class ComparisonTests
{
    private static readonly Tolerance Tolerance = new(1e-2, 1e-3);
    private static readonly string[] Given = ["in.", "param.", "state.", "grad_out.", "vector.", "tangent."];

    public static TheoryData<string> Names => [.. Vectors.Names];

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.003, 0.0)]
    [InlineData(1.012, 1.0)]
    [InlineData(-4.04, -4.0)]
    public void DifferenceWithinRelativeAndScaledAbsoluteTolerance_Passes(double got, double reference) =>
        Assert.Null(Compare([got, 4], [reference, 4]));

    [Theory]
    [InlineData(0.005, 0.0)]
    [InlineData(1.015, 1.0)]
    [InlineData(-1.0, 1.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(double.PositiveInfinity, 1.0)]
    public void DifferenceBeyondTolerance_IsNamed(double got, double reference) =>
        Assert.Contains("where", Compare([got, 4], [reference, 4]), StringComparison.Ordinal);

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.NaN)]
    public void ReferenceThatIsNotFinite_MustBeMetExactly(double reference)
    {
        Assert.Null(Compare([1, reference], [1, reference]));
        Assert.Contains("where", Compare([1, 2], [1, reference]), StringComparison.Ordinal);
        Assert.Contains("where", Compare([1.1, reference], [1, reference]), StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbers_MustBeEqual()
    {
        var (_, problem) = Comparison.Compare(Tensor.From<long>([1, 1000]), Tensor.From<long>([1, 1001]), DType.Float32, Tolerance);

        Assert.Equal("has 1000 where 1001 was expected, at element 1 of (2,)", problem);
    }

    [Fact]
    public void OtherShape_IsNamed()
    {
        var (_, problem) = Comparison.Compare(Tensor.Zeros((1, 2), DType.Float64), Tensor.Zeros(2, DType.Float64), DType.Float64, Tolerance);

        Assert.Equal("has shape (1, 2) where (2,) was expected", problem);
    }

    [Fact]
    public void ResultInAnotherTypeThanAskedFor_IsNamed()
    {
        var (_, problem) = Comparison.Compare(Tensor.Zeros(2, DType.Float64), Tensor.Zeros(2, DType.Float64), DType.Float32, Tolerance);

        Assert.Equal("holds Float64 where Float32 was expected", problem);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OneWrongElementOfAnyExpectedTensor_Fails(string name)
    {
        using var folder = new TemporaryFolder();
        var whole = new CaseFile(Vectors.PathOf(name));
        var expected = whole.Names.Where(tensor => !Array.Exists(Given, tensor.StartsWith)).ToArray();
        Assert.NotEmpty(expected);
        foreach (var tensor in expected.Where(tensor => whole.CountOf(tensor) > 0))
        {
            var file = new CaseFile(Vectors.PathOf(name));
            file.Perturb(tensor, file.CountOf(tensor) - 1);
            var path = file.Save(folder["perturbed.safetensors"]);

            foreach (var dtype in CaseRunner.DTypes)
                Assert.StartsWith(tensor + " has ", CaseRunner.Run(path, name, dtype).Problem, StringComparison.Ordinal);
        }
    }

    private static string? Compare(double[] got, double[] reference) =>
        Comparison.Compare(Tensor.From(got), Tensor.From(reference), DType.Float64, Tolerance).Problem;
}
