using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Glia.Data;

namespace Glia.Training;

/// <summary>SHA-256 over samples of a data set, by which it is known again.</summary>
internal static class SampleHash
{
    private const int ReadAtOnce = 64;

    /// <summary>The hash of a text, of the numbers of some samples, and of what else is known of all samples.</summary>
    /// <param name="about">What else there is to know.</param>
    /// <param name="data">The data.</param>
    /// <param name="samples">Which samples are read.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(string about, Dataset data, IEnumerable<int> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(about));
        using (var scope = new TensorScope())
        {
            foreach (var rows in samples.Chunk(ReadAtOnce))
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
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Tensor tensor) => hash.AppendData(tensor.DType switch
    {
        DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
        DType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
        DType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
        _ => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()),
    });
}
