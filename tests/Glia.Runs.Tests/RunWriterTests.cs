using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Glia.Runs.Tests;

public sealed class RunWriterTests : IDisposable
{
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Values_ReachTheStoreWithinASecondWithoutAskingForIt()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "slow" });
        run.AddStep(1, "loss", 2.5);
        var clock = Stopwatch.StartNew();
        while (store.Steps(run.Id, "loss").Count == 0 && clock.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(20);
        Assert.Equal([new StepValue(1, 2.5)], store.Steps(run.Id, "loss"));
        Assert.Equal(RunState.Running, store.Find(run.Id).State);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(-0.0)]
    [InlineData(0.1)]
    [InlineData(1e308)]
    public void Number_IsKeptAsItIs(double value)
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "numbers", Settings = new Dictionary<string, RunValue> { ["x"] = value } });
        run.AddStep(1, "m", value);
        run.Complete();
        Assert.Equal(value, store.Steps(run.Id, "m")[0].Value);
        Assert.Equal(value, store.Find(run.Id).Description.Settings["x"].Number);
    }

    [Fact]
    public void StepAddedTwice_IsReplaced()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "twice" });
        run.AddStep(1, "m", 1);
        run.Flush();
        run.AddStep(1, "m", 2);
        run.Flush();
        Assert.Equal([new StepValue(1, 2)], store.Steps(run.Id, "m"));
    }

    [Fact]
    public void WriterLeftOpen_IsInterrupted()
    {
        var store = _temp.Open();
        var run = store.Begin(new RunDescription { Name = "left" });
        run.AddStep(1, "m", 1);
        run.Dispose();
        run.Dispose();
        Assert.Equal((RunState.Interrupted, 1L), (store.Find(run.Id).State, store.Find(run.Id).Steps));
    }

    [Fact]
    public void LockedStore_LosesNothing()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "locked" });
        using (var other = new SqliteConnection($"Data Source={_temp.Path};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            for (var step = 1; step <= 100; step++)
                run.AddStep(step, "m", step);
            // Longer than one try takes.
            Thread.Sleep(2500);
            transaction.Rollback();
        }
        run.Complete();
        Assert.Null(run.Problem);
        Assert.Equal(100, store.Steps(run.Id, "m").Count);
    }

    [Fact]
    public void StoreLockedUntilTheEnd_WarnsOnce()
    {
        var store = _temp.Open();
        var warnings = new List<string>();
        using var run = store.Begin(new RunDescription { Name = "locked" });
        run.Warn = warnings.Add;
        using (var other = new SqliteConnection($"Data Source={_temp.Path};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            run.FinalPatience = TimeSpan.FromSeconds(1);
            run.AddStep(1, "m", 1);
            run.Flush();
            run.Flush();
        }
        Assert.Equal(
            $"The run {run.Id} is not being recorded; training goes on. The run store '{_temp.Path}' is locked by another program. Try again when that is done, or choose another file.",
            Assert.Single(warnings));
        run.Complete();
        Assert.Single(store.Steps(run.Id, "m"));
    }

    [Fact]
    public void FullDisk_WarnsOnceAndTheRestIsWrittenWhenThereIsRoom()
    {
        var store = _temp.Open();
        var warnings = new List<string>();
        using var run = store.Begin(new RunDescription { Name = "full" });
        run.Warn = warnings.Add;
        run.LimitPages(40);
        for (var step = 1; step <= 20_000; step++)
            run.AddStep(step, "m", step / 3.0);
        run.Flush();
        run.Flush();
        Assert.EndsWith($"The run store '{_temp.Path}' cannot be written: the disk is full.", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(store.Steps(run.Id, "m"));
        run.LimitPages(1 << 20);
        run.Complete();
        Assert.Equal(20_000, store.Steps(run.Id, "m").Count);
    }

    [Fact]
    public void RunDeletedMeanwhile_IsNotBroughtBack()
    {
        var store = _temp.Open();
        var warnings = new List<string>();
        using var run = store.Begin(new RunDescription { Name = "deleted" });
        run.Warn = warnings.Add;
        using (var other = new SqliteConnection($"Data Source={_temp.Path};Pooling=False"))
        {
            other.Open();
            using var delete = other.CreateCommand();
            delete.CommandText = "DELETE FROM runs";
            delete.ExecuteNonQuery();
        }
        run.AddStep(1, "m", 1);
        run.Complete();
        Assert.Contains("was deleted", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(store.List());
        Assert.Equal(0L, Count("steps"));
    }

    [Fact]
    public void ManyWritersAtOnce_AllComplete()
    {
        const int Writers = 8;
        const int Steps = 2000;
        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, i =>
        {
            // Every one opens, and so makes, the store.
            using var store = RunStore.Open(_temp.Path);
            using var run = store.Begin(new RunDescription { Name = $"writer {i}" });
            for (var step = 1; step <= Steps; step++)
            {
                run.AddStep(step, $"m{i % 3}", i + step);
                if (step % 500 == 0)
                    run.Flush();
            }
            run.Complete();
        });
        var reader = _temp.Open();
        var runs = reader.List();
        Assert.Equal(Writers, runs.Count);
        foreach (var run in runs)
        {
            var i = int.Parse(run.Description.Name.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(RunState.Completed, run.State);
            Assert.Equal(Enumerable.Range(1, Steps).Select(step => new StepValue(step, i + step)), reader.Steps(run.Id, $"m{i % 3}"));
        }
    }

    [Fact]
    public void MillionSteps_AreCompactAndFoundAtOnce()
    {
        const int Steps = 1_000_000;
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "long" });
        for (var step = 1; step <= Steps; step++)
            run.AddStep(step, "loss", 1 / (double)step);
        run.Complete();
        var clock = Stopwatch.StartNew();
        Assert.Equal((long)Steps, store.Find("last").Steps);
        Assert.Equal(["loss"], store.StepMetrics("last"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal(Steps, store.Steps("last", "loss").Count);
        // 8 bytes are the number itself.
        Assert.InRange(new FileInfo(_temp.Path).Length / (double)Steps, 8, 25);
    }

    private long Count(string table)
    {
        using var connection = new SqliteConnection($"Data Source={_temp.Path};Pooling=False");
        connection.Open();
        return Schema.Number(connection, $"SELECT COUNT(*) FROM {table}");
    }
}
