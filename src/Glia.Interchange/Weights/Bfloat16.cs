namespace Glia.Interchange;

/// <summary>16-bit numbers that are the upper halves of 32-bit ones.</summary>
internal static class Bfloat16
{
    public static float Value(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest one; the even one of two.</summary>
    public static ushort Bits(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The nearest one; the even one of two. The way over a float that is rounded to odd keeps what decides about a tie.</summary>
    public static ushort Bits(double value)
    {
        var single = (float)value;
        var bits = BitConverter.SingleToUInt32Bits(single);
        if (!double.IsNaN(value) && float.IsFinite(single) && single != value && (bits & 1) == 0)
            single = BitConverter.UInt32BitsToSingle(Math.Abs((double)single) > Math.Abs(value) ? bits - 1 : bits + 1);
        return Bits(single);
    }
}
