namespace Glia.Interchange.Onnx.Operators;

/// <summary>The best of boxes that overlap.</summary>
internal static class Suppression
{
    public static Operator NonMaxSuppression { get; } = new("NonMaxSuppression", 10, "2-5", "center_point_box:i", c =>
    {
        var (boxes, scores) = (c.X, c.In(1));
        if (boxes.Rank != 3 || boxes.Shape[2] != 4 || scores.Rank != 3 || scores.Shape[0] != boxes.Shape[0] || scores.Shape[2] != boxes.Shape[1])
            throw new ArgumentException($"boxes (batch, count, 4) and scores (batch, classes, count) were expected but got {boxes.Shape} and {scores.Shape}.");
        var most = c.Has(2) ? (long)c.Number(2) : 0;
        var overlap = c.Has(3) ? c.Number(3) : 0;
        var least = c.Has(4) ? c.Number(4) : double.NegativeInfinity;
        var (corners, points) = (c.Numbers(0), c.Numbers(1));
        if (c.Flag("center_point_box"))
            FromCenters(corners);
        var (classes, count) = (scores.Shape[1], scores.Shape[2]);
        var chosen = new List<long>();
        for (var batch = 0; batch < boxes.Shape[0]; batch++)
        {
            for (var label = 0; label < classes; label++)
            {
                var first = ((batch * classes) + label) * count;
                var kept = new List<int>();
                foreach (var box in Enumerable.Range(0, count).Where(i => points[first + i] > least).OrderByDescending(i => points[first + i]))
                {
                    if (kept.Count >= most)
                        break;
                    if (kept.Exists(k => Overlap(corners, (batch * count) + k, (batch * count) + box) > overlap))
                        continue;
                    kept.Add(box);
                    chosen.AddRange([batch, label, box]);
                }
            }
        }
        return [Value.Of(Tensor.From(chosen.ToArray(), new Shape(chosen.Count / 3, 3)))];
    });

    /// <summary>x, y, width and height as two corners.</summary>
    private static void FromCenters(double[] boxes)
    {
        for (var i = 0; i < boxes.Length; i += 4)
        {
            var (x, y, width, height) = (boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
            (boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]) = (y - (height / 2), x - (width / 2), y + (height / 2), x + (width / 2));
        }
    }

    /// <summary>The area that two boxes share, as a part of the area of both; any two opposite corners describe a box.</summary>
    private static double Overlap(double[] boxes, int a, int b)
    {
        var (first, second) = (Sides(boxes, a), Sides(boxes, b));
        var height = Math.Min(first.Bottom, second.Bottom) - Math.Max(first.Top, second.Top);
        var width = Math.Min(first.Right, second.Right) - Math.Max(first.Left, second.Left);
        if (height <= 0 || width <= 0)
            return 0;
        return height * width / (Area(first) + Area(second) - (height * width));
    }

    private static (double Top, double Left, double Bottom, double Right) Sides(double[] boxes, int box)
    {
        var corner = boxes.AsSpan(box * 4, 4);
        return (Math.Min(corner[0], corner[2]), Math.Min(corner[1], corner[3]), Math.Max(corner[0], corner[2]), Math.Max(corner[1], corner[3]));
    }

    private static double Area((double Top, double Left, double Bottom, double Right) box) => (box.Bottom - box.Top) * (box.Right - box.Left);
}
