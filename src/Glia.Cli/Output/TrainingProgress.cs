using System.Diagnostics;
using System.Globalization;
using Glia.Cli.Problems;
using Glia.Training;
using Spectre.Console;

namespace Glia.Cli.Output;

/// <summary>Shows training as it goes: a live display of two lines on a terminal, a plain line per epoch elsewhere.</summary>
internal sealed class TrainingProgress(Terminal terminal, Measure measure, string pass, CancellationToken cancellation) : Callback
{
    private const int PlainLines = 25;
    private const int LongestBar = 30;
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _clock = new();
    private LiveDisplayContext? _live;
    private TimeSpan _lastRefresh;
    private long _lastStep;
    private TimeSpan _lastStepTime;
    private double _stepRate;

    /// <summary>Runs training inside the live display, if there is one.</summary>
    public void Run(Action train)
    {
        if (!terminal.IsInteractive || terminal.Quiet)
        {
            train();
            return;
        }
        terminal.Ansi.Live(new Text("")).AutoClear(false).Start(live =>
        {
            _live = live;
            train();
        });
    }

    public override void OnTrainingStart(TrainingState state)
    {
        _clock.Restart();
        _lastStep = state.Step;
    }

    public override void OnStepEnd(TrainingState state)
    {
        if (_live is null || (_clock.Elapsed - _lastRefresh < RefreshInterval && !cancellation.IsCancellationRequested))
            return;
        Refresh(state);
    }

    public override void OnEpochEnd(TrainingState state)
    {
        if (_live is not null)
            Refresh(state);
        else if (IsWorthALine(state))
            terminal.Line($"{Position(state)}  {Values(state)}{TimeLeft(state)}");
    }

    public override void OnTrainingEnd(TrainingState state)
    {
        _clock.Stop();
        if (_live is not null)
            Refresh(state);
    }

    private void Refresh(TrainingState state)
    {
        _lastRefresh = _clock.Elapsed;
        var position = Position(state) + (cancellation.IsCancellationRequested ? "  stopping …" : TimeLeft(state));
        var width = terminal.Ansi.Profile.Width - 1;
        var barWidth = Math.Clamp(width - position.Length - 2, 0, LongestBar);
        var done = state.Step / (double)Math.Max(1, (long)state.Epochs * state.StepsPerEpoch);
        var filled = (int)Math.Round(done * barWidth);
        var bar = barWidth == 0 ? "" : $"[blue]{new string('━', filled)}[/][grey]{new string('─', barWidth - filled)}[/]  ";
        _live!.UpdateTarget(new Rows(new Markup(bar + Markup.Escape(Cut(position, width))), new Text(Cut(Values(state), width))));
        _live.Refresh();
    }

    /// <summary>With many epochs only some get a line: the first few, then evenly spaced ones, and the last.</summary>
    private static bool IsWorthALine(TrainingState state) =>
        state.Epochs <= PlainLines || state.Epoch <= 3 || state.Epoch % Math.Max(1, state.Epochs / PlainLines) == 0 || state.IsStopping || state.Epoch == state.Epochs;

    private void UpdateRate(TrainingState state)
    {
        var elapsed = (_clock.Elapsed - _lastStepTime).TotalSeconds;
        if (state.Step == _lastStep || elapsed <= 0)
            return;
        var rate = (state.Step - _lastStep) / elapsed;
        _stepRate = _stepRate == 0 ? rate : (0.7 * _stepRate) + (0.3 * rate);
        (_lastStep, _lastStepTime) = (state.Step, _clock.Elapsed);
    }

    private string Position(TrainingState state)
    {
        UpdateRate(state);
        var epoch = Math.Min(state.Epochs, state.Epoch + (state.StepInEpoch > 0 ? 1 : 0));
        return string.Create(CultureInfo.InvariantCulture, $"{pass} {epoch,3}/{state.Epochs}  {_stepRate,7:N0} steps/s");
    }

    private string Values(TrainingState state)
    {
        if (state.History.Epochs is not [.., var last])
            return string.Create(CultureInfo.InvariantCulture, $"loss {state.Loss:F4}");
        var text = string.Create(CultureInfo.InvariantCulture, $"loss {last.Training["loss"]:F4}  {measure.Text(last.Training)}");
        return last.Validation is not { } validation
            ? text
            : text + string.Create(CultureInfo.InvariantCulture, $"  val loss {validation["loss"]:F4}  val {measure.Text(validation)}");
    }

    private string TimeLeft(TrainingState state)
    {
        if (state.IsStopping || _stepRate <= 0)
            return "";
        var left = TimeSpan.FromSeconds(Math.Ceiling((((long)state.Epochs * state.StepsPerEpoch) - state.Step) / _stepRate));
        return left.TotalHours < 1
            ? string.Create(CultureInfo.InvariantCulture, $"  ≤ {left:m\\:ss} left")
            : string.Create(CultureInfo.InvariantCulture, $"  ≤ {(long)left.TotalHours}{left:\\:mm\\:ss} left");
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width)];
}
