namespace Glia.Data.Tests;

public class SplitsTests
{
    private static readonly double[] EightyTwenty = [0.8, 0.2];
    private static readonly double[] Three = [0.7, 0.15, 0.15];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(101)]
    public void Random_AnyCount_CoversEveryRowOnceInAscendingParts(int count)
    {
        var parts = Splits.Random(count, Three, seed: 5);

        Assert.Equal(Enumerable.Range(0, count), parts.SelectMany(part => part).Order());
        Assert.All(parts, part => Assert.Equal(part.Order(), part));
        Assert.Equal(Math.Min(count, 3), parts.Count(part => part.Length > 0));
        for (var i = 0; i < 3 && count >= 10; i++)
            Assert.InRange(parts[i].Length, Math.Floor(Three[i] * count), Math.Ceiling(Three[i] * count));
    }

    [Fact]
    public void Random_Seed_DecidesTheSplit()
    {
        Assert.Equal(Splits.Random(50, EightyTwenty, 1), Splits.Random(50, EightyTwenty, 1));
        Assert.NotEqual(Splits.Random(50, EightyTwenty, 1)[1], Splits.Random(50, EightyTwenty, 2)[1]);
        Assert.Equal(new[] { 7, 9 }, Splits.Random(10, EightyTwenty, 1)[1]);
    }

    [Fact]
    public void Random_ManySeeds_PickEveryRowEquallyOften()
    {
        var picked = new int[10];
        for (ulong seed = 0; seed < 5000; seed++)
        {
            foreach (var row in Splits.Random(10, EightyTwenty, seed)[1])
                picked[row]++;
        }

        Assert.All(picked, count => Assert.InRange(count, 880, 1120));
    }

    [Fact]
    public void Stratified_EqualClasses_AreExactlyInProportion()
    {
        var labels = Enumerable.Range(0, 150).Select(i => i / 50).ToArray();

        var parts = Splits.Stratified(labels, EightyTwenty, seed: 7);

        Assert.Equal([40, 40, 40], Enumerable.Range(0, 3).Select(c => parts[0].Count(row => labels[row] == c)));
        Assert.Equal([10, 10, 10], Enumerable.Range(0, 3).Select(c => parts[1].Count(row => labels[row] == c)));
    }

    [Fact]
    public void Stratified_UnequalClasses_AreWithinOneRowOfTheirShareAndSoIsTheTotal()
    {
        int[] sizes = [70, 76, 17, 13, 9, 29];
        var labels = sizes.SelectMany((size, label) => Enumerable.Repeat(label * 3 - 1, size)).ToArray();

        var parts = Splits.Stratified(labels, Three, seed: 1);

        for (var part = 0; part < 3; part++)
        {
            for (var c = 0; c < sizes.Length; c++)
                Assert.InRange(parts[part].Count(row => labels[row] == c * 3 - 1) - Three[part] * sizes[c], -0.999, 0.999);
            Assert.InRange(parts[part].Length - Three[part] * labels.Length, -1.5, 1.5);
        }
    }

    [Fact]
    public void Stratified_ManyRareClasses_HaveARowInEveryPart()
    {
        var labels = Enumerable.Range(0, 40).Select(i => i / 2).ToArray();

        var parts = Splits.Stratified(labels, EightyTwenty, seed: 1);

        Assert.All(parts, part => Assert.Equal(20, part.Select(row => labels[row]).Distinct().Count()));
    }

    [Fact]
    public void Stratified_ClassesOfOneRow_LeaveNoPartEmpty()
    {
        var parts = Splits.Stratified([0, 1, 2], [0.9, 0.1], seed: 1);

        Assert.Equal([2, 1], parts.Select(part => part.Length));
    }

    [Fact]
    public void Stratified_EqualFractions_AreFolds()
    {
        var folds = Splits.Stratified(new int[103], [0.2, 0.2, 0.2, 0.2, 0.2], seed: 1);

        Assert.Equal([20, 20, 21, 21, 21], folds.Select(fold => fold.Length).Order());
    }

    [Theory]
    [InlineData()]
    [InlineData(0.5, 0.4)]
    [InlineData(1.5, -0.5)]
    [InlineData(1.0, 0.0)]
    [InlineData(double.NaN, 0.5)]
    public void Fractions_NotPositiveWithSumOne_AreRefused(params double[] fractions)
    {
        Assert.Throws<ArgumentException>(() => Splits.Random(10, fractions, 1));
        Assert.Throws<ArgumentException>(() => Splits.Stratified([0, 1], fractions, 1));
    }

    [Fact]
    public void Random_NegativeCount_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.Random(-1, EightyTwenty, 1));
    }

    [Fact]
    public void PartOf_ManyRows_FollowTheFractions()
    {
        var counts = new int[3];
        for (var row = 0; row < 20_000; row++)
            counts[Splits.PartOf(row, Three, seed: 9)]++;

        for (var part = 0; part < 3; part++)
            Assert.InRange(counts[part] / 20_000.0, Three[part] - 0.012, Three[part] + 0.012);
    }
}
