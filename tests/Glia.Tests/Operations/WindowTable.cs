using Glia.Kernels;
using Glia.Layers;

namespace Glia.Tests.Operations;

/// <summary>The rows of <see cref="OperationTable"/> for convolution and pooling.</summary>
internal static class WindowTable
{
    public static IEnumerable<OperationRow> Rows =>
    [
        Conv("Conv2D", new(), (2, 3, 5, 4), (4, 3, 3, 2), (3, 8, 30, 31), (16, 8, 3, 3)),
        Conv("Conv2DStridePadding", new() { Stride = (2, 1), Padding = (1, 2) }, (1, 2, 5, 4), (2, 2, 3, 3), (2, 8, 30, 31), (9, 8, 3, 3)),
        Conv("Conv2DDilation", new() { Dilation = (2, 1), Padding = 1 }, (1, 2, 6, 4), (2, 2, 2, 2), (2, 5, 30, 31), (9, 5, 3, 3)),
        Conv("Conv2DGroups", new() { Groups = 2 }, (1, 4, 3, 4), (4, 2, 2, 2), (2, 8, 30, 31), (16, 4, 3, 3)),
        Conv("Conv2DDepthwise", new() { Groups = 3, Padding = 1 }, (1, 3, 3, 3), (3, 1, 3, 3), (2, 3, 60, 61), (3, 1, 3, 3)),
        Conv("Conv2DSides", new() { Padding = Padding.Sides((2, 0), (0, 1)) }, (1, 2, 3, 4), (2, 2, 3, 3), (2, 3, 30, 31), (9, 3, 3, 3)),
        Conv("Conv2DSame", new() { Padding = Padding.Same, Stride = (2, 1) }, (1, 2, 5, 4), (2, 2, 3, 2), (2, 3, 30, 31), (9, 3, 3, 2)),
        new("Conv1D", t => Tensor.Conv1D(t[0], t[1], t[2], new() { Stride = 2, Padding = 1 }), (2, 2, 7), (3, 2, 3), 3)
        {
            Large = [(3, 8, 931), (16, 8, 3), 16], Empty = [(0, 2, 7), (3, 2, 3), 3], SpecialInputs = [0, 2],
        },
        new("Conv3D", t => Tensor.Conv3D(t[0], t[1], options: new() { Padding = (1, 0, 0), Stride = (1, 2, 1), Dilation = (1, 1, 2), Groups = 2 }), new(1, 2, 2, 3, 4), new(2, 1, 2, 2, 2))
        {
            Large = [new(2, 4, 9, 13, 17), new(6, 2, 3, 3, 3)], Empty = [new(0, 2, 2, 3, 4), new(2, 1, 2, 2, 2)], SpecialInputs = [0],
            // Strides of 2 pass some elements by.
            ShowsNaN = false,
        },
        new("ConvTranspose1D", t => Tensor.ConvTranspose1D(t[0], t[1], t[2], new() { Dilation = 3 }, outputPadding: 2), (2, 2, 4), (2, 3, 2), 3)
        {
            Large = [(3, 8, 931), (8, 16, 3), 16], Empty = [(0, 2, 4), (2, 3, 2), 3], SpecialInputs = [0, 2],
        },
        new("ConvTranspose2D", t => Tensor.ConvTranspose2D(t[0], t[1], t[2], new() { Stride = (2, 3), Groups = 2, Padding = (1, 0) }, (1, 0)), (1, 4, 3, 2), (4, 1, 3, 2), 2)
        {
            Large = [(2, 8, 20, 21), (8, 3, 3, 2), 6], Empty = [(0, 4, 3, 2), (4, 1, 3, 2), 2], SpecialInputs = [0, 2],
        },
        new("ConvTranspose3D", t => Tensor.ConvTranspose3D(t[0], t[1], options: new() { Stride = 2 }), new(1, 2, 1, 2, 2), new(2, 2, 2, 1, 3))
        {
            Large = [new(2, 4, 5, 7, 9), new(4, 3, 2, 2, 3)], SpecialInputs = [0],
        },
        new("ChannelBias", x => new ChannelBiasOperation().Apply(x[0] + 0, x[1]), (2, 3, 2, 2), 3) { Large = [(5, 9, 30, 31), 9], Empty = [(0, 3, 2, 2), 3] },
        Pool("MaxPool", (x, g) => Tensor.MaxPool(x, g), new MaxPool2D(2)),
        Pool("MaxPoolOverlap", (x, g) => Tensor.MaxPool(x, g), new MaxPool2D((3, 2), stride: (2, 1), padding: 1)),
        Pool("MaxPoolCeil", (x, g) => Tensor.MaxPool(x, g), new MaxPool2D(2, ceilMode: true)),
        Pool("AveragePool", (x, g) => Tensor.AveragePool(x, g, true), new MaxPool2D(2)),
        Pool("AveragePoolPadded", (x, g) => Tensor.AveragePool(x, g, true), new MaxPool2D(3, stride: 2, padding: 1)),
        Pool("AveragePoolInside", (x, g) => Tensor.AveragePool(x, g, false), new MaxPool2D(3, stride: 2, padding: 1, ceilMode: true)),
        Pool("MaxPoolDilated", (x, g) => Tensor.MaxPool(x, g), new MaxPool2D((2, 3), stride: 1, dilation: (2, 1))),
        Pool("MaxPool1D", (x, g) => Tensor.MaxPool(x, g), new MaxPool1D(3, stride: 2, padding: 1), 7, 1_931),
        Pool("MaxPool3D", (x, g) => Tensor.MaxPool(x, g), new MaxPool3D((1, 2, 2), stride: 1), (2, 3, 3), (9, 13, 17)),
        Pool("AveragePool1D", (x, g) => Tensor.AveragePool(x, g, false), new MaxPool1D(3, stride: 2, padding: 1), 7, 1_931),
        Pool("AveragePool3D", (x, g) => Tensor.AveragePool(x, g, true), new MaxPool3D((1, 2, 2), stride: 1), (2, 3, 3), (9, 13, 17)),
    ];

    private static OperationRow Conv(string name, Conv2DOptions options, Shape x, Shape weight, Shape largeX, Shape largeWeight) => new(
        name, t => Tensor.Conv2D(t[0], t[1], t[2], options), x, weight, weight[0])
    {
        Large = [largeX, largeWeight, largeWeight[0]],
        Empty = [x.With(0, 0), weight, weight[0]],
        SpecialInputs = options.Padding == 0 ? [0, 1, 2] : [0, 2],
    };

    private static OperationRow Pool(string name, Func<Tensor, PoolGeometry, Tensor> pool, MaxPool2D layer) => Pool(name, pool, layer, (5, 5), (30, 31));

    private static OperationRow Pool(string name, Func<Tensor, PoolGeometry, Tensor> pool, Pool layer, Shape small, Shape large) => new(
        name, x => pool(x[0], layer.GeometryOf(x[0])), new Shape([2, 2, .. small.Sizes]))
    {
        Large = [new([7, 11, .. large.Sizes])],
        Empty = [new([0, 2, .. small.Sizes])],
        ShowsNaN = layer.CeilMode || !layer.Stride.SequenceEqual(layer.PoolSize),
    };
}
