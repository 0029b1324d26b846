using System.Runtime.InteropServices;

namespace Glia.Interchange.Tests.Safetensors;

public class WeightConvertTests
{
    // Longer than one piece of the conversion, and not a multiple of it.
    private const int ManyElements = 40_001;

    private static SafetensorsFile With<T>(SafetensorsDType dtype, params T[] values)
        where T : unmanaged
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", dtype, [values.Length], MemoryMarshal.AsBytes<T>(values).ToArray());
        return SafetensorsFile.Read(writer.ToArray());
    }

    [Fact]
    public void F16_GivesTheSameNumbers()
    {
        var halves = Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray();
        var file = With(SafetensorsDType.F16, halves);
        Assert.Equal(halves.Select(half => (float)half), file.ReadSingles("x"));
        Assert.Equal(halves.Select(half => (double)half), file.ReadDoubles("x"));
    }

    [Fact]
    public void BF16_GivesTheUpperHalfOfAFloat()
    {
        var bits = Enumerable.Range(0, 65536).Select(value => (ushort)value).ToArray();
        var file = With(SafetensorsDType.BF16, bits);
        var expected = bits.Select(value => BitConverter.UInt32BitsToSingle((uint)value << 16)).ToArray();
        Assert.Equal(expected, file.ReadSingles("x"));
        Assert.Equal(expected.Select(value => (double)value), file.ReadDoubles("x"));
        Assert.Equal(1f, With(SafetensorsDType.BF16, (ushort)0x3F80).ReadSingles("x").Single());
    }

    [Fact]
    public void F64_IsRoundedToFloats()
    {
        double[] values = [1.0 / 3, 1e300, -1e300, double.NaN, double.NegativeInfinity, -0.0, 1e-320];
        Assert.Equal([1f / 3, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.NegativeInfinity, -0f, 0f],
            With(SafetensorsDType.F64, values).ReadSingles("x"));
        Assert.Equal(values, With(SafetensorsDType.F64, values).ReadDoubles("x"));
    }

    [Fact]
    public void F32_IsReadBitByBit()
    {
        float[] values = [1.5f, float.Epsilon, BitConverter.UInt32BitsToSingle(0x7FC12345), -0f];
        var read = With(SafetensorsDType.F32, values).ReadSingles("x");
        Assert.Equal(MemoryMarshal.AsBytes<float>(values).ToArray(), MemoryMarshal.AsBytes<float>(read).ToArray());
        Assert.Equal(1.5, With(SafetensorsDType.F32, values).ReadDoubles("x")[0]);
    }

    [Fact]
    public void ManyElements_AreAllConverted()
    {
        var values = Enumerable.Range(0, ManyElements).Select(i => i * 0.25).ToArray();
        Assert.Equal(values.Select(value => (float)value), With(SafetensorsDType.F64, values).ReadSingles("x"));
    }

    [Fact]
    public void Integers_AreWidened()
    {
        Assert.Equal([-128, 127], With<sbyte>(SafetensorsDType.I8, -128, 127).ReadIntegers("x"));
        Assert.Equal([0, 255], With<byte>(SafetensorsDType.U8, 0, 255).ReadIntegers("x"));
        Assert.Equal([short.MinValue, 7], With<short>(SafetensorsDType.I16, short.MinValue, 7).ReadIntegers("x"));
        Assert.Equal([65535], With(SafetensorsDType.U16, ushort.MaxValue).ReadIntegers("x"));
        Assert.Equal([int.MinValue], With(SafetensorsDType.I32, int.MinValue).ReadIntegers("x"));
        Assert.Equal([uint.MaxValue], With(SafetensorsDType.U32, uint.MaxValue).ReadIntegers("x"));
        Assert.Equal([long.MinValue], With(SafetensorsDType.I64, long.MinValue).ReadIntegers("x"));
        Assert.Equal([long.MaxValue], With(SafetensorsDType.U64, (ulong)long.MaxValue).ReadIntegers("x"));
    }

    [Fact]
    public void IntegerThatDoesNotFit_IsRefused()
    {
        var error = Assert.Throws<SafetensorsException>(() => With(SafetensorsDType.U64, ulong.MaxValue).ReadIntegers("x"));
        Assert.Equal("safetensors data: a value of 'x' (U64) does not fit into a 64-bit signed integer.", error.Message);
    }

    [Fact]
    public void BooleanThatIsNeither_IsRefused()
    {
        Assert.Equal([true, false], With<byte>(SafetensorsDType.Bool, 1, 0).ReadBooleans("x"));
        Assert.Throws<SafetensorsException>(() => With<byte>(SafetensorsDType.Bool, 1, 2).ReadBooleans("x"));
    }

    [Fact]
    public void OtherKindOfType_IsRefused()
    {
        var error = Assert.Throws<SafetensorsException>(() => With(SafetensorsDType.I64, 1L).ReadSingles("x"));
        Assert.Equal("safetensors data: the entry 'x' has dtype I64 where F16, BF16, F32 or F64 was expected.", error.Message);
        Assert.Throws<SafetensorsException>(() => With(SafetensorsDType.F32, 1f).ReadIntegers("x"));
        Assert.Throws<SafetensorsException>(() => With<byte>(SafetensorsDType.U8, 1).ReadBooleans("x"));
        Assert.Throws<SafetensorsException>(() => With<byte>(SafetensorsDType.F8E4M3, 1).ReadDoubles("x"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void DestinationOfAnotherLength_IsRefused(int length)
    {
        var error = Assert.Throws<ArgumentException>(() => With(SafetensorsDType.F32, 1f, 2f).CopyTo("x", new float[length].AsSpan()));
        Assert.StartsWith($"x F32[2] has 2 elements but the destination has {length}.", error.Message, StringComparison.Ordinal);
    }
}
