using System.Globalization;
using Glia.Data;
using Glia.Training;

namespace Glia.Runs;

/// <summary>A hash that tells whether two runs saw the same samples.</summary>
public static class DataFingerprint
{
    private const int MostSamples = 1024;
    private const int MostSlowSamples = 64;
    private const long MostBytes = 16 << 20;

    /// <summary>
    /// SHA-256 over number, shapes and types of the samples and over the bytes of up to 1,024 of them, evenly spaced (fewer where they are large or slow to read). So it costs little for any data, and a change of a single sample of
    /// many may stay unseen.
    /// </summary>
    /// <param name="data">The samples.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var bytes = 8L * Math.Max(1, (long)data.InputShape.Count + data.TargetShape.Count);
        var count = (int)Math.Min(data.Count, Math.Clamp(MostBytes / bytes, 1, data.IsSlow ? MostSlowSamples : MostSamples));
        return SampleHash.Of(
            string.Create(CultureInfo.InvariantCulture, $"{data.Count} {data.InputShape} {data.InputDType} {data.TargetShape} {data.TargetDType}"),
            data,
            Enumerable.Range(0, count).Select(i => (int)((long)i * data.Count / count)));
    }
}
