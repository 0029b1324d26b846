using System.Runtime.InteropServices;
using Glia.Cli.Output;

namespace Glia.Cli.Commands;

/// <summary>
/// Ctrl-C and the signals to terminate: before training they end the program at once, in training they end it after the current step, and while the run is
/// saved they let that finish. A second one ends the program at once. Whenever it ends at once, what is half-done is removed.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private static volatile bool _isAborting;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly Terminal _terminal;
    private readonly PosixSignalRegistration[] _registrations;
    private IDisposable? _unfinished;
    private bool _isTraining;

    public Interrupt(Terminal terminal)
    {
        _terminal = terminal;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
    }

    /// <summary>What is said of work when the first signal ends it.</summary>
    public string Stopping { get; init; } = "stopping after this step; the best weights are kept.";

    /// <summary>What is said when the program ends at once.</summary>
    public Func<string> Aborting { get; set; } = () => "stopped; nothing was saved.";

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What the process returns because of the signal; null without one.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>From here on one signal no longer ends the program at once.</summary>
    public void BeginTraining()
    {
        lock (_gate)
            _isTraining = true;
    }

    /// <summary>Makes something that is to be disposed of should the program end at once.</summary>
    public T Guard<T>(Func<T> create)
        where T : IDisposable
    {
        lock (_gate)
        {
            var created = create();
            _unfinished = created;
            return created;
        }
    }

    /// <summary>Keeps a thread whose work fails because its files are being removed from reporting that.</summary>
    public static void WaitIfAborting()
    {
        if (_isAborting)
            Thread.Sleep(Timeout.Infinite);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            var isFirst = ExitCode is null;
            ExitCode ??= context.Signal switch
            {
                PosixSignal.SIGINT => Cli.ExitCode.Cancelled,
                PosixSignal.SIGTERM => Cli.ExitCode.Terminated,
                _ => Cli.ExitCode.HungUp,
            };
            if (!isFirst || !_isTraining)
                Abort();
            if (!_terminal.IsInteractive)
                _terminal.Error.WriteLine($"glia: {Stopping} Ctrl-C again ends at once.");
            _source.Cancel();
        }
    }

    private void Abort()
    {
        _isAborting = true;
        _terminal.ShowCursor();
        _terminal.Error.WriteLine($"{(_terminal.IsInteractive ? "\n" : "")}glia: {Aborting()}");
        _unfinished?.Dispose();
        Environment.Exit(ExitCode!.Value);
    }
}
