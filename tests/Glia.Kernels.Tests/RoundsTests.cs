namespace Glia.Kernels.Tests;

/// <summary>Rounds begin when all pieces of the one before are done, whichever threads come.</summary>
public class RoundsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(8, 3)]
    public void EveryRound_SeesAllOfTheRoundBefore(int threads, int pieces)
    {
        using var _ = new ThreadsScope(threads);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var job = new Sums { Values = new long[pieces], Next = new long[pieces] };
            Rounds.Run(30, pieces, ref job);
            // Each value becomes the sum of all: 1, pieces, pieces², …
            for (var piece = 0; piece < pieces; piece++)
                Assert.Equal(Power(pieces, 30), job.Values[piece]);
        }
    }

    [Fact]
    public void PieceThrows_CallerGetsIt()
    {
        using var _ = new ThreadsScope(2);
        Assert.Throws<InvalidOperationException>(() =>
        {
            var job = default(Failing);
            Rounds.Run(5, 2, ref job);
        });
    }

    private static long Power(long number, int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++)
            power = unchecked(power * number);
        return power;
    }

    private struct Sums : IRoundJob
    {
        public long[] Values;
        public long[] Next;

        public readonly void Run(int round, int piece)
        {
            var (from, to) = round % 2 == 0 ? (Values, Next) : (Next, Values);
            var sum = 0L;
            foreach (var value in from)
                sum = unchecked(sum + (round == 0 ? 1 : value));
            to[piece] = sum;
        }
    }

    private readonly struct Failing : IRoundJob
    {
        public void Run(int round, int piece)
        {
            if (round == 3)
                throw new InvalidOperationException("A piece fails.");
        }
    }
}
