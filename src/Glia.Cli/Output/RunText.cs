using System.Globalization;
using System.Text;
using Glia.Runs;

namespace Glia.Cli.Output;

/// <summary>Recorded runs in words.</summary>
internal static class RunText
{
    public static string Of(RunState state) => state.ToString().ToLowerInvariant();

    public static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A value for people.</summary>
    public static string Short(RunValue value) => value.Number is { } number ? number.ToString("G5", CultureInfo.InvariantCulture) : value.Text;

    /// <summary>The number by which the run is known: on test data if there is one, else on validation data, else in training.</summary>
    public static string Measure(RunInfo run)
    {
        var name = run.Description.Measure;
        foreach (var found in (string[])["test_" + name, "val_" + name, name, "val_loss", "loss", "mistakes"])
        {
            if (run.Results.TryGetValue(found, out var value))
                return $"{found} {Short(value)}";
        }
        return "";
    }

    public static string Json(IEnumerable<RunInfo> runs) => Written(stream => RunExport.WriteJson(runs, stream));

    public static string Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
