using Glia.Data;
using Glia.Layers;

namespace Glia.Training.Inspection;

/// <summary>
/// What a channel of a layer answers to: the places of a data set's images at which it is largest, one in each image at most (Zeiler and Fergus, <i>Visualizing and understanding
/// convolutional networks</i>, 2014). The part of the image that such a place sees is its <see cref="ReceptiveField"/>.
/// </summary>
public static class ActivatingPatches
{
    private const int BatchSize = 64;

    /// <summary>The patches of every channel of a layer, the largest activation first.</summary>
    /// <param name="network">A network that takes images.</param>
    /// <param name="data">The images.</param>
    /// <param name="layer">The path of a layer that gives feature maps.</param>
    /// <param name="count">How many patches for each channel, at least 1; 9 by default. Images in which a channel gives 0 or less are left out.</param>
    /// <returns>For each channel its patches.</returns>
    /// <exception cref="ArgumentException">There is no such layer, or it gives no feature maps of windows.</exception>
    public static IReadOnlyList<IReadOnlyList<ActivatingPatch>> Find(SequentialNetwork network, Dataset data, string layer, int count = 9)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var field = ReceptiveField.Of(network, layer);
        List<ActivatingPatch>[]? best = null;
        using var noGrad = Gradients.NoGrad();
        var first = 0;
        foreach (var batch in new DataLoader(data, BatchSize, shuffle: false).Epoch())
        {
            using var scope = new TensorScope();
            var maps = network.ForwardAll(batch.Input, ForwardContext.Inference)[layer];
            best ??= [.. Enumerable.Range(0, maps.Shape[1]).Select(_ => new List<ActivatingPatch>())];
            Search(maps, first, field, best);
            foreach (var patches in best)
                Keep(patches, count);
            first += batch.Input.Shape[0];
        }
        return best ?? [];
    }

    private static void Search(Tensor maps, int first, ReceptiveField field, List<ActivatingPatch>[] best)
    {
        var (samples, channels, width) = (maps.Shape[0], maps.Shape[1], maps.Shape[3]);
        var size = maps.Shape[2] * width;
        var values = maps.To(DType.Float32).AsSpan<float>();
        for (var i = 0; i < samples * channels; i++)
        {
            var map = values.Slice(i * size, size);
            var place = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(map);
            if (map[place] > 0)
            {
                var (top, left) = field.CornerOf(place / width, place % width);
                best[i % channels].Add(new(first + (i / channels), map[place], top, left, field.Height, field.Width));
            }
        }
    }

    private static void Keep(List<ActivatingPatch> patches, int count)
    {
        ActivatingPatch[] sorted = [.. patches.OrderByDescending(p => p.Activation).ThenBy(p => p.Sample).Take(count)];
        patches.Clear();
        patches.AddRange(sorted);
    }
}

/// <summary>A part of an image.</summary>
/// <param name="Sample">Which sample of the data set.</param>
/// <param name="Activation">How strongly the channel answers there.</param>
/// <param name="Top">The first row of the image; below 0 where the patch begins beyond the edge.</param>
/// <param name="Left">The first column; below 0 where the patch begins beyond the edge.</param>
/// <param name="Height">How many rows.</param>
/// <param name="Width">How many columns.</param>
public readonly record struct ActivatingPatch(int Sample, double Activation, int Top, int Left, int Height, int Width)
{
    /// <summary>Cuts the patch out of an image; beyond the edge it is NaN.</summary>
    /// <param name="image">One channel of the sample's image, row by row.</param>
    /// <param name="height">The rows of the image.</param>
    /// <param name="width">The columns of the image.</param>
    /// <returns>Row by row.</returns>
    /// <exception cref="ArgumentException">The image has not so many numbers.</exception>
    public double[,] CutOut(ReadOnlySpan<float> image, int height, int width)
    {
        if (image.Length != (long)height * width)
            throw new ArgumentException($"An image of {height} × {width} pixels has {(long)height * width} numbers, but got {image.Length}.", nameof(image));
        var patch = new double[Height, Width];
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++)
            {
                var (y, x) = (Top + row, Left + column);
                patch[row, column] = y >= 0 && y < height && x >= 0 && x < width ? image[(y * width) + x] : double.NaN;
            }
        }
        return patch;
    }
}
