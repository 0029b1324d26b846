using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Images sampled at given places.</summary>
internal static class Sampling
{
    public static Operator[] All =>
    [
        new("GridSample", 16, "2", "align_corners:i mode:s=bilinear|linear|nearest|bicubic|cubic padding_mode:s=zeros|border|reflection", GridSample),
        new("AffineGrid", 20, "2", "align_corners:i", AffineGrid, OperatorTraits.Grows),
        new("RoiAlign", 10, "3", "coordinate_transformation_mode:s=half_pixel|output_half_pixel mode:s=avg|max output_height:i output_width:i sampling_ratio:i spatial_scale:f", RoiAlign, OperatorTraits.Grows),
    ];

    private static Value[] GridSample(NodeCall c)
    {
        var (x, grid) = (c.X, c.In(1));
        var axes = x.Rank - 2;
        if (axes < 1 || grid.Rank != x.Rank || grid.Shape[-1] != axes || grid.Shape[0] != x.Shape[0])
            throw new ArgumentException($"a grid that fits {x.Shape} was expected but got {grid.Shape}.");
        var settings = new GridSettings(c.Text("mode", "linear"), c.Text("padding_mode", "zeros"), c.Flag("align_corners"));
        var shape = new Shape([x.Shape[0], x.Shape[1], .. grid.Shape.Sizes[1..^1]]);
        return c.Same(Make(shape, x.DType, (x.Detach(), grid.Detach(), settings), static (s, y) => GridSampling.Fill(s.Item1, s.Item2, s.settings, y)));
    }

    /// <summary>Places of the grid of an image, moved by an affine map of coordinates from −1 to 1.</summary>
    private static Value[] AffineGrid(NodeCall c)
    {
        var sizes = c.Ints(1)[2..];
        var isAligned = c.Flag("align_corners");
        var count = new Shape(sizes).Count;
        var theta = c.X;
        var places = Glia.Replay.Recorder.Fixed((sizes, isAligned, theta.DType), static s =>
        {
            var (sizes, isAligned, dtype) = s;
            var count = new Shape(sizes).Count;
            var y = Tensor.Ones((count, sizes.Length + 1), dtype);
            for (var i = 0; i < count; i++)
            {
                var rest = i;
                // The last axis of the image is the first coordinate.
                for (var d = sizes.Length - 1; d >= 0; d--)
                {
                    var at = rest % sizes[d];
                    rest /= sizes[d];
                    var place = isAligned ? (sizes[d] == 1 ? 0 : (2.0 * at / (sizes[d] - 1)) - 1) : (((2.0 * at) + 1) / sizes[d]) - 1;
                    y.SetFlat((i * (sizes.Length + 1)) + (sizes.Length - 1 - d), place);
                }
            }
            return y;
        });
        var y = places.MatMul(theta, transposeB: true);
        return c.Same(y.Reshape(new Shape([theta.Shape[0], .. sizes, sizes.Length])));
    }

    private static Value[] RoiAlign(NodeCall c)
    {
        var settings = (
            Height: c.Int("output_height", 1), Width: c.Int("output_width", 1), Ratio: c.Int("sampling_ratio", 0), Scale: c.Float("spatial_scale", 1),
            IsMax: c.Text("mode", "avg") == "max", IsHalf: c.Text("coordinate_transformation_mode", c.Opset >= 16 ? "half_pixel" : "output_half_pixel") == "half_pixel");
        if (c.X.Rank != 4 || c.In(1).Rank != 2 || c.In(1).Shape[1] != 4)
            throw new ArgumentException($"images and boxes (count, 4) were expected but got {c.X.Shape} and {c.In(1).Shape}.");
        var shape = new Shape(c.In(1).Shape[0], c.X.Shape[1], settings.Height, settings.Width);
        return c.Same(Make(shape, c.X.DType, (c.X.Detach(), c.In(1).Detach(), c.In(2), settings), static (s, y) =>
        {
            var (x, boxes, images, settings) = s;
            var (channels, height, width) = (x.Shape[1], x.Shape[2], x.Shape[3]);
            for (var box = 0; box < boxes.Shape[0]; box++)
            {
                var image = (int)images.GetFlat(box);
                if (image < 0 || image >= x.Shape[0])
                    throw new ArgumentException($"image {image} is out of range for {x.Shape}.");
                var offset = settings.IsHalf ? 0.5 : 0;
                double Corner(int i) => (float)(boxes.GetFlat((box * 4) + i) * settings.Scale) - offset;
                var (left, top, right, bottom) = (Corner(0), Corner(1), Corner(2), Corner(3));
                var (w, h) = (right - left, bottom - top);
                if (!settings.IsHalf)
                    (w, h) = (Math.Max(w, 1), Math.Max(h, 1));
                var (binW, binH) = (w / settings.Width, h / settings.Height);
                var samplesX = settings.Ratio > 0 ? settings.Ratio : Math.Max(1, (int)Math.Ceiling(w / settings.Width));
                var samplesY = settings.Ratio > 0 ? settings.Ratio : Math.Max(1, (int)Math.Ceiling(h / settings.Height));
                for (var channel = 0; channel < channels; channel++)
                {
                    var plane = ((image * channels) + channel) * height * width;
                    for (var cell = 0; cell < settings.Height * settings.Width; cell++)
                    {
                        var (row, column) = (cell / settings.Width, cell % settings.Width);
                        var (sum, most) = (0.0, double.NegativeInfinity);
                        for (var sample = 0L; sample < (long)samplesX * samplesY; sample++)
                        {
                            var py = top + (row * binH) + ((sample / samplesX + 0.5) * binH / samplesY);
                            var px = left + (column * binW) + ((sample % samplesX + 0.5) * binW / samplesX);
                            var (value, largest) = Bilinear(x, plane, height, width, py, px);
                            sum += value;
                            most = Math.Max(most, largest);
                        }
                        y.SetFlat((((box * channels) + channel) * settings.Height * settings.Width) + cell, settings.IsMax ? most : sum / ((double)samplesX * samplesY));
                    }
                }
            }
        }));
    }

    /// <summary>The interpolated value, and the largest of its four weighted parts, of which the operator's maximum is made.</summary>
    private static (double Sum, double Largest) Bilinear(Tensor x, int plane, int height, int width, double py, double px)
    {
        if (py < -1 || py > height || px < -1 || px > width)
            return (0, 0);
        (py, px) = (Math.Max(0, py), Math.Max(0, px));
        var (top, left) = (Math.Min((int)py, height - 1), Math.Min((int)px, width - 1));
        var (bottom, right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
        var (fy, fx) = (top == height - 1 ? 0 : py - top, left == width - 1 ? 0 : px - left);
        double At(int r, int q) => x.GetFlat(plane + (r * width) + q);
        var (a, b, c, d) = ((1 - fy) * (1 - fx) * At(top, left), (1 - fy) * fx * At(top, right), fy * (1 - fx) * At(bottom, left), fy * fx * At(bottom, right));
        return (a + b + c + d, Math.Max(Math.Max(a, b), Math.Max(c, d)));
    }
}
