namespace Glia.Interchange.Tests.Safetensors;

/// <summary>16-bit numbers: every one of them read exactly, and every one written from what it was read as, and from between it and the next.</summary>
public class HalfPrecisionTests
{
    private static readonly ushort[] All = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];

    private static ushort[] Written(Tensor tensor, SafetensorsDType dtype)
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", tensor, dtype);
        var bytes = SafetensorsFile.Read(writer.ToArray()).ReadBytes("w");
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
    }

    private static float[] Read(ushort[] bits, SafetensorsDType dtype)
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", dtype, [bits.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits.AsSpan()).ToArray());
        return SafetensorsFile.Read(writer.ToArray()).ReadSingles("w");
    }

    private static double ValueOf(ushort bits, SafetensorsDType dtype)
    {
        var (exponentBits, mantissaBits) = dtype == SafetensorsDType.F16 ? (5, 10) : (8, 7);
        var sign = (bits & 0x8000) == 0 ? 1.0 : -1.0;
        var exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
        var mantissa = bits & ((1 << mantissaBits) - 1);
        var bias = (1 << (exponentBits - 1)) - 1;
        if (exponent == (1 << exponentBits) - 1)
            return mantissa == 0 ? sign * double.PositiveInfinity : double.NaN;
        return exponent == 0
            ? sign * mantissa * Math.ScaleB(1, 1 - bias - mantissaBits)
            : sign * ((1 << mantissaBits) + mantissa) * Math.ScaleB(1, exponent - bias - mantissaBits);
    }

    [Theory]
    [InlineData(SafetensorsDType.F16)]
    [InlineData(SafetensorsDType.BF16)]
    public void EveryPattern_IsReadAsItsValue(SafetensorsDType dtype)
    {
        var values = Read(All, dtype);
        for (var i = 0; i < All.Length; i++)
        {
            var expected = ValueOf(All[i], dtype);
            Assert.True(double.IsNaN(expected) ? float.IsNaN(values[i]) : BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(values[i]), $"{All[i]:x4}: {values[i]:r}");
        }
    }

    [Theory]
    [InlineData(SafetensorsDType.F16)]
    [InlineData(SafetensorsDType.BF16)]
    public void EveryPattern_IsWrittenAsItWasRead(SafetensorsDType dtype)
    {
        var values = Read(All, dtype);
        var (single, wide) = (Written(Tensor.From(values), dtype), Written(Tensor.From(values.Select(v => (double)v).ToArray()), dtype));
        for (var i = 0; i < All.Length; i++)
        {
            if (float.IsNaN(values[i]))
                Assert.True(double.IsNaN(ValueOf(single[i], dtype)) && double.IsNaN(ValueOf(wide[i], dtype)) && (single[i] & 0x8000) == (All[i] & 0x8000));
            else
                Assert.True(single[i] == All[i] && wide[i] == All[i], $"{All[i]:x4} {single[i]:x4} {wide[i]:x4}");
        }
    }

    [Theory]
    [InlineData(SafetensorsDType.F16)]
    [InlineData(SafetensorsDType.BF16)]
    public void NumbersBetweenTwo_AreRoundedToTheNearestAndTiesToEven(SafetensorsDType dtype)
    {
        // The middle between each number and the next one up in size, and the numbers right beside the middle, as doubles and, where they are, as floats.
        var (infinity, count) = dtype == SafetensorsDType.F16 ? (0x7c00, 0x7c00) : (0x7f80, 0x7f80);
        var middles = new double[count];
        for (var i = 0; i < count; i++)
        {
            var low = ValueOf((ushort)i, dtype);
            var high = i + 1 == infinity ? low + (low - ValueOf((ushort)(i - 1), dtype)) : ValueOf((ushort)(i + 1), dtype);
            middles[i] = low + ((high - low) / 2);
        }
        Check(middles, i => (i & 1) == 0 ? i : i + 1);
        Check([.. middles.Select(Math.BitDecrement)], i => i);
        Check([.. middles.Select(Math.BitIncrement)], i => i + 1);

        void Check(double[] values, Func<int, int> expected)
        {
            var bits = Written(Tensor.From(values), dtype);
            var negative = Written(Tensor.From(values.Select(v => -v).ToArray()), dtype);
            var asFloats = values.Select(v => (float)v).ToArray();
            var singles = Written(Tensor.From(asFloats), dtype);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.True(bits[i] == expected(i) && negative[i] == (expected(i) | 0x8000), $"{values[i]:r}: {bits[i]:x4}, {negative[i]:x4}, expected {expected(i):x4}");
                if (asFloats[i] == values[i])
                    Assert.True(singles[i] == expected(i), $"{values[i]:r} as a float: {singles[i]:x4}, expected {expected(i):x4}");
            }
        }
    }

    [Fact]
    public void FloatsBesideTheMiddle_AreRounded()
    {
        foreach (var dtype in (SafetensorsDType[])[SafetensorsDType.F16, SafetensorsDType.BF16])
        {
            for (var i = 0x0400; i < 0x7b00; i++)
            {
                var middle = (float)((ValueOf((ushort)i, dtype) + ValueOf((ushort)(i + 1), dtype)) / 2);
                Assert.Equal([(ushort)i, (ushort)(i + 1)], Written(Tensor.From<float>([MathF.BitDecrement(middle), MathF.BitIncrement(middle)]), dtype));
                i += 6;
            }
        }
    }

    [Fact]
    public void OtherTypes_AreRefused()
    {
        var writer = new SafetensorsWriter();
        Assert.Throws<ArgumentException>(() => writer.Add("w", Tensor.Zeros(1, DType.Int64), SafetensorsDType.F16));
        Assert.Throws<ArgumentException>(() => writer.Add("w", Tensor.Zeros(1), SafetensorsDType.I32));
        writer.Add("w", Tensor.From<double>([1e300, 0.1]), SafetensorsDType.F32);
        Assert.Equal([float.PositiveInfinity, 0.1f], SafetensorsFile.Read(writer.ToArray()).ReadSingles("w"));
    }
}
