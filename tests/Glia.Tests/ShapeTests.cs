namespace Glia.Tests;

public class ShapeTests
{
    [Fact]
    public void ToString_AnyRank_ReadsLikeATuple()
    {
        Assert.Equal("()", Shape.Scalar.ToString());
        Assert.Equal("(5,)", new Shape(5).ToString());
        Assert.Equal("(32, 100)", new Shape(32, 100).ToString());
    }

    [Fact]
    public void Count_IsTheProduct_OneForAScalar()
    {
        Assert.Equal(24, new Shape(2, 3, 4).Count);
        Assert.Equal(0, new Shape(2, 0, 4).Count);
        Assert.Equal(1, Shape.Scalar.Count);
        Assert.Equal(1, default(Shape).Count);
        Assert.Equal(Shape.Scalar, default);
    }

    [Fact]
    public void IndexFromTheEnd_CountsAxesRatherThanElements()
    {
        var shape = new Shape(2, 3, 4);
        Assert.Equal((4, 2, 3), (shape[^1], shape[^3], shape[new Index(1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[^4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[^0]);
    }

    [Fact]
    public void Constructor_NegativeOrTooLarge_Refused()
    {
        Assert.Equal("A shape cannot have a negative size, but got (2, -1).", Assert.Throws<ArgumentException>(() => new Shape(2, -1)).Message);
        Assert.Equal(
            $"A tensor holds at most {Array.MaxLength} elements, but (65536, 65536) has more.", Assert.Throws<ArgumentException>(() => new Shape(65536, 65536)).Message);
        Assert.Equal("A shape has at most 16 axes, but got 17.", Assert.Throws<ArgumentException>(() => new Shape(new int[17])).Message);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 4)]
    [InlineData(-1, 4)]
    [InlineData(-3, 2)]
    public void Indexer_AnyAxis_CountsFromTheEndWhenNegative(int axis, int size) => Assert.Equal(size, new Shape(2, 3, 4)[axis]);

    [Fact]
    public void Indexer_NoSuchAxis_SaysWhichThereAre()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(2, 3)[2]);
        Assert.StartsWith("Shape (2, 3) has axes -2 to 1, but axis 2 was asked for.", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<ArgumentOutOfRangeException>(() => default(Shape)[0]);
        Assert.StartsWith("Shape () has no axes, but axis 0 was asked for.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithWithoutPrependFrom_GiveNewShapes()
    {
        var shape = new Shape(2, 3, 4);
        Assert.Equal((2, 9, 4), shape.With(-2, 9));
        Assert.Equal((2, 4), shape.Without(1));
        Assert.Equal((5, 2, 3, 4), shape.Prepend(5));
        Assert.Equal((3, 4), shape.From(1));
        Assert.Equal((2, 3, 4), shape);
    }

    public static TheoryData<int[], int[], int[]?> Broadcasts => new()
    {
        { [2, 3], [2, 3], [2, 3] },
        { [2, 3], [3], [2, 3] },
        { [2, 1], [1, 3], [2, 3] },
        { [], [4], [4] },
        { [5, 1, 4], [3, 1], [5, 3, 4] },
        { [0, 3], [1, 3], [0, 3] },
        { [0], [1], [0] },
        { [2, 3], [2], null },
        { [0], [2], null },
    };

    [Theory]
    [MemberData(nameof(Broadcasts))]
    public void TryBroadcast_EitherOrder_FollowsTheRule(int[] a, int[] b, int[]? expected)
    {
        Assert.Equal(expected is not null, Shape.TryBroadcast(a, b, out var forward));
        Assert.Equal(expected is not null, Shape.TryBroadcast(b, a, out var backward));
        if (expected is not null)
            Assert.Equal((Shape)expected, forward);
        Assert.Equal(forward, backward);
    }

    [Fact]
    public void Equality_BySizes_AndIndependentOfTheArrayGiven()
    {
        var sizes = new[] { 2, 3 };
        Shape shape = sizes;
        sizes[0] = 7;
        Assert.Equal((2, 3), shape);
        Assert.Equal(new Shape(2, 3).GetHashCode(), shape.GetHashCode());
        Assert.True(shape != (3, 2));
    }
}
