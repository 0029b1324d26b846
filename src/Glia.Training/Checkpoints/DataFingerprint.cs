using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
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
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{data.InputShape} {data.InputDType} {data.TargetShape} {data.TargetDType}"));
        int[] samples = [.. Enumerable.Range(0, count).Select(i => count == data.Count ? i : (int)((long)i * (data.Count - 1) / Math.Max(1, count - 1)))];
        using (var scope = new TensorScope())
        {
            foreach (var rows in samples.Chunk(FewSamples))
            {
                var (input, target) = (Tensor.Zeros(data.InputShape.Prepend(rows.Length), data.InputDType), Tensor.Zeros(data.TargetShape.Prepend(rows.Length), data.TargetDType));
                data.Fill(0, rows, input, target);
                Append(hash, input);
                Append(hash, target);
                scope.Reset();
            }
        }
        foreach (var perSample in new[] { data.SampleWeights, data.Lengths }.OfType<Tensor>())
            Append(hash, perSample);
        return string.Create(CultureInfo.InvariantCulture, $"{data.Count} samples {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
    }

    private static void Append(IncrementalHash hash, Tensor tensor) => hash.AppendData(MemoryMarshal.AsBytes(tensor.To(DType.Float64).AsSpan<double>()));
}
