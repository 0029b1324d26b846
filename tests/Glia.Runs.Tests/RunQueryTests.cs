namespace Glia.Runs.Tests;

public sealed class RunQueryTests : IDisposable
{
    private readonly TempStore _temp = new();
    private readonly RunStore _store;

    public RunQueryTests()
    {
        _store = _temp.Open();
        TempStore.Add(_store, "a", "iris", ("val_loss", 0.5), ("note", "first try"), ("layers", 2));
        TempStore.Add(_store, "b", "iris", ("val_loss", 0.25), ("note", "Second"), ("layers", "64,32"));
        TempStore.Add(_store, "c", "digits", ("val_loss", double.NaN));
        TempStore.Add(_store, "d", "Digits", ("val_loss", double.PositiveInfinity));
        using var failed = _store.Begin(new RunDescription { Name = "e", Data = "wine", Settings = new Dictionary<string, RunValue> { ["learningRate"] = 0.002 } });
        failed.Fail("it had to");
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("val_loss<0.3", "b")]
    [InlineData("val_loss <= 0.5", "b a")]
    [InlineData("val_loss>0.3", "d a")]
    [InlineData("val_loss=0.25", "b")]
    [InlineData("val_loss!=0.25", "d a")]
    [InlineData("val-loss<1", "b a")]
    [InlineData("valLoss<1e0", "b a")]
    [InlineData("note=second", "b")]
    [InlineData("note~TRY", "a")]
    [InlineData("layers=64,32", "b")]
    [InlineData("layers=2", "a")]
    [InlineData("layers~4", "b")]
    [InlineData("learning-rate=0.002", "e")]
    [InlineData("data=digits", "d c")]
    [InlineData("name!=a", "e d c b")]
    [InlineData("epochs=0", "e d c b a")]
    public void Condition_FindsRuns(string condition, string names) =>
        Assert.Equal(names, Names(new RunQuery { Conditions = [RunCondition.Parse(condition)] }));

    [Theory]
    [InlineData("val_loss", false, "b a d e c")]
    [InlineData("val_loss", true, "d a b e c")]
    [InlineData("name", true, "e d c b a")]
    [InlineData(null, false, "e d c b a")]
    [InlineData(null, true, "a b c d e")]
    public void Sort_PutsRunsWithoutTheValueLast(string? sort, bool isReversed, string names) => Assert.Equal(names, Names(new RunQuery { Sort = sort, IsReversed = isReversed }));

    [Fact]
    public void StateDataAndLimit_Narrow()
    {
        Assert.Equal("e", Names(new RunQuery { State = RunState.Failed }));
        Assert.Equal("d c", Names(new RunQuery { Data = "digits" }));
        Assert.Equal("d c", Names(new RunQuery { State = RunState.Completed, Limit = 2 }));
        Assert.Equal("b", Names(new RunQuery { Conditions = [RunCondition.Parse("val_loss<1"), RunCondition.Parse("note~second")] }));
    }

    [Fact]
    public void UnknownName_IsRefusedWithThoseThatThereAre()
    {
        var message = Assert.Throws<FormatException>(() => _store.List(new RunQuery { Conditions = [RunCondition.Parse("vall_loss<1")] })).Message;
        Assert.StartsWith("No run has a 'vall_loss'; what runs have: id, name, data,", message, StringComparison.Ordinal);
        Assert.Contains("val_loss", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "'' is no condition; write a name, one of < <= > >= = != ~ and a value, such as val_loss<0.3.")]
    [InlineData("val_loss", "'val_loss' is no condition; write a name, one of < <= > >= = != ~ and a value, such as val_loss<0.3.")]
    [InlineData("<3", "'<3' is no condition; write a name, one of < <= > >= = != ~ and a value, such as val_loss<0.3.")]
    [InlineData("note<abc", "'note<abc': < compares numbers, but 'abc' is none. Use =, != or ~ for texts.")]
    public void TextThatIsNoCondition_IsRefused(string text, string message) => Assert.Equal(message, Assert.Throws<FormatException>(() => RunCondition.Parse(text)).Message);

    private string Names(RunQuery query) => string.Join(' ', _store.List(query).Select(r => r.Description.Name));
}
