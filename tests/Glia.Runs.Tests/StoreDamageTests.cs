using System.Text;
using Microsoft.Data.Sqlite;

namespace Glia.Runs.Tests;

/// <summary>Files that are no stores, are damaged, or come from another version: refused in a sentence, and left as they are.</summary>
public sealed class StoreDamageTests : IDisposable
{
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void TextFile_IsRefusedAndStays()
    {
        var text = string.Concat(Enumerable.Repeat("sepal length,sepal width\n", 100));
        File.WriteAllText(_temp.Path, text);
        Refuses($"The run store '{_temp.Path}' is not an SQLite database. Choose another file.");
        Assert.Equal(text, File.ReadAllText(_temp.Path));
    }

    [Fact]
    public void DatabaseOfAnotherProgram_IsRefusedAndStays()
    {
        Execute("CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES ('Ada')");
        var before = File.ReadAllBytes(_temp.Path);
        Refuses($"'{_temp.Path}' is the database of another program, not a run store. Choose another file.");
        Assert.Equal(before, File.ReadAllBytes(_temp.Path));
    }

    [Fact]
    public void NewerVersion_IsRefusedByName()
    {
        using (RunStore.Open(_temp.Path))
        {
        }
        Execute("PRAGMA user_version = 99");
        Refuses($"The run store '{_temp.Path}' has schema version 99, written by a newer Glia; this one knows versions up to 1. Update Glia, or choose another file.");
    }

    [Fact]
    public void Folder_IsRefused() => Assert.Equal(
        $"'{_temp.Folder}' is a folder, not a run store. Give the name of a file.", Assert.Throws<RunStoreException>(() => RunStore.Open(_temp.Folder)).Message);

    [Fact]
    public void FileAmongTheFolders_IsRefused()
    {
        File.WriteAllText(Path.Combine(_temp.Folder, "file"), "x");
        Assert.StartsWith("The run store '", Assert.Throws<RunStoreException>(() => RunStore.Open(Path.Combine(_temp.Folder, "file", "runs.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingStore_CannotBeRead()
    {
        Assert.Equal($"There is no run store '{_temp.Path}'.", Assert.Throws<RunStoreException>(() => RunStore.OpenRead(_temp.Path)).Message);
        Assert.False(File.Exists(_temp.Path));
    }

    [Fact]
    public void EmptyFile_BecomesAStore()
    {
        File.WriteAllBytes(_temp.Path, []);
        Assert.Empty(_temp.Open().List());
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void DamagedBytes_AreAnErrorInASentenceOrHarmless(double place)
    {
        using (var store = RunStore.Open(_temp.Path))
        {
            for (var i = 0; i < 20; i++)
                TempStore.Add(store, "x", results: [("note", new string('n', 500))]);
        }
        var bytes = File.ReadAllBytes(_temp.Path);
        Encoding.ASCII.GetBytes(new string('?', 5000)).AsSpan(0, Math.Min(5000, bytes.Length / 4)).CopyTo(bytes.AsSpan((int)(place * bytes.Length)));
        File.WriteAllBytes(_temp.Path, bytes);
        try
        {
            using var store = RunStore.Open(_temp.Path);
            foreach (var run in store.List())
                store.Epochs(run.Id);
        }
        catch (RunStoreException e)
        {
            Assert.Contains(_temp.Path, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void HalfAFile_IsDamaged()
    {
        using (var store = RunStore.Open(_temp.Path))
            TempStore.Add(store, "x");
        var bytes = File.ReadAllBytes(_temp.Path);
        File.WriteAllBytes(_temp.Path, bytes[..(bytes.Length / 2)]);
        var error = Assert.Throws<RunStoreException>(() =>
        {
            using var store = RunStore.Open(_temp.Path);
            store.List();
        });
        Assert.Equal($"The run store '{_temp.Path}' is damaged. Move it away so that a new one is made, or choose another file.", error.Message);
    }

    [Fact]
    public void Migration_KeepsWhatIsThere()
    {
        using (var old = RunStore.Open(_temp.Path))
            TempStore.Add(old, "old", results: [("test_loss", 0.25)]);
        string[] newer = [.. Schema.Migrations, "ALTER TABLE runs ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'"];
        using (var store = RunStore.Open(_temp.Path, newer))
            Assert.Equal(0.25, store.Find("last").Results["test_loss"].Number);
        Assert.Equal(2L, Number("PRAGMA user_version"));
        Assert.Equal(1L, Number("SELECT COUNT(*) FROM runs WHERE mood = 'good'"));
        // What the new version has written, the old one does not touch.
        Assert.Throws<RunStoreException>(() => RunStore.Open(_temp.Path));
    }

    [Fact]
    public void MigrationThatFails_ChangesNothing()
    {
        using (var old = RunStore.Open(_temp.Path))
            TempStore.Add(old, "old");
        string[] broken = [.. Schema.Migrations, "ALTER TABLE runs ADD COLUMN mood TEXT; SELECT nonsense"];
        Assert.Throws<RunStoreException>(() => RunStore.Open(_temp.Path, broken));
        Assert.Equal(1L, Number("PRAGMA user_version"));
        Assert.Equal("old", _temp.Open().Find("last").Description.Name);
    }

    private void Refuses(string message)
    {
        Assert.Equal(message, Assert.Throws<RunStoreException>(() => RunStore.Open(_temp.Path)).Message);
        Assert.Equal(message, Assert.Throws<RunStoreException>(() => RunStore.OpenRead(_temp.Path)).Message);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_temp.Path};Pooling=False");
        connection.Open();
        Schema.Execute(connection, sql);
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_temp.Path};Pooling=False");
        connection.Open();
        return Schema.Number(connection, sql);
    }
}
