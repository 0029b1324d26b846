namespace Glia.Data.Tests.Sequences;

public class SequenceTasksTests
{
    [Fact]
    public void Adding_Target_IsTheSumOfTheMarkedNumbers()
    {
        var data = SequenceTasks.Adding(200, steps: 11, seed: 3);

        for (var i = 0; i < data.Count; i++)
        {
            var steps = Enumerable.Range(0, 11).Select(t => (Value: data.Inputs[i, t, 0], Marker: data.Inputs[i, t, 1])).ToArray();
            var marked = steps.Select((s, t) => (s, t)).Where(p => p.s.Marker == 1).ToArray();
            Assert.Equal(2, marked.Length);
            Assert.True(marked[0].t < 5 && marked[1].t >= 5);
            Assert.Equal(steps.Sum(s => s.Marker * s.Value), data.Targets[i, 0], 1e-6);
            Assert.All(steps, s => Assert.InRange(s.Value, 0, 1));
        }
    }

    [Fact]
    public void Adding_AlwaysAnsweringOne_HasAMeanSquaredErrorOfOneSixth()
    {
        var targets = SequenceTasks.Adding(20_000, steps: 4).Targets.ToArray<float>();

        Assert.Equal(1.0 / 6, targets.Average(y => (y - 1) * (y - 1)), 0.005);
    }

    [Fact]
    public void Copy_Target_IsTheInputAfterTheDelay()
    {
        var data = SequenceTasks.Copy(50, delay: 7, length: 3, symbols: 4, seed: 1);
        var symbols = data.Inputs.ArgMax(2);

        Assert.Equal((13, 6), (data.InputShape[0], data.InputShape[1]));
        for (var i = 0; i < data.Count; i++)
        {
            for (var t = 0; t < 13; t++)
            {
                Assert.Equal(1, Enumerable.Range(0, 6).Sum(s => data.Inputs[i, t, s]));
                Assert.Equal(t < 3 ? symbols[i, t] : t == 9 ? 5 : 4, symbols[i, t]);
                Assert.Equal(t < 10 ? 4 : symbols[i, t - 10], data.Targets[i, t]);
            }
        }
    }

    [Fact]
    public void TemporalOrder_Class_IsTheOrderOfXAndY()
    {
        var data = SequenceTasks.TemporalOrder(300, steps: 40, seed: 2);
        var symbols = data.Inputs.ArgMax(2);

        for (var i = 0; i < data.Count; i++)
        {
            var length = (int)data.Lengths![i];
            var text = string.Concat(Enumerable.Range(0, length).Select(t => SequenceTasks.TemporalOrderSymbols[(int)symbols[i, t]]));
            Assert.InRange(length, 40, 44);
            Assert.Matches("^E[abcdXY]+B$", text);
            Assert.Equal(SequenceTasks.TemporalOrderClasses[(int)data.Targets[i]], string.Concat(text.Where(c => c is 'X' or 'Y')));
            Assert.InRange(text.IndexOfAny(['X', 'Y']), 4, 7);
            Assert.InRange(text.LastIndexOfAny(['X', 'Y']), 20, 23);
            Assert.All(Enumerable.Range(length, 44 - length), t => Assert.Equal(0, Enumerable.Range(0, 8).Sum(s => data.Inputs[i, t, s])));
        }
        Assert.Equal([0L, 1, 2, 3], data.Targets.ToArray<long>().Distinct().Order());
    }

    [Fact]
    public void Sample_DependsOnSeedAndIndexAlone()
    {
        foreach (var create in (Func<int, ulong, TensorDataset>[])[
            (n, s) => SequenceTasks.Adding(n, 10, s), (n, s) => SequenceTasks.Copy(n, 5, seed: s), (n, s) => SequenceTasks.TemporalOrder(n, 10, s),
            (n, s) => MovingDigits.Create(n, seed: s)])
        {
            var (few, many, other) = (create(3, 1), create(9, 1), create(3, 2));
            Assert.Equal(few.Inputs.ToArray<float>(), many.Inputs.Slice(0, 0, 3).ToArray<float>());
            Assert.NotEqual(few.Inputs.ToArray<float>(), other.Inputs.ToArray<float>());
        }
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTasks.Adding(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTasks.Adding(1, steps: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTasks.Copy(1, delay: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTasks.TemporalOrder(1, steps: 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => MovingDigits.Create(1, frames: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MovingDigits.Create(1, size: 7));
    }
}
