using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Commands.Tune;
using Glia.Cli.Runs;
using Glia.Diagnostics;
using Glia.Training;

namespace Glia.Cli.Output;

/// <summary>What the doctor found, for people and for machines.</summary>
internal static class DoctorReport
{
    /// <summary>Each finding with its evidence, its reason, and the command or the line of C# that mends it.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<Finding> findings, TrainOptions? options)
    {
        terminal.Heading(findings.Count == 0 ? "Doctor: nothing found" : $"Doctor: {findings.Count} finding{(findings.Count == 1 ? "" : "s")}");
        foreach (var finding in findings)
        {
            terminal.Line($"{finding.Severity.ToString().ToLowerInvariant()}: {finding.Summary}");
            terminal.Line($"  seen:   {finding.Evidence}");
            terminal.Line($"  reason: {finding.Reason}");
            terminal.Line($"  do:     {finding.Remedy.Advice}");
            terminal.Line($"          {Command(finding.Remedy, options) ?? finding.Remedy.Code}");
        }
    }

    public static JsonArray ToJson(IReadOnlyList<Finding> findings) => [.. findings.Select(f => new JsonObject
    {
        ["symptom"] = f.Symptom.ToString(),
        ["severity"] = f.Severity.ToString(),
        ["summary"] = f.Summary,
        ["evidence"] = f.Evidence,
        ["reason"] = f.Reason,
        ["advice"] = f.Remedy.Advice,
        ["setting"] = f.Remedy.Setting.ToString(),
        ["value"] = f.Remedy.Value is { } value ? RunSummary.Finite(value) : null,
        ["option"] = f.Remedy.Option,
        ["code"] = f.Remedy.Code,
        ["layer"] = f.Layer,
        ["step"] = f.Step,
    })];

    public static JsonObject ToJson(ConvergenceVerdict verdict) => new()
    {
        ["kind"] = verdict.Kind.ToString(),
        ["epoch"] = verdict.Epoch,
        ["evidence"] = verdict.Evidence,
        ["advice"] = verdict.Advice,
    };

    /// <summary>The training with the remedy in place of what was given; null where no option does it.</summary>
    internal static string? Command(Remedy remedy, TrainOptions? options) => remedy.Option is null || options is null
        ? null
        : TrainArguments.Line(options.Data, TrainArguments.With(options.Arguments, remedy.Option));
}
