using Glia.Kernels;
using Glia.Layers;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Kernel, strides, dilations and padding of a convolution or a pooling, along each axis of the image.</summary>
/// <param name="Kernel">The sizes of the window.</param>
/// <param name="Strides">Steps between windows.</param>
/// <param name="Dilations">Steps between elements of a window.</param>
/// <param name="Before">Elements put before the input.</param>
/// <param name="After">Elements put after it.</param>
internal sealed record WindowSettings(int[] Kernel, int[] Strides, int[] Dilations, int[] Before, int[] After)
{
    public const string Attributes = "auto_pad:s=NOTSET|SAME_UPPER|SAME_LOWER|VALID dilations:I kernel_shape:I pads:I strides:I";

    // Far beyond every image; sums of two such lengths do not overflow.
    private const int Longest = int.MaxValue / 2;

    public int Axes => Kernel.Length;

    public static WindowSettings Of(NodeCall c, ReadOnlySpan<int> sizes, ReadOnlySpan<int> kernel)
    {
        var axes = sizes.Length;
        var own = c.Ints("kernel_shape") ?? kernel.ToArray();
        if (own.Length != axes || (!kernel.IsEmpty && !kernel.SequenceEqual(own)))
            throw new ArgumentException($"a kernel_shape of {axes} sizes that fits the weights was expected but got [{string.Join(", ", own)}].");
        var strides = c.Ints("strides") ?? Ones(axes);
        var dilations = c.Ints("dilations") ?? Ones(axes);
        var pads = c.Ints("pads") ?? new int[2 * axes];
        if (strides.Length != axes || dilations.Length != axes || pads.Length != 2 * axes)
            throw new ArgumentException($"strides and dilations of {axes} and pads of {2 * axes} numbers were expected.");
        foreach (var (name, values) in (ReadOnlySpan<(string, int[])>)[("kernel_shape", own), ("strides", strides), ("dilations", dilations)])
        {
            if (Array.Exists(values, v => v < 1))
                throw new ArgumentException($"{name} must be positive but is [{string.Join(", ", values)}].");
        }
        var (before, after) = (pads[..axes], pads[axes..]);
        switch (c.Text("auto_pad", "NOTSET"))
        {
            case "VALID":
                (before, after) = (new int[axes], new int[axes]);
                break;
            case "SAME_UPPER" or "SAME_LOWER":
                var isUpper = c.Text("auto_pad", "") == "SAME_UPPER";
                for (var i = 0; i < axes; i++)
                {
                    var outputs = ((long)sizes[i] + strides[i] - 1) / strides[i];
                    var total = Math.Clamp(((outputs - 1) * strides[i]) + ((own[i] - 1L) * dilations[i]) + 1 - sizes[i], 0, int.MaxValue);
                    before[i] = (int)(isUpper ? total / 2 : total - (total / 2));
                    after[i] = (int)(total - before[i]);
                }
                break;
        }
        for (var i = 0; i < axes; i++)
        {
            var (reach, padded) = (((own[i] - 1L) * dilations[i]) + 1, (long)sizes[i] + Math.Abs((long)before[i]) + Math.Abs((long)after[i]) + strides[i]);
            if (Math.Max(reach, padded) > Longest)
                throw new ArgumentException($"windows of {reach} along an axis of {padded} with its padding and stride are larger than the {Longest} that are supported.");
        }
        return new(own, strides, dilations, before, after);
    }

    public Padding Padding => Padding.Sides([.. Before.Zip(After)]);

    public Windows Windows => new(Kernel, Strides, Padding, Dilations);

    /// <summary>The axes of a kernel's geometry, those that are not there being units.</summary>
    public (WindowAxis Depth, WindowAxis Height, WindowAxis Width) Over(ReadOnlySpan<int> sizes)
    {
        Span<WindowAxis> axes = [WindowAxis.Unit, WindowAxis.Unit, WindowAxis.Unit];
        if (Axes is < 1 or > 3)
            throw new ArgumentException($"images of one to three axes are supported, but this one has {Axes}.");
        for (var i = 0; i < Axes; i++)
            axes[3 - Axes + i] = new(sizes[i], Kernel[i], Strides[i], Before[i], After[i], Dilations[i]);
        return (axes[0], axes[1], axes[2]);
    }

    public static int[] Ones(int count)
    {
        var ones = new int[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
