using Glia.Models;

namespace Glia.Tests.Models;

public class BeamSearchTests
{
    private const int Symbols = 4, Start = 1, End = 2, MaxLength = 5, Everything = 1_000;

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(1)]
    public void WideBeam_FindsWhatExhaustiveSearchFinds(double alpha)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var all = Exhaustive(seed, []).Select(h => h with { Score = h.LogProbability / Math.Pow(Length(h), alpha) })
                .OrderByDescending(h => h.IsFinished).ThenByDescending(h => h.Score).ToList();
            var found = Search(1, Everything, alpha, seed)[0];
            Same(all, found);
        }
    }

    [Fact]
    public void WidthOne_IsGreedySearch()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (history, total) = (new List<long>(), 0.0);
            while (history.Count < MaxLength && history is not [.., End])
            {
                var scores = LogProbabilities(seed, history);
                var best = Array.IndexOf(scores, scores.Max());
                total += scores[best];
                history.Add(best);
            }
            var found = Assert.Single(Search(1, 1, alpha: 1, seed)[0]);
            Assert.Equal(history.Where(s => s != End), found.Symbols);
            Assert.Equal(history is [.., End], found.IsFinished);
            Assert.Equal(total, found.LogProbability, 1e-12);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 0.7)]
    [InlineData(6, 1)]
    public void NarrowBeam_StopsEarlyWithoutLosingAnything(int width, double alpha)
    {
        for (var seed = 1; seed <= 20; seed++)
            Same(WithoutStopping(seed, width, alpha), Search(1, width, alpha, seed)[0]);
    }

    [Fact]
    public void SeveralSources_AreSearchedAsIfAlone()
    {
        var together = Search(6, 3, alpha: 1, seed: 10);

        Assert.Equal(6, together.Count);
        for (var i = 0; i < 6; i++)
            Same(Search(1, 3, alpha: 1, seed: 10 + i)[0], together[i]);
        Assert.NotEqual(together[0][0].Symbols, together[1][0].Symbols);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.StartsWith(
            "The length normalisation must be 0 or more.", Assert.Throws<ArgumentOutOfRangeException>(() => Search(1, 1, alpha: -1, seed: 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Search(1, 0, alpha: 1, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BeamSearch.Run(1, 0, (_, _, s) => (Tensor.Zeros((1, 3)), s), 1, 2, new() { MaxLength = 0 }));
        Assert.Equal(
            "BeamSearch expects log-probabilities (2, symbols) but got (1, 3).",
            Assert.Throws<ShapeException>(() => BeamSearch.Run(2, 0, (_, _, s) => (Tensor.Zeros((1, 3)), s), 1, 2)).Message);
        Assert.StartsWith(
            "The log-probability of symbol 0 is NaN: the model's weights are damaged.",
            Assert.Throws<ArgumentException>(() => BeamSearch.Run(1, 0, (_, _, s) => (Tensor.Full((1, 3), double.NaN), s), 1, 2)).Message, StringComparison.Ordinal);
    }

    /// <summary>Sources whose rows have the seeds <paramref name="seed"/>, + 1, …; the state is each row's history.</summary>
    private static IReadOnlyList<IReadOnlyList<BeamHypothesis>> Search(int count, int width, double alpha, int seed)
    {
        (int Seed, long[] History)[] start = [.. Enumerable.Range(0, count).Select(i => (seed + i, Array.Empty<long>()))];
        return BeamSearch.Run(count, start, Step, Start, End, new() { Width = width, LengthNormalization = alpha, MaxLength = MaxLength });

        static (Tensor, (int, long[])[]) Step(long[] symbols, int[] parents, (int Seed, long[] History)[] state)
        {
            var next = parents.Select((p, k) => symbols[k] == Start ? state[p] : (state[p].Seed, [.. state[p].History, symbols[k]])).ToArray();
            return (Tensor.From(next.SelectMany(n => LogProbabilities(n.Seed, n.History)).ToArray(), (next.Length, Symbols)), next);
        }
    }

    /// <summary>A distribution that depends on everything before; the start cannot come again.</summary>
    private static double[] LogProbabilities(int seed, IReadOnlyList<long> history)
    {
        var rng = history.Aggregate(new Rng((ulong)seed), (r, symbol) => r.Split((ulong)symbol));
        var weights = Enumerable.Range(0, Symbols).Select(s => s == Start ? 0 : rng.NextDouble() + (s == End ? 0.2 : 0)).ToArray();
        return [.. weights.Select(w => Math.Log(w / weights.Sum()))];
    }

    private static IEnumerable<BeamHypothesis> Exhaustive(int seed, long[] history, double total = 0)
    {
        if (history.Length == MaxLength)
            return [new(history, total, 0, IsFinished: false)];
        var scores = LogProbabilities(seed, history);
        return Enumerable.Range(0, Symbols).Where(s => s != Start).SelectMany(s => s == End
            ? [new(history, total + scores[End], 0, IsFinished: true)]
            : Exhaustive(seed, [.. history, s], total + scores[s]));
    }

    /// <summary>The plainest beam search: sort all extensions, keep some, to the largest length.</summary>
    private static IEnumerable<BeamHypothesis> WithoutStopping(int seed, int width, double alpha)
    {
        var (alive, finished) = (new List<BeamHypothesis> { new([], 0, 0, false) }, new List<BeamHypothesis>());
        for (var length = 1; length <= MaxLength; length++)
        {
            var extended = alive.SelectMany(h => LogProbabilities(seed, h.Symbols).Select((p, s) => (h, s, Total: h.LogProbability + p)))
                .Where(c => c.s != Start).OrderByDescending(c => c.Total).Take(width).ToList();
            finished.AddRange(extended.Where(c => c.s == End).Select(c => new BeamHypothesis(c.h.Symbols, c.Total, c.Total / Math.Pow(length, alpha), true)));
            alive = [.. extended.Where(c => c.s != End).Select(c => new BeamHypothesis([.. c.h.Symbols, c.s], c.Total, c.Total / Math.Pow(length, alpha), false))];
        }
        return finished.OrderByDescending(h => h.Score).Concat(alive).Take(width);
    }

    private static int Length(BeamHypothesis hypothesis) => hypothesis.Symbols.Count + (hypothesis.IsFinished ? 1 : 0);

    private static void Same(IEnumerable<BeamHypothesis> expected, IEnumerable<BeamHypothesis> actual)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.Symbols, other.Symbols);
            Assert.Equal(one.IsFinished, other.IsFinished);
            Assert.Equal(one.LogProbability, other.LogProbability, 1e-12);
            Assert.Equal(one.Score, other.Score, 1e-12);
        }
    }
}
