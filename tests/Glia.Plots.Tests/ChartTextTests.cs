namespace Glia.Plots.Tests;

public class ChartTextTests
{
    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.001, "<1 %")]
    [InlineData(0.0149, "1 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.994, "99 %")]
    [InlineData(0.9999, ">99 %")]
    [InlineData(1, "100 %")]
    public void Percent_NeverRoundsToNoneOrAll(double share, string expected) => Assert.Equal(expected, ChartText.Percent(share));

    [Theory]
    [InlineData("", "")]
    [InlineData(" a \t\r\n b ", "a b")]
    [InlineData("\u0007", "")]
    [InlineData("x\u202Ey", "x y")]
    [InlineData("x\uFFFFy", "x y")]
    [InlineData("x\uD83D\uDE42y", "x\U0001F642y")]
    [InlineData("naïve °C²", "naïve °C²")]
    public void Clean_KeepsOnlyWhatCanBeShown(string text, string expected) => Assert.Equal(expected, ChartText.Clean(text));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("日本", 4, "日本")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("e\u0301a", 2, "e\u0301a")]
    [InlineData("\U0001F642\U0001F642", 3, "\U0001F642…")]
    public void TerminalFit_CountsColumns(string text, int width, string expected) =>
        Assert.Equal(expected, TerminalText.Fit(text, width, asciiOnly: false));
}
