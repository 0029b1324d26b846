using Glia.Conformance.Operations;

namespace Glia.Conformance.Tests;

public class VectorTests
{
    public static TheoryData<string, DType> Cases
    {
        get
        {
            var cases = new TheoryData<string, DType>();
            foreach (var name in Vectors.Names)
            {
                foreach (var dtype in CaseRunner.DTypes)
                    cases.Add(name, dtype);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Glia_AgreesWithPyTorch(string name, DType dtype)
    {
        var result = CaseRunner.Run(Vectors.PathOf(name), name, dtype);

        Assert.True(result.Passed, result.ToString());
    }

    [Fact]
    public void EveryOperationOfTheTable_HasAVector()
    {
        var covered = Vectors.Names.Select(name => name.Split('/')[1].Split("__")[0]);

        Assert.Empty(AllOperations.Table.Select(row => row.Key).Except(covered));
    }
}
