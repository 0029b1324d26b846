using System.Numerics;

namespace Glia.Kernels.Tests.Reductions;

public class ReductionsTests
{
    [Fact]
    public void Sum_OfRows_HasTheBitsOfOneRowAfterTheOtherInBlocksOf256()
    {
        foreach (var rows in new[] { 1, 2, 4, 5, 6, 8, 9, 255, 256, 257, 259, 260, 261, 600 })
        {
            foreach (var columns in new[] { 2, 3, 7, 8, 9, 31, 127, 128, 129, 256, 300, 515 })
            {
                Check<float>(rows, columns);
                Check<double>(rows, columns);
            }
        }
    }

    private static void Check<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = Numbers.Uniform<T>(rows * columns, 1);
        var expected = new T[columns];
        for (var first = 0; first < rows; first += 256)
        {
            for (var c = 0; c < columns; c++)
            {
                var block = x[(first * columns) + c];
                for (var r = first + 1; r < Math.Min(rows, first + 256); r++)
                    block += x[(r * columns) + c];
                expected[c] = first == 0 ? block : expected[c] + block;
            }
        }
        var y = new T[columns];
        Kernels.Reductions.Reduce<T>(Reduction.Sum, 1, rows, columns, x, y);
        Assert.Equal(expected, y);
    }
}
