namespace Glia.Interchange.Onnx.Operators;

/// <summary>How one axis of an image is resized.</summary>
/// <param name="In">The size before.</param>
/// <param name="Out">The size after.</param>
/// <param name="Scale">By how much it grows.</param>
internal sealed record AxisResize(int In, int Out, double Scale)
{
    public string Mode { get; init; } = "nearest";

    public string Coordinates { get; init; } = "half_pixel";

    public string Nearest { get; init; } = "round_prefer_floor";

    public double CubicCoefficient { get; init; } = -0.75;

    public bool ExcludesOutside { get; init; }

    public bool IsAntialiased { get; init; }

    /// <summary>The part of the axis that is taken, as shares of it.</summary>
    public (double Start, double End)? Region { get; init; }

    public bool IsIdentity => In == Out && Scale == 1 && Region is null;

    /// <summary>By a 32-bit number, whose product with the size is one too: 10 · 0.7 is 7. One that means a whole size is as exact as that.</summary>
    public static AxisResize By(int size, double scale)
    {
        var result = To(size, checked((int)MathF.Floor(size * (float)scale)));
        return (float)result.Scale == (float)scale ? result : result with { Scale = scale };
    }

    public static AxisResize To(int size, int result) => new(size, result, size == 0 ? 1 : result / (double)size);

    /// <summary>How many times each element is repeated; null where the nearest elements are not that regular.</summary>
    public int? WholeFactor => In > 0 && Out % In == 0 && Enumerable.Range(0, Out).All(i => NearestPlace(i) == i / (Out / In)) ? Out / In : null;

    /// <summary>Where an element of the result lies among those of the input.</summary>
    public double Place(int x)
    {
        var width = Scale * In;
        return Coordinates switch
        {
            "half_pixel" => ((x + 0.5) / Scale) - 0.5,
            "half_pixel_symmetric" => (In / 2.0 * (1 - (Out / width))) + ((x + 0.5) / Scale) - 0.5,
            "pytorch_half_pixel" => Out > 1 ? ((x + 0.5) / Scale) - 0.5 : 0,
            "align_corners" => width == 1 || Out == 1 ? 0 : x * (In - 1) / (width - 1),
            "asymmetric" => x / Scale,
            "tf_half_pixel_for_nn" => (x + 0.5) / Scale,
            _ => Region is not { } r ? x : Out > 1 ? (r.Start * (In - 1)) + (x * (r.End - r.Start) * (In - 1) / (width - 1)) : 0.5 * (r.Start + r.End) * (In - 1),
        };
    }

    public long[] NearestPlaces() => [.. Enumerable.Range(0, Out).Select(NearestPlace)];

    /// <summary>For each element of the result the weights of the input's elements.</summary>
    public double[,] Weights()
    {
        var weights = new double[Out, In];
        for (var x = 0; x < Out; x++)
        {
            var place = Place(x);
            var first = (int)Math.Ceiling(place) - 1;
            var (offset, taps) = Mode == "cubic" ? Cubic(place - first) : Linear(place - first);
            var sum = 0.0;
            for (var i = 0; i < taps.Length; i++)
            {
                if (ExcludesOutside && (first + offset + i < 0 || first + offset + i >= In))
                    taps[i] = 0;
                sum += taps[i];
            }
            for (var i = 0; i < taps.Length; i++)
                weights[x, Math.Clamp(first + offset + i, 0, In - 1)] += ExcludesOutside || IsAntialiased ? taps[i] / sum : taps[i];
        }
        return weights;
    }

    private long NearestPlace(int x)
    {
        // Scales are 32-bit numbers, whose errors must not decide.
        var place = Math.Round(Place(x), 6);
        var nearest = Nearest switch
        {
            "round_prefer_ceil" => Math.Floor(place + 0.5),
            "floor" => Math.Floor(place),
            "ceil" => Math.Ceiling(place),
            _ => Math.Ceiling(place - 0.5),
        };
        return (long)Math.Clamp(nearest, 0, In - 1);
    }

    private (int Offset, double[] Taps) Linear(double ratio)
    {
        if (!IsAntialiased)
            return (0, [1 - ratio, ratio]);
        var scale = Math.Min(Scale, 1);
        var start = (int)Math.Floor(-1 / scale) + 1;
        return (start, [.. Enumerable.Range(start, 2 - (2 * start)).Select(i => Math.Clamp(1 - Math.Abs((i - ratio) * scale), 0, 1))]);
    }

    private (int Offset, double[] Taps) Cubic(double ratio)
    {
        var scale = IsAntialiased ? Math.Min(Scale, 1) : 1;
        var start = (int)Math.Floor(-2 / scale) + 1;
        return (start, [.. Enumerable.Range(start, 2 - (2 * start)).Select(i => Kernel((i - ratio) * scale, CubicCoefficient))]);
    }

    /// <summary>The cubic convolution kernel (Keys 1981).</summary>
    public static double Kernel(double x, double a)
    {
        x = Math.Abs(x);
        if (x <= 1)
            return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a) : 0;
    }
}
