namespace Glia.Cli.Commands;

/// <summary>Ctrl-C asks training to end after its step; a second one ends the program at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TextWriter _error;

    public Interrupt(TextWriter error)
    {
        _error = error;
        Console.CancelKeyPress += OnCancel;
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancel;
        _source.Dispose();
    }

    private void OnCancel(object? sender, ConsoleCancelEventArgs e)
    {
        if (_source.IsCancellationRequested)
            return;
        e.Cancel = true;
        _error.WriteLine("glia: stopping after this step; the best weights are kept. Ctrl-C again ends at once.");
        _source.Cancel();
    }
}
