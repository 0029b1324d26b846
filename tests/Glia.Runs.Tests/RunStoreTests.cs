using Microsoft.Data.Sqlite;

namespace Glia.Runs.Tests;

public sealed class RunStoreTests : IDisposable
{
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void NewStore_IsWalWithItsOwnMark()
    {
        _temp.Open();
        Assert.Equal((long)Schema.ApplicationId, Pragma("application_id"));
        Assert.Equal((long)Schema.Migrations.Count, Pragma("user_version"));
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public void MissingFolders_AreMade()
    {
        using var store = RunStore.Open(Path.Combine(_temp.Folder, "a", "b", "runs.db"));
        Assert.Empty(store.List());
    }

    [Fact]
    public void Find_TakesIdPrefixFolderAndLast()
    {
        var store = _temp.Open();
        using (var first = store.Begin(new RunDescription { Name = "first", Folder = Path.Combine(_temp.Folder, "out") }))
            first.Complete();
        var second = TempStore.Add(store, "second");
        var id = store.List()[1].Id;
        Assert.Equal("first", store.Find(id).Description.Name);
        Assert.Equal("first", store.Find(id[..7].ToUpperInvariant()).Description.Name);
        Assert.Equal("first", store.Find(Path.Combine(_temp.Folder, "out") + "/").Description.Name);
        Assert.Equal("second", store.Find("last").Description.Name);
        Assert.Equal(8, second.Length);
    }

    [Fact]
    public void Find_SaysWhatThereIs()
    {
        var store = _temp.Open();
        Assert.Equal($"There is no run 'last' in the run store '{_temp.Path}'; it is empty.", Assert.Throws<RunStoreException>(() => store.Find("last")).Message);
        var id = TempStore.Add(store, "one");
        Assert.Equal($"There is no run 'xyz' in the run store '{_temp.Path}'; the newest are {id} (one).", Assert.Throws<RunStoreException>(() => store.Find("xyz")).Message);
        // Of eighteen random ids two begin with the same of sixteen digits.
        for (var i = 0; i < 17; i++)
            TempStore.Add(store, "more");
        var shared = store.List().GroupBy(r => r.Id[..1]).First(g => g.Count() > 1).Key;
        Assert.Matches($"^'{shared}' stands for \\d+ runs: .*Give more of the id.$", Assert.Throws<RunStoreException>(() => store.Find(shared)).Message);
    }

    [Theory]
    [InlineData("'; DROP TABLE runs; --")]
    [InlineData("%")]
    [InlineData("日本語 ✓ \"quoted\" \\ 🙂")]
    public void OddTexts_AreTextsOnly(string text)
    {
        var store = _temp.Open();
        TempStore.Add(store, "other", "other", ("note", "x"));
        TempStore.Add(store, text, text, ("note", text));
        Assert.Equal(text, Assert.Single(store.List(new RunQuery { Data = text })).Description.Name);
        Assert.Equal(text, Assert.Single(store.List(new RunQuery { Conditions = [new("note", "=", text)] })).Description.Data);
        Assert.Equal(text, Assert.Single(store.List(new RunQuery { Conditions = [new("name", "~", text)] })).Results["note"].Text);
        Assert.Throws<FormatException>(() => store.List(new RunQuery { Conditions = [new(text, "=", "1")] }));
        Assert.Throws<FormatException>(() => store.List(new RunQuery { Sort = text }));
        Assert.Throws<RunStoreException>(() => store.Find(text));
        Assert.Equal(2, store.List().Count);
    }

    [Fact]
    public void Delete_RemovesEverythingOfOneRun()
    {
        var store = _temp.Open();
        var kept = TempStore.Trainer(new RunRecorder(store) { Name = "kept" });
        kept.Fit(TempStore.Clusters(), epochs: 1);
        var rows = Rows();
        TempStore.Trainer(new Training.TrainingDoctor(), new RunRecorder(store)).Fit(TempStore.Clusters(), TempStore.Clusters(), epochs: 1);
        Assert.NotEqual(rows, Rows());
        store.Delete("last");
        Assert.Equal(rows, Rows());
        Assert.Equal("kept", Assert.Single(store.List()).Description.Name);
    }

    [Fact]
    public void Delete_RefusesARunThatIsBeingTrained()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "live" });
        Assert.Equal($"The run {run.Id} is being trained. Stop it before it is deleted.", Assert.Throws<RunStoreException>(() => store.Delete(run.Id)).Message);
        run.Complete();
        store.Delete(run.Id);
        Assert.Empty(store.List());
    }

    [Fact]
    public void RunOfAProcessThatIsGone_IsInterruptedAtItsLastSignOfLife()
    {
        using (var first = RunStore.Open(_temp.Path))
        {
            TempStore.Add(first, "gone");
            TempStore.Add(first, "far away");
            TempStore.Add(first, "far away, long ago");
        }
        Execute("UPDATE runs SET state = 'Running', ended = NULL, process_start = 'before', heartbeat = 1000 WHERE name = 'gone'");
        Execute($"UPDATE runs SET state = 'Running', ended = NULL, host = 'elsewhere', heartbeat = {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} WHERE name = 'far away'");
        Execute("UPDATE runs SET state = 'Running', ended = NULL, host = 'elsewhere', heartbeat = 1000 WHERE name = 'far away, long ago'");
        var store = _temp.Open();
        Assert.Equal([RunState.Interrupted, RunState.Running, RunState.Interrupted], store.List().Select(r => r.State));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1), store.Find("last").Ended);
        Assert.Equal(2L, Number("SELECT COUNT(*) FROM runs WHERE state = 'Interrupted'"));
    }

    [Fact]
    public void ReadOnlyStore_CanBeReadAndSaysThatItCannotBeWritten()
    {
        using (var first = RunStore.Open(_temp.Path))
            TempStore.Add(first, "kept");
        using var store = RunStore.OpenReadOnly(_temp.Path);
        Assert.True(store.IsReadOnly);
        Assert.Equal("kept", Assert.Single(store.List()).Description.Name);
        Assert.Equal(
            $"The run store '{_temp.Path}' is read-only. Change its permissions, or choose another file.",
            Assert.Throws<RunStoreException>(() => store.Begin(new RunDescription { Name = "new" })).Message);
        Assert.StartsWith($"The run store '{_temp.Path}' cannot be written: the file or its folder is read-only.", Assert.Throws<RunStoreException>(() => store.Delete("last")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunOfALivingProcess_StaysRunning()
    {
        using var first = RunStore.Open(_temp.Path);
        using var run = first.Begin(new RunDescription { Name = "live" });
        Assert.Equal(RunState.Running, _temp.Open().Find("last").State);
        Assert.Null(_temp.Open().Find("last").Ended);
    }

    private (long, long, long, long, long) Rows() => (Number("SELECT COUNT(*) FROM runs"), Number("SELECT COUNT(*) FROM attributes"), Number("SELECT COUNT(*) FROM steps"), Number("SELECT COUNT(*) FROM epoch_values"), Number("SELECT COUNT(*) FROM findings"));

    private long Pragma(string name) => Number($"PRAGMA {name}");

    private long Number(string sql)
    {
        using var connection = Connect();
        return Schema.Number(connection, sql);
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        Schema.Execute(connection, sql);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_temp.Path};Pooling=False");
        connection.Open();
        return connection;
    }
}
