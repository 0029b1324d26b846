using System.Globalization;
using Glia.Data;

namespace Glia.Training;

/// <summary>
/// By what a data set is known again: sizes, types, and a hash of its samples. Of large sets, and of those that are slow to read, it is some samples evenly spaced over the set.
/// </summary>
internal static class DataFingerprint
{
    private const long MostBytes = 16 << 20;
    private const int FewSamples = 64;

    public static string Of(Dataset? data)
    {
        if (data is null)
            return "none";
        var bytes = Math.Max(1, ((long)data.InputShape.Count * data.InputDType.Size()) + ((long)data.TargetShape.Count * data.TargetDType.Size()));
        var count = data.IsSlow ? Math.Min(data.Count, FewSamples) : (int)Math.Min(data.Count, Math.Max(FewSamples, MostBytes / bytes));
        var samples = Enumerable.Range(0, count).Select(i => count == data.Count ? i : (int)((long)i * (data.Count - 1) / Math.Max(1, count - 1)));
        var hash = SampleHash.Of($"{data.InputShape} {data.InputDType} {data.TargetShape} {data.TargetDType}", data, samples);
        return string.Create(CultureInfo.InvariantCulture, $"{data.Count} samples {hash[..16]}");
    }
}
