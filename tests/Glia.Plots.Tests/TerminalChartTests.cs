namespace Glia.Plots.Tests;

public class TerminalChartTests
{
    private static void Check(string expected, IReadOnlyList<string> lines)
    {
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', lines));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void OneSeries_IsALineOfDots() => Check(
        """
        loss
            8 ┤⠢⣀
            6 ┤  ⠑⢄⡀
              │    ⠈⠢⣀
            4 ┤       ⠑⠢⢄⣀
            2 ┤           ⠉⠒⠢⢄⣀⡀
              │                ⠈⠉⠉⠒⠒⠢⠤
              └───────┬──────────────┬
        epoch         2              4
        ⠤ training
        """,
        TerminalChart.LearningCurves("loss", [new("training", [8, 4, 2, 1])], width: 30, height: 10));

    [Fact]
    public void TwoSeriesInAscii_HaveMarks() => Check(
        """
        loss
            8 +oooo
            6 +   *ooooo
              |       **ooooooo           oooooo
            4 +          ******ooooooooooo
            2 +                *******
              |                       **********
              +-----------+---------^----------+
        epoch             2                    4
        * training   o validation
        ^ best epoch 3
        """,
        TerminalChart.LearningCurves("loss", [new("training", [8, 4, 2, 1]), new("validation", [8, 5, 4, 5])], 40, 11, 3, asciiOnly: true));

    [Fact]
    public void LogScale_TicksPowersOfTen() => Check(
        """
        loss, log scale
          100 +***
              |   ****
              |       ****
           10 +           *****
              |                ****
            1 +                    ***
              +-----------+-----------
        epoch             2
        * a
        """,
        TerminalChart.LearningCurves("loss", [new("a", [100, 10, 1])], width: 30, height: 10, logScale: true, asciiOnly: true));

    [Fact]
    public void SinglePoint_IsDrawn() => Check(
        """
        accuracy
              |
              |
          0.5 +           *
              |
              +-----------+-----------
        epoch             1
        * a
        """,
        TerminalChart.LearningCurves("accuracy", [new("a", [0.5])], width: 30, height: 8, asciiOnly: true));

    [Fact]
    public void PointsThatCannotBeDrawn_ArePassedOver()
    {
        double[] values = [8, double.NaN, 4, double.PositiveInfinity, double.NegativeInfinity, 1e300, 1];
        double[] straight = [8, 6, 4, 3.25, 2.5, 1.75, 1];
        Assert.Equal(
            TerminalChart.LearningCurves("loss", [new("a", straight)], asciiOnly: true),
            TerminalChart.LearningCurves("loss", [new("a", values)], asciiOnly: true));
    }

    [Theory]
    [InlineData(30, 8)]
    [InlineData(80, 16)]
    [InlineData(200, 60)]
    public void AnySize_IsKept(int width, int height)
    {
        ChartSeries[] series = [new("training", [3, 2, 1e-7]), new("validation", [3, 123456, 1])];
        foreach (var ascii in (bool[])[true, false])
        {
            var lines = TerminalChart.LearningCurves("loss", series, width, height, 2, logScale: true, ascii);
            Assert.Equal(height, lines.Count);
            Assert.All(lines, line => Assert.InRange(TerminalText.Width(line), 0, width));
            Assert.True(!ascii || lines.All(line => System.Text.Ascii.IsValid(line)));
        }
    }

    [Fact]
    public void TextsFromUsers_AreCutAndCleaned()
    {
        var lines = TerminalChart.LearningCurves("\u001b[31m日本語", [new(new string('x', 99) + "é", [1, 2])], 30, 8, asciiOnly: true);
        Assert.Equal("[31m???", lines[0]);
        Assert.Equal("* " + new string('x', 27) + "~", lines[^1]);
    }

    [Fact]
    public void NothingToDraw_IsAClearError()
    {
        Assert.Throws<ArgumentException>(() => TerminalChart.LearningCurves("loss", []));
        Assert.Throws<ArgumentException>(() => TerminalChart.LearningCurves("loss", [new("a", [double.NaN])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TerminalChart.LearningCurves("loss", [new("a", [1])], width: 29));
        Assert.Throws<ArgumentOutOfRangeException>(() => TerminalChart.LearningCurves("loss", [new("a", [1])], height: 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => TerminalChart.LearningCurves("loss", [new("a", [1])], bestEpoch: 2));
    }
}
