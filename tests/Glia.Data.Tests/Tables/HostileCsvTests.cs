using System.Text;

namespace Glia.Data.Tests;

/// <summary>CSV files that are made to take much memory or time.</summary>
public class HostileCsvTests
{
    private const int Length = 4_000_000;

    [Fact]
    public void QuoteThatDoesNotEnd_IsRefused() => Hostile.Refuse("t.csv", Encoding.ASCII.GetBytes("a,b\n1,\"" + string.Concat(Enumerable.Repeat("x\"\"\n,", Length / 5))));

    [Fact]
    public void LongCells_AreRead() => Hostile.ReadsOrRefuses("t.csv", Encoding.ASCII.GetBytes($"a,b\n1,{new string('1', Length)}\n{new string('-', Length)},2\n"));

    [Fact]
    public void ManyColumns_AreRead() =>
        Hostile.ReadsOrRefuses("t.csv", Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"c{i}")) + string.Concat(Enumerable.Repeat("\n" + new string(',', 19_999), 20))), 1000);

    [Fact]
    public void EmptyLines_ArePassedOver() => Hostile.ReadsOrRefuses("t.csv", Encoding.ASCII.GetBytes("a,b\n" + new string('\n', Length / 4) + "1,2\n"));
}
