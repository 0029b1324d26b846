namespace Glia.Plots.Tests;

public class TerminalConfusionMatrixTests
{
    private static void Check(string expected, IReadOnlyList<string> lines) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', lines));

    private static long[,] Diagonal(int count, long value)
    {
        var counts = new long[count, count];
        for (var i = 0; i < count; i++)
            counts[i, i] = value;
        return counts;
    }

    [Fact]
    public void FewClasses_HaveTheirNamesAsHeadings() => Check(
        """
        true \ pred.  cat  dog  grasshopper  recall
        cat            10    2            0    83 %
        dog             0  999            1   >99 %
        grasshopper     0    0            0       -
        """,
        TerminalConfusionMatrix.Render(["cat", "dog", "grasshopper"], new long[,] { { 10, 2, 0 }, { 0, 999, 1 }, { 0, 0, 0 } }));

    [Fact]
    public void NamesTooLongForTheWidth_BecomeNumbers() => Check(
        """
        true \ pred.                    0  1  recall
        0 a name that is really q…  12345  0   100 %
        1 a name that is really q…      1  3    75 %
        """,
        TerminalConfusionMatrix.Render(
            ["a name that is really quite long", "a name that is really quite as long"],
            new long[,] { { 12345, 0 }, { 1, 3 } },
            width: 60));

    [Fact]
    public void ClassesThatDoNotFit_AreSummedUp()
    {
        var counts = Diagonal(30, 90);
        counts[1, 29] = 10;
        var names = Enumerable.Range(0, 30).Select(i => $"Straße {i}").ToArray();
        var lines = TerminalConfusionMatrix.Render(names, counts, 50, asciiOnly: true);
        Check(
            """
            true \ pred.   0   1   2   3   4  others  recall
             0 Stra?e 0   90   0   0   0   0       0   100 %
             1 Stra?e 1    0  90   0   0   0      10    90 %
             2 Stra?e 2    0   0  90   0   0       0   100 %
             3 Stra?e 3    0   0   0  90   0       0   100 %
             4 Stra?e 4    0   0   0   0  90       0   100 %
            The first 5 of 30 classes; a wider terminal shows more.
            """,
            lines);
    }

    [Fact]
    public void WideCharacters_KeepColumnsAligned() => Check(
        """
        true \ pred.  猫  犬  recall
        猫             1   2    33 %
        犬             0   4   100 %
        """,
        TerminalConfusionMatrix.Render(["猫", "犬"], new long[,] { { 1, 2 }, { 0, 4 } }));

    [Theory]
    [InlineData(50)]
    [InlineData(80)]
    [InlineData(133)]
    public void Lines_AreNoWiderThanAsked(int width)
    {
        for (var count = 1; count < 80; count++)
        {
            var names = Enumerable.Range(0, count).Select(i => new string('n', i % 30) + i).ToArray();
            var lines = TerminalConfusionMatrix.Render(names, Diagonal(count, 1234), width);
            Assert.All(lines.Where(line => !line.StartsWith("The first", StringComparison.Ordinal)),
                line => Assert.InRange(TerminalText.Width(line), 1, width));
        }
    }

    [Fact]
    public void TenDigits_FitIntoEightyColumns()
    {
        var lines = TerminalConfusionMatrix.Render([.. "0123456789".Select(digit => digit.ToString())], Diagonal(10, 1000));
        Assert.Equal(11, lines.Count);
        Assert.Equal("9                0     0     0     0     0     0     0     0     0  1000   100 %", lines[^1]);
    }

    [Fact]
    public void WrongArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TerminalConfusionMatrix.Render(["a"], new long[1, 1], width: 49));
        Assert.Throws<ArgumentException>(() => TerminalConfusionMatrix.Render([], new long[0, 0]));
        Assert.Throws<ArgumentException>(() => TerminalConfusionMatrix.Render(["a", "b"], new long[1, 2]));
    }
}
