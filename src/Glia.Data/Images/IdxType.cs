namespace Glia.Data;

/// <summary>The type of the numbers in an IDX file, with its code in the file.</summary>
public enum IdxType
{
    /// <summary>Unsigned bytes.</summary>
    UInt8 = 0x08,

    /// <summary>Signed bytes.</summary>
    Int8 = 0x09,

    /// <summary>16-bit integers.</summary>
    Int16 = 0x0B,

    /// <summary>32-bit integers.</summary>
    Int32 = 0x0C,

    /// <summary>32-bit floating-point numbers.</summary>
    Float32 = 0x0D,

    /// <summary>64-bit floating-point numbers.</summary>
    Float64 = 0x0E,
}
