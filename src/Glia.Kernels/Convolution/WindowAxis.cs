namespace Glia.Kernels;

/// <summary>How a window slides along one axis; shared by convolution and pooling. An axis that is not there is <see cref="Unit"/>.</summary>
internal readonly record struct WindowAxis(int In, int Kernel, int Stride = 1, int PadBefore = 0, int PadAfter = 0, int Dilation = 1)
{
    /// <summary>One element and a window of one: leaves the axis as it is.</summary>
    public static WindowAxis Unit => new(1, 1);

    /// <summary>Window positions: ⌊(In + PadBefore + PadAfter − Dilation·(Kernel − 1) − 1) / Stride⌋ + 1, or 0 when the window does not fit.</summary>
    public int Out => Slack < 0 ? 0 : (int)(Slack / Stride) + 1;

    /// <summary>Window positions when a last window may hang over the end, as long as it starts inside the input or its left padding.</summary>
    public int OutCeil
    {
        get
        {
            if (Slack < 0)
                return 0;
            var positions = (Slack + Stride - 1) / Stride + 1;
            return (int)((positions - 1) * Stride >= (long)In + PadBefore ? positions - 1 : positions);
        }
    }

    /// <summary>Places on the axis with its padding.</summary>
    internal long Padded => (long)In + PadBefore + PadAfter;

    private long Slack => Padded - (long)Dilation * (Kernel - 1) - 1;

    internal void Validate(string name)
    {
        if (In < 1 || Kernel < 1 || Stride < 1 || Dilation < 1 || PadBefore < 0 || PadAfter < 0)
            throw new ArgumentException($"The {name} axis needs sizes, kernel, stride and dilation of at least 1 and no negative padding; got {this}.");
        if (Slack < 0)
            throw new ArgumentException($"The window does not fit the {name} axis: {this}.");
        // So that no place on the axis, nor the step behind the last one, overflows.
        if (Padded + Stride > int.MaxValue)
            throw new ArgumentException($"The {name} axis with its padding and a stride is longer than {int.MaxValue}: {this}.");
    }
}
