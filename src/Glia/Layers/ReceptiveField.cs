namespace Glia.Layers;

/// <summary>
/// The part of an image that a number of a feature map depends on. Along each axis position p sees the pixels from p·<c>jump</c> + <c>low</c> to p·<c>jump</c> + <c>high</c>, ends
/// included; a window of k steps, stride s, dilation d and padding b before the image makes of it low + jump·(−b), high + jump·(d·(k − 1) − b) and jump·s. Branches side by side see
/// from the lowest to the highest of them (Araujo, Norris and Sim, <i>Computing receptive fields of convolutional neural networks</i>, Distill 2019).
/// </summary>
public sealed record ReceptiveField
{
    private ReceptiveField(Axis rows, Axis columns) => (Rows, Columns) = (rows, columns);

    /// <summary>How many rows of the image a position sees, also those beyond its edge.</summary>
    public int Height => Rows.High - Rows.Low + 1;

    /// <summary>How many columns of the image a position sees.</summary>
    public int Width => Columns.High - Columns.Low + 1;

    private Axis Rows { get; }

    private Axis Columns { get; }

    /// <summary>The receptive field of a layer's output.</summary>
    /// <param name="network">A network that takes images (channels, rows, columns).</param>
    /// <param name="layer">The path of a layer inside it, such as <c>conv2d2</c> or <c>residual1.body.conv2d1</c>.</param>
    /// <exception cref="ArgumentException">The network takes no images, there is no such layer, or a layer up to there looks at more than windows: it is named.</exception>
    public static ReceptiveField Of(SequentialNetwork network, string layer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layer);
        if (network.InputShape.Rank != 3)
            throw new ArgumentException($"A receptive field is a part of an image (channels, rows, columns), but the network takes {network.InputShape}.", nameof(network));
        var start = new Axis(0, 0, 1);
        var (field, isFound) = Through(network, network.InputShape, new(start, start), layer);
        return isFound ? field : throw new ArgumentException($"There is no layer '{layer}' in the network. Its layers are: {string.Join(", ", network.Layers.Select(l => l.Path))}.", nameof(layer));
    }

    /// <summary>The rows and columns of the image that a position of the feature map sees; they may lie beyond the edge, where padding is.</summary>
    /// <param name="row">The row of the feature map.</param>
    /// <param name="column">The column of the feature map.</param>
    public (int Top, int Left) CornerOf(int row, int column) => ((row * Rows.Jump) + Rows.Low, (column * Columns.Jump) + Columns.Low);

    private static (ReceptiveField Field, bool IsFound) Through(Layer layer, Shape input, ReceptiveField field, string wanted)
    {
        switch (layer)
        {
            case SequentialNetwork network:
                foreach (var (inner, shape) in network.Inner(input))
                {
                    (field, var isFound) = Through(inner, shape, field, wanted);
                    if (isFound)
                        return (field, true);
                }
                break;
            case BranchingLayer branches:
                List<ReceptiveField> ends = branches is Residual { Shortcut: null } ? [field] : [];
                foreach (var (_, module) in branches.Children)
                {
                    var (end, isFound) = Through((Layer)module, input, field, wanted);
                    if (isFound)
                        return (end, true);
                    ends.Add(end);
                }
                field = new(Around(ends.Select(e => e.Rows)), Around(ends.Select(e => e.Columns)));
                break;
            case SeparableConv2D separable:
                field = Moved(field, separable.Depthwise.Settings.Windows, input);
                break;
            case ConvLayer convolution and not ConvTransposeLayer:
                field = Moved(field, convolution.Settings.Windows, input);
                break;
            case Pool pool:
                field = Moved(field, pool.Windows, input);
                break;
            case ZeroPad2D pad:
                field = new(field.Rows.Shifted(-pad.Padding[0].Before), field.Columns.Shifted(-pad.Padding[1].Before));
                break;
            case Crop2D crop:
                field = new(field.Rows.Shifted(crop.Cropping[0].Before), field.Columns.Shifted(crop.Cropping[1].Before));
                break;
            case Activation or PReLU or BatchNorm or Dropout or SpatialDropout:
                break;
            default:
                throw new ArgumentException($"The receptive field of '{wanted}' is that of windows, but {layer.Describe()} before it, or it itself, looks at more than a window.");
        }
        return (field, layer.Path == wanted);
    }

    private static ReceptiveField Moved(ReceptiveField field, Windows windows, Shape input) => new(
        field.Rows.Through(windows.Along(0, input[1])), field.Columns.Through(windows.Along(1, input[2])));

    private static Axis Around(IEnumerable<Axis> axes) => axes.Aggregate((a, b) => new Axis(Math.Min(a.Low, b.Low), Math.Max(a.High, b.High), a.Jump));

    private readonly record struct Axis(int Low, int High, int Jump)
    {
        public Axis Through(Kernels.WindowAxis window) => new(
            Low - (Jump * window.PadBefore), High + (Jump * ((window.Dilation * (window.Kernel - 1)) - window.PadBefore)), Jump * window.Stride);

        public Axis Shifted(int positions) => new(Low + (Jump * positions), High + (Jump * positions), Jump);
    }
}
