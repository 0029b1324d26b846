using Glia.Optimizers;
using Glia.Training.Tuning;

namespace Glia.Training.Tests.Tuning;

[Collection("sequential")]
public class SearchTests
{
    private static (SearchSpace Space, SearchParameter<double> X) Line(int gridPoints = 5)
    {
        var space = new SearchSpace();
        return (space, space.Uniform("x", 0, 1, gridPoints));
    }

    private static string Text(SearchResult result) => string.Join('\n', result.Leaderboard.Select(t =>
        $"{t.Number} {string.Join(' ', t.Values)} | {string.Join(' ', t.Rungs.Select(r => FormattableString.Invariant($"{r.Rung}:{r.Resource}:{r.Score:R}:{r.Steps}:{r.Failure}")))}"));

    /// <summary>Small networks on three clusters: bits that depend on rate, units and epochs.</summary>
    private static SearchResult Train(SearchMethod method, int parallelism, string? journal = null, int folds = 1, Action<TrialRecord, TrialRun>? improved = null)
    {
        var data = Problems.Clusters(60, seed: 1, spread: 0.9);
        var space = new SearchSpace();
        var rate = space.LogUniform("rate", 1e-3, 1, gridPoints: 3);
        var units = space.Choice("units", [4, 16]);
        var search = new Search(space, method) { Parallelism = parallelism, Epochs = 4, Journal = journal, Improved = improved };
        return search.Run(
            folds == 1 ? Fold.HoldOut(data) : Fold.CrossValidation(data, folds),
            trial => new Candidate(
                new Trainer(Network.Input(2).Dense(trial.Get(units)).ReLU().Dropout(0.2).Dense(3).Build(trial.Seed), Loss.CrossEntropy, new Adam(trial.Get(rate))) { Metrics = [new Accuracy()] },
                BatchSize: 16));
    }

    [Fact]
    public void Grid_FindsTheBestPoint()
    {
        var (space, x) = Line(gridPoints: 11);
        var result = new Search(space, new GridSearch()).Run(trial => Math.Pow(trial.Get(x) - 0.3, 2));
        Assert.Equal("0.3", result.Best!.Values[0][..3]);
        Assert.Equal(11, result.Trials.Count);
        Assert.Equal(SearchEnd.Completed, result.End);
        var highest = new Search(space, new GridSearch()) { Goal = MonitorMode.Higher }.Run(trial => Math.Pow(trial.Get(x) - 0.3, 2));
        Assert.Equal("1", highest.Best!.Values[0]);
    }

    [Fact]
    public void FailedTrials_AreRecordedWithTheirReason_AndTheSearchGoesOn()
    {
        var (space, x) = Line();
        var result = new Search(space, new GridSearch()).Run(trial => trial.Get(x) switch
        {
            0 => throw new TrainingDivergedException("It blew up."),
            0.25 => double.NaN,
            0.5 => double.PositiveInfinity,
            _ => 1 - trial.Get(x),
        });
        Assert.Equal(["It blew up.", "The score is NaN.", "The score is infinite.", null, null], result.Trials.Select(t => t.Failure));
        Assert.Equal([4, 3, 0, 1, 2], result.Leaderboard.Select(t => t.Number));
        var hopeless = new Search(space, new GridSearch()).Run(_ => double.NaN);
        Assert.Null(hopeless.Best);
        Assert.Empty(hopeless.Importance());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Halving_PromotesTheBestOfEachRung(int parallelism)
    {
        // The ranking is known and the same at every resource: the best 9, 3 and 1 of 27 must be among those that go on.
        var space = new SearchSpace();
        var n = space.Integer("n", 0, 26, gridPoints: 27);
        var method = new SuccessiveHalving(new GridSearch(), 1, 27, workers: 4);
        var result = new Search(space, method) { Parallelism = parallelism }.Run(trial => trial.Get(n) + (10.0 / trial.Resource));
        Assert.Equal(27, result.Trials.Count);
        int[] Reached(int rung) => [.. result.Trials.Where(t => t.Rungs.Count > rung).Select(t => int.Parse(t.Values[0], null)).Order()];
        Assert.Equal(Enumerable.Range(0, 9), Reached(1).Intersect(Enumerable.Range(0, 9)));
        Assert.Equal(Enumerable.Range(0, 3), Reached(2).Intersect(Enumerable.Range(0, 3)));
        Assert.Contains(0, Reached(3));
        // Promotions made before all results were there are few.
        Assert.InRange(Reached(1).Length, 9, 14);
        Assert.InRange(Reached(2).Length, 3, 7);
        Assert.InRange(Reached(3).Length, 1, 4);
        Assert.Equal("0", result.Best!.Values[0]);
        Assert.All(result.Trials, t => Assert.Equal(method.Resources.Take(t.Rungs.Count), t.Rungs.Select(r => r.Resource)));
    }

    [Fact]
    public void Halving_GivesOneTrialEverything_EvenWhereTrialsAreFew()
    {
        var (space, x) = Line();
        var result = new Search(space, new SuccessiveHalving(new RandomSearch(2), 1, 27)).Run(trial => trial.Get(x));
        Assert.Equal([1, 4], result.Trials.Select(t => t.Rungs.Count).Order());
        Assert.Equal(4, result.Best!.Rungs.Count);
    }

    [Fact]
    public void Halving_NeverPromotesWhatFailed()
    {
        var space = new SearchSpace();
        var n = space.Integer("n", 0, 8, gridPoints: 9);
        var result = new Search(space, new SuccessiveHalving(new GridSearch(), 1, 9)).Run(trial => trial.Get(n) < 8 ? double.NaN : 1);
        Assert.Equal(["8"], result.Trials.Where(t => t.Rungs.Count > 1).Select(t => t.Values[0]));
        Assert.Equal("8", result.Best!.Values[0]);
    }

    [Fact]
    public void Halving_GoesOnFromItsState()
    {
        var space = new SearchSpace();
        var n = space.Integer("n", 0, 8, gridPoints: 9);
        var steps = new int[9];
        var result = new Search(space, new SuccessiveHalving(new GridSearch(), 1, 9)).Run(trial => new Counting(trial.Get(n), steps));
        Assert.All(result.Trials, t => Assert.Equal(t.Last.Resource, steps[int.Parse(t.Values[0], null)]));
        Assert.Equal(result.Trials.Sum(t => (long)t.Last.Resource), result.Steps);
        Assert.Equal(9, steps[0]);
    }

    public static TheoryData<string> Methods => ["grid", "random", "halving", "folds"];

    private static (SearchMethod Method, int Folds) MethodOf(string name) => name switch
    {
        "grid" => (new GridSearch(), 1),
        "random" => (new RandomSearch(5), 1),
        "folds" => (new RandomSearch(3), 3),
        _ => (new SuccessiveHalving(new RandomSearch(9), 1, 4, reduction: 2, workers: 3), 1),
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void ParallelSearch_GivesTheBitsOfASerialOne(string name)
    {
        var (method, folds) = MethodOf(name);
        var before = Device.Threads;
        try
        {
            Device.Threads = 2;
            var serial = Text(Train(method, 1, folds: folds));
            Assert.Equal(serial, Text(Train(method, 2, folds: folds)));
            Assert.Equal(serial, Text(Train(method, 5, folds: folds)));
        }
        finally
        {
            Device.Threads = before;
        }
    }

    [Fact]
    public void Halving_GivesTheBitsOfTrainingWithoutARest()
    {
        var halved = Train(new SuccessiveHalving(new GridSearch(), 1, 4, reduction: 2), 1);
        var whole = Train(new GridSearch(), 1);
        var finished = halved.Trials.Where(t => t.Rungs.Count == 3).ToArray();
        Assert.NotEmpty(finished);
        Assert.All(finished, t => Assert.Equal(whole.Trials.Single(w => w.Values.SequenceEqual(t.Values)).Score, t.Score));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void SearchCutAnywhere_GoesOnToTheSameResult(string name)
    {
        var (method, folds) = MethodOf(name);
        var folder = Directory.CreateTempSubdirectory("glia-search-");
        try
        {
            var journal = Path.Combine(folder.FullName, "search.jsonl");
            var expected = Text(Train(method, 1, journal, folds));
            var bytes = File.ReadAllBytes(journal);
            // At the end of every line, and in the middle of each.
            var ends = bytes.Select((b, i) => (b, i)).Where(p => p.b == '\n').Select(p => p.i + 1).ToArray();
            foreach (var cut in ends.SelectMany(end => new[] { end, end - 9 }).Append(0))
            {
                File.WriteAllBytes(journal, bytes[..cut]);
                Assert.Equal(expected, Text(Train(method, 1 + (cut % 2), journal, folds)));
                Assert.Equal(ends.Length, File.ReadAllLines(journal).Length);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void CompleteJournal_IsNotDoneAgain_AndMayBeAddedTo()
    {
        var (space, x) = Line();
        var folder = Directory.CreateTempSubdirectory("glia-search-");
        try
        {
            var journal = Path.Combine(folder.FullName, "search.jsonl");
            var calls = 0;
            double Objective(Trial trial)
            {
                calls++;
                return trial.Get(x);
            }
            var first = new Search(space, new RandomSearch(4)) { Journal = journal }.Run(Objective);
            Assert.Equal(Text(first), Text(new Search(space, new RandomSearch(4)) { Journal = journal }.Run(Objective)));
            Assert.Equal(4, calls);
            Assert.Equal(7, new Search(space, new RandomSearch(7)) { Journal = journal }.Run(Objective).Trials.Count);
            Assert.Equal(7, calls);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void JournalOfSomethingElse_IsRefused()
    {
        var (space, _) = Line();
        var folder = Directory.CreateTempSubdirectory("glia-search-");
        try
        {
            var journal = Path.Combine(folder.FullName, "j");
            string Refusal(Search search) => Assert.Throws<FormatException>(() => search.Run(_ => 0.0)).Message;
            new Search(space, new RandomSearch(2)) { Journal = journal, Subject = "iris" }.Run(_ => 0.0);
            Assert.Equal(
                $"{journal}: the journal is of another search: its subject is iris, but this one's is digits. Give another file, or the settings of the journal.",
                Refusal(new Search(space, new RandomSearch(2)) { Journal = journal, Subject = "digits" }));
            Assert.Contains("its seed is 0, but this one's is 1.", Refusal(new Search(space, new RandomSearch(2)) { Journal = journal, Subject = "iris", Seed = 1 }), StringComparison.Ordinal);
            Assert.Contains("its method is random, but this one's is grid.", Refusal(new Search(space, new GridSearch()) { Journal = journal, Subject = "iris" }), StringComparison.Ordinal);
            var wider = new SearchSpace();
            wider.Uniform("x", 0, 2);
            Assert.Contains(
                "its space is [\"x: uniform from 0 to 1, grid 0, 0.25, 0.5, 0.75, 1\"], but this one's is [\"x: uniform from 0 to 2, grid",
                Refusal(new Search(wider, new RandomSearch(2)) { Journal = journal, Subject = "iris" }), StringComparison.Ordinal);
            File.AppendAllText(journal, "{}\n");
            Assert.StartsWith($"{journal}: line 4 is damaged: ", Refusal(new Search(space, new RandomSearch(2)) { Journal = journal, Subject = "iris" }), StringComparison.Ordinal);
            File.WriteAllText(journal, "a table\n");
            Assert.Equal($"{journal}: this is not the journal of a search. Give another file.", Refusal(new Search(space, new RandomSearch(2)) { Journal = journal }));
            File.WriteAllText(journal, "a text");
            Assert.Equal($"{journal}: this is not the journal of a search. Give another file.", Refusal(new Search(space, new RandomSearch(2)) { Journal = journal }));
            Assert.Equal("a text", File.ReadAllText(journal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TimeLimit_EndsTheSearch_AndKeepsWhatIsDone(int parallelism)
    {
        var (space, _) = Line();
        var search = new Search(space, new RandomSearch(1000)) { TimeLimit = TimeSpan.FromMilliseconds(200), Parallelism = parallelism };
        var result = search.Run(trial => new Waiting(trial.Number));
        Assert.Equal(SearchEnd.TimeLimit, result.End);
        Assert.Equal(3, result.Trials.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancellation_EndsTheSearch_AndKeepsWhatIsDone(int parallelism)
    {
        var (space, _) = Line();
        using var source = new CancellationTokenSource();
        var search = new Search(space, new RandomSearch(1000)) { Parallelism = parallelism, Finished = record => CancelAt(record.Number) };
        void CancelAt(int number)
        {
            if (number == 5)
                source.Cancel();
        }
        var result = search.Run(trial => trial.Number, source.Token);
        Assert.Equal(SearchEnd.Cancelled, result.End);
        Assert.InRange(result.Trials.Count, 6, 8);
    }

    [Fact]
    public void FaultOfACallback_EndsTheSearchWithIt()
    {
        var (space, _) = Line();
        foreach (var parallelism in new[] { 1, 2 })
        {
            var search = new Search(space, new RandomSearch(20)) { Parallelism = parallelism, Finished = _ => throw new InvalidDataException("full") };
            Assert.Equal("full", Assert.Throws<InvalidDataException>(() => search.Run(_ => 1.0)).Message);
        }
    }

    [Fact]
    public void BestWeights_AreThoseOfTheBestEpochOfTheBestTrial()
    {
        var data = Problems.Clusters(60, seed: 1, spread: 0.9);
        var fold = Fold.HoldOut(data)[0];
        IReadOnlyDictionary<string, Tensor>? kept = null;
        var result = Train(new GridSearch(), 1, improved: (_, run) => kept = run.BestWeights!.ToDictionary(p => p.Key, p => p.Value.Clone()));
        var units = result.Best!.Values[1] == "4" ? 4 : 16;
        var model = Network.Input(2).Dense(units).ReLU().Dropout(0.2).Dense(3).Build();
        model.LoadStateDict(kept!);
        var measured = new Trainer(model, Loss.CrossEntropy, new Sgd(0.1)) { Metrics = [new Accuracy()] }.Evaluate(fold.Validation);
        Assert.Equal(result.Best.Score, measured["loss"]);
        Assert.Equal(result.Best.Last.Metrics["accuracy"], measured["accuracy"]);
    }

    /// <summary>Counts how far each trial has come.</summary>
    private sealed class Counting(int n, int[] steps) : TrialRun
    {
        public override long Steps => steps[n];

        public override double Advance(int resource, CancellationToken cancellation)
        {
            while (steps[n] < resource)
                steps[n]++;
            return n + (1.0 / steps[n]);
        }
    }

    /// <summary>The first three trials are quick, the others never end.</summary>
    private sealed class Waiting(int number) : TrialRun
    {
        public override double Advance(int resource, CancellationToken cancellation)
        {
            if (number >= 3)
            {
                cancellation.WaitHandle.WaitOne();
                cancellation.ThrowIfCancellationRequested();
            }
            return number;
        }
    }
}
