namespace Glia.Data.Tests;

public class DecompressorTests
{
    [Theory]
    [InlineData(23, true)]
    [InlineData(24, false)]
    [InlineData(27, false)]
    public void WindowOfZstandard_IsNoLargerThanUsualOrThanTheData(int windowLog, bool isRead)
    {
        // A frame of unknown length that repeats a byte eight times.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0, (byte)((windowLog - 10) << 3), 0x43, 0, 0, 7];
        var budget = new ExpansionBudget(frame.Length);
        if (isRead)
            Assert.Equal([7, 7, 7, 7, 7, 7, 7, 7], Decompressor.Expand(budget, ColumnCodec.Zstandard, frame, 0, frame.Length, 8));
        else
            Assert.Contains("cannot be expanded", Assert.Throws<CorruptDataException>(() => Decompressor.Expand(budget, ColumnCodec.Zstandard, frame, 0, frame.Length, 8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_IsForAllDataOfAFile()
    {
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0x43, 0, 0, 7];
        var budget = new ExpansionBudget(frame.Length);
        budget.Expand(ExpansionBudget.Of(frame.Length) - 8);
        Assert.Equal(8, Decompressor.Expand(budget, ColumnCodec.Zstandard, frame, 0, frame.Length, 8).Length);
        Assert.Contains("more than is believed", Assert.Throws<CorruptDataException>(() => Decompressor.Expand(budget, ColumnCodec.Zstandard, frame, 0, frame.Length, 8)).Message, StringComparison.Ordinal);
    }
}
