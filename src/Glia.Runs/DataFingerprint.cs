using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Glia.Data;

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
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{data.Count} {data.InputShape} {data.InputDType} {data.TargetShape} {data.TargetDType}")));
        using var scope = new TensorScope();
        var input = Tensor.Zeros(data.InputShape.Prepend(1), data.InputDType);
        var target = Tensor.Zeros(data.TargetShape.Prepend(1), data.TargetDType);
        var bytes = 8L * Math.Max(1, (long)data.InputShape.Count + data.TargetShape.Count);
        var count = (int)Math.Min(data.Count, Math.Clamp(MostBytes / bytes, 1, data.IsSlow ? MostSlowSamples : MostSamples));
        for (var i = 0; i < count; i++)
        {
            data.Fill([(int)((long)i * data.Count / count)], input, target);
            Append(hash, input);
            Append(hash, target);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Tensor tensor)
    {
        switch (tensor.DType)
        {
            case DType.Float32:
                hash.AppendData(MemoryMarshal.AsBytes(tensor.AsSpan<float>()));
                break;
            case DType.Float64:
                hash.AppendData(MemoryMarshal.AsBytes(tensor.AsSpan<double>()));
                break;
            case DType.Int64:
                hash.AppendData(MemoryMarshal.AsBytes(tensor.AsSpan<long>()));
                break;
            case DType.Int32:
                hash.AppendData(MemoryMarshal.AsBytes(tensor.AsSpan<int>()));
                break;
            default:
                hash.AppendData(MemoryMarshal.AsBytes(tensor.AsSpan<bool>()));
                break;
        }
    }
}
