using Glia.Data;

namespace Glia.Tests.Data;

public class ImageAugmentationTests
{
    private const int Height = 7;
    private const int Width = 6;
    private const int Count = 40;

    private static readonly ImageAugmentation Everything = new()
    {
        HorizontalFlip = true,
        VerticalFlip = true,
        MaxShift = 2,
        MaxRotation = 20,
        MaxZoom = 0.2,
        MaxContrast = 0.3,
        MaxBrightness = 0.2,
        Noise = 0.1,
        Cutout = 3,
    };

    private static TensorDataset Images(int channels = 2) =>
        new(Numbers.Normal((Count, channels, Height, Width), 1, DType.Float32), Tensor.Arange(Count, DType.Int64));

    [Fact]
    public void Augmented_KeepsSampleWeightsAndLengths()
    {
        var images = Images();
        var weights = Tensor.Arange(Count).To(DType.Float32);
        var lengths = Tensor.From(Enumerable.Range(0, Count).Select(i => (long)i % 3).ToArray());
        var data = new TensorDataset(images.Inputs, images.Targets, weights, lengths).Augment(Everything, seed: 1);

        Assert.Equal(weights.ToArray<float>(), data.SampleWeights!.ToArray<float>());
        Assert.Equal(lengths.ToArray<long>(), data.Lengths!.ToArray<long>());
        // A batch has those of its own samples.
        var batch = new DataLoader(data, batchSize: 7, shuffle: true, seed: 3).Epoch().First();
        var samples = batch.Target.ToArray<long>();
        Assert.Equal(samples.Select(s => (float)s), batch.SampleWeights!.ToArray<float>());
        Assert.Equal(samples.Select(s => s % 3), batch.Lengths!.ToArray<long>());
        Assert.Null(images.Augment(Everything, seed: 1).SampleWeights);
        Assert.Null(images.Augment(Everything, seed: 1).Lengths);
    }

    private static Tensor Fill(Dataset data, int epoch = 0) => Fill(data, epoch, [.. Enumerable.Range(0, data.Count)]);

    private static Tensor Fill(Dataset data, int epoch, int[] samples)
    {
        var (input, target) = (Tensor.Zeros(data.InputShape.Prepend(samples.Length)), Tensor.Zeros(samples.Length, DType.Int64));
        data.Fill(epoch, samples, input, target);
        Assert.Equal(samples.Select(s => (long)s), target.ToArray<long>());
        return input;
    }

    /// <summary>One image through one certain change.</summary>
    private static float[] Warp(float[] image, int height, int width, PadMode edge, int rows = 0, int columns = 0, double? angle = null, double zoom = 1)
    {
        var result = new float[image.Length];
        var warp = new ImageWarp(height, width, edge) { Rows = rows, Columns = columns };
        if (angle is null && zoom == 1)
            warp.Move(image, result);
        else
            warp.Resample(image, result, (angle ?? 0) * Math.PI / 180, zoom);
        return result;
    }

    [Fact]
    public void NothingSet_ImagesAreTheSameBits()
    {
        var data = Images();
        Numbers.SameBits(data.Inputs, Fill(data.Augment(new ImageAugmentation(), seed: 1)));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Flips_MirrorAboutHalfOfTheImagesExactly(bool horizontal, bool vertical)
    {
        var data = Images();
        var result = Fill(data.Augment(new() { HorizontalFlip = horizontal, VerticalFlip = vertical }, seed: 2));
        var axis = horizontal ? 3 : 2;
        var backwards = Tensor.From([.. Enumerable.Range(0, result.Shape[axis]).Reverse().Select(i => (long)i)]);
        var mirrored = 0;
        for (var i = 0; i < Count; i++)
        {
            var (before, after) = (data.Inputs.Slice(0, i, 1), result.Slice(0, i, 1).ToArray<float>());
            if (after.SequenceEqual(before.ToArray<float>()))
                continue;
            Assert.Equal(before.IndexSelect(axis, backwards).ToArray<float>(), after);
            mirrored++;
        }
        Assert.InRange(mirrored, Count / 4, Count * 3 / 4);
    }

    [Fact]
    public void Shift_EveryDistanceUpToTheLimit_MovesWholePixelsAndRepeatsTheEdge()
    {
        var data = Images(channels: 1);
        var result = Fill(data.Augment(new() { MaxShift = 1 }, seed: 3));
        var seen = new HashSet<(int, int)>();
        for (var i = 0; i < Count; i++)
        {
            var before = data.Inputs.Slice(0, i, 1);
            var padded = before.Pad(2, 1, 1, PadMode.Replicate).Pad(3, 1, 1, PadMode.Replicate);
            var after = result.Slice(0, i, 1).ToArray<float>();
            var moves = from rows in Enumerable.Range(-1, 3)
                        from columns in Enumerable.Range(-1, 3)
                        where padded.Slice(2, 1 - rows, Height).Slice(3, 1 - columns, Width).ToArray<float>().SequenceEqual(after)
                        select (rows, columns);
            seen.Add(Assert.Single(moves));
        }
        Assert.Equal(9, seen.Count);
    }

    [Theory]
    [InlineData(PadMode.Constant, new float[] { 0, 0, 1 })]
    [InlineData(PadMode.Replicate, new float[] { 1, 1, 1 })]
    [InlineData(PadMode.Reflect, new float[] { 3, 2, 1 })]
    public void Edge_ComesInWhereTheImageMovedAway(PadMode edge, float[] expected) => Assert.Equal(expected, Warp([1, 2, 3], 1, 3, edge, columns: 2));

    [Fact]
    public void Edge_FartherAwayThanTheImageIsLarge_IsStillSomethingOfIt()
    {
        Assert.Equal([2, 1, 2], Warp([1, 2, 3], 1, 3, PadMode.Reflect, columns: 5));
        Assert.Equal([7f], Warp([7], 1, 1, PadMode.Reflect, rows: 9));
        Assert.Equal([0f, 0, 0], Warp([1, 2, 3], 1, 3, PadMode.Constant, rows: 1));
    }

    [Fact]
    public void Rotation_ByAQuarter_TurnsCounterClockwise()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        float[] expected = [3, 6, 9, 2, 5, 8, 1, 4, 7];
        Assert.Equal(expected, Warp(image, 3, 3, PadMode.Constant, angle: 90), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Rotation_ByNothing_IsTheImage() => Assert.Equal([1f, 2, 3, 4], Warp([1, 2, 3, 4], 2, 2, PadMode.Replicate, angle: 0));

    [Fact]
    public void Zoom_OfARamp_KeepsTheMiddleAndFlattensTheSlope()
    {
        // The middle of 0, 1, 2, 3, 4 stays; twice as large, neighbours differ by a half.
        Assert.Equal([1, 1.5f, 2, 2.5f, 3], Warp([0, 1, 2, 3, 4], 1, 5, PadMode.Replicate, zoom: 2));
        Assert.Equal([0f, 0, 2, 4, 4], Warp([0, 1, 2, 3, 4], 1, 5, PadMode.Replicate, zoom: 0.5));
    }

    [Fact]
    public void RotationAndZoom_OfAnEvenImage_ChangeNothing()
    {
        var data = new TensorDataset(Tensor.Full((Count, 1, Height, Width), 0.3), Tensor.Arange(Count, DType.Int64));
        Assert.All(Fill(data.Augment(new() { MaxRotation = 180, MaxZoom = 0.5, MaxShift = 3 })).ToArray<float>(), v => Assert.Equal(0.3f, v, 1e-6f));
    }

    [Fact]
    public void Contrast_KeepsTheMeanOfEachChannelAndScalesItsDeviation()
    {
        var data = Images();
        var result = Fill(data.Augment(new() { MaxContrast = 0.5 }, seed: 4));
        var (before, after) = (data.Inputs.Reshape((Count, 2, Height * Width)), result.Reshape((Count, 2, Height * Width)));
        Numbers.Close(before.Mean(2), after.Mean(2), 1e-5, 1e-5);
        var factors = (Deviation(after) / Deviation(before)).ToArray<float>();
        Assert.All(factors, f => Assert.InRange(f, 0.4999f, 1.5001f));
        Assert.True(factors.Max() > 1.3 && factors.Min() < 0.7);

        static Tensor Deviation(Tensor x) => (x - x.Mean([2], keepDims: true)).Square().Mean(2).Sqrt();
    }

    [Fact]
    public void Brightness_AddsOneNumberToAllOfAnImage()
    {
        var data = Images();
        var added = (Fill(data.Augment(new() { MaxBrightness = 0.5 }, seed: 5)) - data.Inputs).ToArray<float>().Chunk(2 * Height * Width).ToArray();
        Assert.All(added, a => Assert.Equal(a[0], a[^1], 1e-5f));
        Assert.All(added, a => Assert.InRange(a[0], -0.5f, 0.5f));
        Assert.True(added.Max(a => a[0]) > 0.3 && added.Min(a => a[0]) < -0.3);
    }

    [Fact]
    public void Noise_HasMeanZeroAndItsStandardDeviation()
    {
        var data = Images();
        var noise = Fill(data.Augment(new() { Noise = 0.2 }, seed: 6)) - data.Inputs;
        Assert.Equal(0, noise.Mean().Item(), 0.01);
        Assert.Equal(0.2, noise.Square().Mean().Sqrt().Item(), 0.01);
    }

    [Fact]
    public void Cutout_FillsASquareWithTheMean()
    {
        var data = Images(channels: 1);
        var result = Fill(data.Augment(new() { Cutout = 3 }, seed: 7));
        var whole = 0;
        for (var i = 0; i < Count; i++)
        {
            var before = data.Inputs.Slice(0, i, 1).ToArray<float>();
            var after = result.Slice(0, i, 1).ToArray<float>();
            int[] hole = [.. Enumerable.Range(0, before.Length).Where(p => before[p] != after[p])];
            Assert.InRange(hole.Length, 4, 9);
            Assert.True(hole.Max(p => p / Width) - hole.Min(p => p / Width) < 3 && hole.Max(p => p % Width) - hole.Min(p => p % Width) < 3);
            Assert.All(hole, p => Assert.Equal(before.Average(), after[p], 1e-5f));
            whole += hole.Length == 9 ? 1 : 0;
        }
        Assert.InRange(whole, 5, Count - 5);
    }

    [Fact]
    public void Images_DependOnSeedEpochAndSampleOnly()
    {
        var data = Images().Augment(Everything, seed: 8);
        var third = Fill(data, epoch: 3);
        Numbers.SameBits(third, Fill(Images().Augment(Everything, seed: 8), epoch: 3));
        Numbers.SameBits(third.Slice(0, 5, 1), Fill(data, 3, [5]));
        Assert.NotEqual(third.ToArray<float>(), Fill(data, epoch: 4).ToArray<float>());
        Assert.NotEqual(third.ToArray<float>(), Fill(Images().Augment(Everything, seed: 9), epoch: 3).ToArray<float>());
    }

    [Fact]
    public void OneSettingMore_LeavesTheOthersNumbersAsTheyWere()
    {
        var data = Images();
        var moved = Fill(data.Augment(new() { MaxShift = 2 }, seed: 10));
        var brighter = Fill(data.Augment(new() { MaxShift = 2, MaxBrightness = 0.5 }, seed: 10)) - moved;
        Assert.All(brighter.ToArray<float>().Chunk(2 * Height * Width), a => Assert.Equal(a[0], a[^1], 1e-5f));
    }

    [Fact]
    public void Loader_AnyPrefetchAndAnyWrapping_GivesTheEpochsOfTheSameBits()
    {
        float[][] Batches(Dataset data, int epoch, int prefetch) =>
            [.. new DataLoader(data, 8, seed: 1, prefetch: prefetch).Epoch(epoch).Select(b => b.Input.ToArray<float>())];
        var data = Images().Augment(Everything, seed: 11);
        var expected = Batches(data, 2, prefetch: 0);
        Assert.Equal(expected, Batches(data, 2, prefetch: 3));
        Assert.NotEqual(expected, Batches(data, 1, prefetch: 0));
        Assert.Equal(expected, Batches(data.Subset([.. Enumerable.Range(0, Count)]), 2, prefetch: 0));
        Assert.Equal(expected, Batches(new JoinedDataset([data]), 2, prefetch: 0));
        Assert.True(data.IsSlow);
    }

    [Fact]
    public void Source_IsNotChanged()
    {
        var data = Images();
        var before = data.Inputs.ToArray<float>();
        Fill(data.Augment(Everything));
        Assert.Equal(before, data.Inputs.ToArray<float>());
    }

    [Fact]
    public void TargetsAndShapes_AreThoseOfTheSource()
    {
        var (data, augmented) = (Images(), Images().Augment(Everything));
        Assert.Equal((data.Count, data.InputShape, data.TargetShape, data.TargetDType), (augmented.Count, augmented.InputShape, augmented.TargetShape, augmented.TargetDType));
    }

    [Fact]
    public void NoImages_AreRefused()
    {
        var table = new TensorDataset(Tensor.Zeros((3, 4)), Tensor.Zeros(3, DType.Int64));
        Assert.Equal(
            "Augment expects images (channels, rows, columns) in Float32 but got inputs (4,) in Float32.",
            Assert.Throws<ShapeException>(() => table.Augment(Everything)).Message);
        var doubles = new TensorDataset(Tensor.Zeros((3, 1, 4, 4), DType.Float64), Tensor.Zeros(3, DType.Int64));
        Assert.Equal(
            "Augment expects images (channels, rows, columns) in Float32 but got inputs (1, 4, 4) in Float64.",
            Assert.Throws<ShapeException>(() => doubles.Augment(Everything)).Message);
    }

    [Fact]
    public void Settings_OutOfRange_AreRefused()
    {
        Assert.StartsWith("MaxRotation must be from 0 to 180.", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { MaxRotation = 181 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("MaxZoom must be from 0 to 0.9.", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { MaxZoom = 1 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { MaxContrast = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { MaxBrightness = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { Noise = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { MaxShift = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation { Cutout = -1 });
    }
}
