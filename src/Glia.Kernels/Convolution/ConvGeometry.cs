namespace Glia.Kernels;

/// <summary>
/// The sizes of a convolution: x [Batch, InChannels, depth, height, width], w [OutChannels, InChannels / Groups, kernel…],
/// y [Batch, OutChannels, out…]. For one or two dimensions the leading axes are <see cref="WindowAxis.Unit"/>.
/// </summary>
internal readonly record struct ConvGeometry(
    int Batch, int InChannels, int OutChannels, int Groups, WindowAxis Depth, WindowAxis Height, WindowAxis Width)
{
    /// <summary>Numbers in one channel of x.</summary>
    public long InPlane => (long)Depth.In * Height.In * Width.In;

    /// <summary>Numbers in one channel of y.</summary>
    public long OutPlane => (long)Depth.Out * Height.Out * Width.Out;

    /// <summary>Numbers in a kernel for one pair of channels.</summary>
    public long Taps => (long)Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Input channels that one output channel reads.</summary>
    public int GroupIn => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOut => OutChannels / Groups;

    internal void Validate(int x, int w, int y)
    {
        if (Batch < 0 || InChannels < 1 || OutChannels < 1 || Groups < 1 || InChannels % Groups != 0 || OutChannels % Groups != 0)
            throw new ArgumentException($"The channels must be positive multiples of the groups and the batch not negative; got {this}.");
        Depth.Validate("depth");
        Height.Validate("height");
        Width.Validate("width");
        if (Product(InChannels, Depth.Padded, Height.Padded, Width.Padded) > Array.MaxLength)
            throw new ArgumentException($"The padded image has more numbers than fit into memory; got {this}.");
        Check("input", Product(Batch, InChannels, InPlane), x);
        Check("kernel", Product(OutChannels, GroupIn, Taps), w);
        Check("output", Product(Batch, OutChannels, OutPlane), y);
    }

    /// <summary>a · b · c · d of numbers from 0 on; <see cref="long.MaxValue"/> where it is more.</summary>
    private static long Product(long a, long b, long c, long d = 1) => Times(Times(a, b), Times(c, d));

    private static long Times(long a, long b) => Math.BigMul(a, b, out var low) == 0 && low >= 0 ? low : long.MaxValue;

    private static void Check(string name, long needed, int length)
    {
        if (length < needed)
            throw new ArgumentException($"The convolution's {name} needs {needed} numbers; the span has {length}.");
    }
}
