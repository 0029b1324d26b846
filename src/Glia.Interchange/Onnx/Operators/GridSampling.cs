namespace Glia.Interchange.Onnx.Operators;

/// <summary>How an image is read between its elements and beyond its edges.</summary>
internal sealed record GridSettings(string Mode, string Padding, bool AlignsCorners)
{
    public bool IsNearest => Mode == "nearest";

    public bool IsCubic => Mode is "bicubic" or "cubic";
}

/// <summary>An image of any number of axes, read at the places of a grid.</summary>
internal static class GridSampling
{
    private const double CubicCoefficient = -0.75;

    public static void Fill(Tensor x, Tensor grid, GridSettings settings, Tensor y)
    {
        var axes = x.Rank - 2;
        var image = x.Shape.From(2);
        var (places, channels) = (y.Shape.From(2).Count, x.Shape[1]);
        var taps = new (int Place, double Weight)[axes][];
        for (var batch = 0; batch < x.Shape[0]; batch++)
        {
            for (var place = 0; place < places; place++)
            {
                // The last coordinate belongs to the first axis.
                for (var d = 0; d < axes; d++)
                    taps[d] = Taps(grid.GetFlat((((batch * places) + place) * axes) + axes - 1 - d), image[d], settings);
                for (var channel = 0; channel < channels; channel++)
                {
                    var plane = (batch * channels) + channel;
                    y.SetFlat((plane * places) + place, Sum(x, image, plane, taps, 0));
                }
            }
        }
    }

    private static double Sum(Tensor x, Shape image, int offset, (int Place, double Weight)[][] taps, int axis)
    {
        if (axis == taps.Length)
            return x.GetFlat(offset);
        var sum = 0.0;
        foreach (var (place, weight) in taps[axis])
        {
            if (place >= 0 && weight != 0)
                sum += weight * Sum(x, image, (offset * image[axis]) + place, taps, axis + 1);
        }
        return sum;
    }

    /// <summary>The elements along an axis that a coordinate from −1 to 1 is made of; −1 for one that is 0.</summary>
    private static (int Place, double Weight)[] Taps(double coordinate, int size, GridSettings settings)
    {
        var at = settings.AlignsCorners ? (coordinate + 1) / 2 * (size - 1) : (((coordinate + 1) * size) - 1) / 2;
        if (double.IsNaN(at))
            at = -1;
        if (settings.IsNearest)
            at = Math.Round(at, MidpointRounding.ToEven);
        var (low, high) = settings.AlignsCorners ? (0.0, size - 1.0) : (-0.5, size - 0.5);
        // Cubic kernels reach beyond the edge, where each of their elements is treated by itself.
        if ((at < low || at > high) && !settings.IsCubic)
        {
            if (settings.Padding == "border")
                at = Math.Clamp(at, 0, size - 1);
            else if (settings.Padding == "reflection")
                at = Reflect(at, low, high);
        }
        at = Math.Clamp(at, -1e9, 1e9);
        var first = (int)Math.Floor(at);
        var ratio = at - first;
        if (settings.IsNearest)
            return [(Inside(first, size, settings, low, high), 1)];
        if (!settings.IsCubic)
            return [(Inside(first, size, settings, low, high), 1 - ratio), (Inside(first + 1, size, settings, low, high), ratio)];
        return [.. Enumerable.Range(-1, 4).Select(i => (Inside(first + i, size, settings, low, high), AxisResize.Kernel(i - ratio, CubicCoefficient)))];
    }

    private static int Inside(int place, int size, GridSettings settings, double low, double high)
    {
        if (place >= 0 && place < size)
            return place;
        return settings.Padding switch
        {
            "border" => Math.Clamp(place, 0, size - 1),
            "reflection" => Math.Clamp((int)Reflect(place, low, high), 0, size - 1),
            _ => -1,
        };
    }

    private static double Reflect(double x, double low, double high)
    {
        var range = high - low;
        if (range <= 0)
            return 0;
        var distance = x < low ? low - x : x - high;
        if (distance < 0)
            return x;
        var turns = Math.Floor(distance / range);
        var rest = distance - (turns * range);
        var fromLow = (x < low) == (turns % 2 == 0);
        return fromLow ? low + rest : high - rest;
    }
}
