using Glia.Layers;

namespace Glia.Tests.Layers;

public class ReceptiveFieldTests
{
    private const int Height = 23;
    private const int Width = 27;

    public static TheoryData<string, string> Networks => new()
    {
        { "conv", "conv2d1" },
        { "conv-pool-conv", "conv2d2" },
        { "strides", "conv2d2" },
        { "dilated", "conv2d2" },
        { "same", "conv2d2" },
        { "uneven", "maxpool2d1" },
        { "residual", "residual1" },
        { "residual", "residual1.body.conv2d2" },
        { "depthwise", "relu1" },
        { "branches", "conv2d1" },
        { "padded", "conv2d1" },
    };

    private static Network Input => Network.Input(1, Height, Width);

    private static SequentialNetwork Create(string name) => (name switch
    {
        "conv" => Input.Conv2D(2, (3, 5)),
        "conv-pool-conv" => Input.Conv2D(2, 3, padding: 1).ReLU().MaxPool2D(2).Conv2D(2, 3, padding: 1),
        "strides" => Input.Conv2D(2, 5, stride: (2, 3), padding: (2, 1)).AvgPool2D(3, stride: 2).Conv2D(1, 2),
        "dilated" => Input.Conv2D(2, 3, new Conv2DOptions { Dilation = 2 }).BatchNorm().Conv2D(1, 3, new Conv2DOptions { Dilation = (1, 3), Padding = 2 }),
        "same" => Input.Conv2D(2, 4, stride: 2, padding: Padding.Same).Conv2D(1, 3, padding: Padding.Same),
        "uneven" => Input.Conv2D(1, 3, new Conv2DOptions { Padding = Padding.Sides((2, 0), (0, 1)) }).MaxPool2D(3, stride: 2, padding: 1),
        "residual" => Input.Conv2D(2, 3, padding: 1).Residual(b => b.Conv2D(2, 3, stride: 2, padding: 1).ReLU().Conv2D(2, 3, padding: 1), s => s.Conv2D(2, 1, stride: 2)),
        "depthwise" => Input.Conv2D(3, 1).DepthwiseConv2D(3).SeparableConv2D(2, 5, options: new Conv2DOptions { Stride = 2 }).ReLU(),
        "branches" => Input.Branches(BranchMerge.Concat, b => b.Conv2D(1, 1), b => b.Conv2D(1, (5, 3), padding: (2, 1))).Conv2D(1, 2),
        _ => Input.ZeroPad2D(Padding.Sides((3, 1), (2, 2))).Crop2D(Padding.Sides((1, 0), (0, 1))).Conv2D(1, 3),
    }).Build(seed: 1);

    /// <summary>With positive weights and an image of zeros, a position sees those pixels that make it other than 0.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Field_IsWhatChangesTheOutput(string name, string layer)
    {
        var network = Create(name);
        foreach (var parameter in network.Parameters)
            parameter.FillInPlace(parameter.Rank > 1 || parameter.Name.Contains("weight", StringComparison.Ordinal) ? 0.5 : 0);
        var field = ReceptiveField.Of(network, layer);
        var images = Tensor.Zeros((Height * Width, 1, Height, Width));
        var pixels = images.AsWritableSpan<float>();
        for (var i = 0; i < Height * Width; i++)
            pixels[(i * Height * Width) + i] = 1;
        var output = network.ForwardAll(images, ForwardContext.Inference)[layer];
        var (rows, columns) = (output.Shape[2], output.Shape[3]);
        Assert.True(rows > 2 && columns > 2);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                int[] seen = [.. Enumerable.Range(0, Height * Width).Where(i => output[i, 0, row, column] != 0)];
                var (top, left) = field.CornerOf(row, column);
                RequireEnds(top, field.Height, Height, seen.Select(i => i / Width).ToArray());
                RequireEnds(left, field.Width, Width, seen.Select(i => i % Width).ToArray());
            }
        }
    }

    /// <summary>An end beyond the edge cannot be seen; where a dilated kernel has holes, nor can the pixel at the edge.</summary>
    private static void RequireEnds(int first, int count, int size, int[] seen)
    {
        Assert.All(seen, s => Assert.InRange(s, first, first + count - 1));
        if (first >= 0)
            Assert.Equal(first, seen.Min());
        if (first + count <= size)
            Assert.Equal(first + count - 1, seen.Max());
    }

    [Fact]
    public void WhatLooksAtMoreThanAWindow_IsRefused()
    {
        var network = Network.Input(1, 8, 8).Conv2D(2, 3).Flatten().Dense(2).Build();
        Assert.StartsWith("The receptive field of 'dense1' is that of windows, but Flatten 'flatten1'", Assert.Throws<ArgumentException>(() => ReceptiveField.Of(network, "dense1")).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no layer 'other'", Assert.Throws<ArgumentException>(() => ReceptiveField.Of(Network.Input(1, 8, 8).Conv2D(2, 3).Build(), "other")).Message, StringComparison.Ordinal);
        Assert.StartsWith("A receptive field is a part of an image", Assert.Throws<ArgumentException>(() => ReceptiveField.Of(Network.Input(4).Dense(2).Build(), "dense1")).Message, StringComparison.Ordinal);
    }
}
