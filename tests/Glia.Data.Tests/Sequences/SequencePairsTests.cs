using System.Globalization;

namespace Glia.Data.Tests.Sequences;

public class SequencePairsTests
{
    [Fact]
    public void Dates_Targets_AreTheSourcesDates()
    {
        var pairs = SequencePairs.Dates(2_000, seed: 3);

        Assert.Equal(2_000, pairs.Sources.Distinct().Count());
        Assert.Equal(2_000, pairs.Targets.Distinct().Count());
        for (var i = 0; i < pairs.Count; i++)
        {
            var date = DateOnly.ParseExact(pairs.Targets[i], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            Assert.InRange(date.Year, 1950, 2049);
            Assert.Contains(SequencePairs.DateFormats, f => date.ToString(f, CultureInfo.InvariantCulture) == pairs.Sources[i]);
        }
        Assert.All(SequencePairs.DateFormats, f => Assert.Contains(pairs.Sources, s => DateOnly.TryParseExact(s, f, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));
    }

    [Fact]
    public void DateFormats_TellEveryDayForCertain()
    {
        var texts = new Dictionary<string, DateOnly>();
        for (var day = new DateOnly(1950, 1, 1); day.Year < 2050; day = day.AddDays(1))
        {
            foreach (var text in SequencePairs.DateFormats.Select(f => day.ToString(f, CultureInfo.InvariantCulture)))
            {
                if (!texts.TryAdd(text, day))
                    Assert.Equal(day, texts[text]);
            }
        }
    }

    [Fact]
    public void Sums_Targets_AreTheSums()
    {
        var pairs = SequencePairs.Sums(10_000, seed: 1);

        Assert.Equal(10_000, pairs.Sources.Distinct().Count());
        for (var i = 0; i < pairs.Count; i++)
            Assert.Equal(pairs.Targets[i], pairs.Sources[i].Split('+').Sum(t => int.Parse(t, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
        Assert.Contains(SequencePairs.Sums(100, digits: 3).Sources, s => s.Length == 7);
    }

    [Fact]
    public void Symbols_ArePaddedTexts_BetweenStartAndEnd()
    {
        var pairs = new SequencePairs(["ab", "b"], ["x", "yx"]);

        Assert.Equal([3L, 4, 4, 0], pairs.SourceSymbols.ToArray<long>());
        Assert.Equal([2L, 1], pairs.Lengths.ToArray<long>());
        Assert.Equal([1L, 3, 0, 1, 4, 3], pairs.DecoderInputs.ToArray<long>());
        Assert.Equal([3L, 2, 0, 4, 3, 2], pairs.DecoderTargets.ToArray<long>());
        Assert.Equal([2L, 3], pairs.TargetLengths.ToArray<long>());
        Assert.Equal((5, 5), (pairs.SourceSymbolCount, pairs.TargetSymbolCount));
    }

    [Fact]
    public void Samples_AreSourceAndDecoderInput_WithTheirLengths()
    {
        var pairs = new SequencePairs(["ab", "b", "a"], ["x", "yx", ""]);

        var batch = new DataLoader(pairs.Part(1, 2), batchSize: 2, shuffle: false).Epoch().Single();

        Assert.Equal([4L, 0, 1, 4, 3, 3, 0, 1, 0, 0], batch.Input.ToArray<long>());
        Assert.Equal([4L, 3, 2, 2, 0, 0], batch.Target.ToArray<long>());
        Assert.Equal([1L, 1], batch.Lengths!.ToArray<long>());
        Assert.Equal(["b", "a"], pairs.Part(1, 2).Sources);
    }

    [Fact]
    public void Texts_ThereAndBack()
    {
        var pairs = SequencePairs.Dates(10);

        var (symbols, lengths) = pairs.EncodeSources("5.3.2019", "Tue 5 Mar 2019");
        Assert.Equal((2, 14), symbols.Shape);
        Assert.Equal([8L, 14], lengths.ToArray<long>());
        for (var i = 0; i < pairs.Count; i++)
            Assert.Equal(pairs.Targets[i], pairs.DecodeTarget(pairs.DecoderTargets.Slice(0, i, 1).AsSpan<long>()));
    }

    [Fact]
    public void Pair_DependsOnSeedAndIndexAlone()
    {
        foreach (var create in (Func<int, ulong, SequencePairs>[])[SequencePairs.Dates, (n, s) => SequencePairs.Sums(n, seed: s)])
        {
            var (few, many, other) = (create(20, 1), create(90, 1), create(20, 2));
            Assert.Equal(few.Sources, many.Sources.Take(20));
            Assert.NotEqual(few.Sources, other.Sources);
        }
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePairs.Dates(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePairs.Dates(36_526));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePairs.Sums(101, digits: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePairs.Sums(1, digits: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePairs.Sums(5).Part(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequencePairs(["a"], ["b"]).DecodeTarget(4));
        Assert.Equal(
            "SequencePairs expects at least one source and one target per source but got 2 sources and 1 targets.",
            Assert.Throws<ArgumentException>(() => new SequencePairs(["a", "b"], ["c"])).Message);
        Assert.Equal("Source 1 is empty. Each must have at least one character.", Assert.Throws<ArgumentException>(() => new SequencePairs(["a", ""], ["c", "d"])).Message);
        Assert.StartsWith("source 0: the character '€'", Assert.Throws<DataFormatException>(() => SequencePairs.Dates(1).EncodeSources("5 €")).Message, StringComparison.Ordinal);
    }
}
