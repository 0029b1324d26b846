using System.Buffers;
using System.Numerics.Tensors;

namespace Glia.Data;

/// <summary>Images of another data set, changed at random.</summary>
internal sealed class AugmentedDataset : Dataset
{
    private readonly Dataset _source;
    private readonly ImageAugmentation _settings;
    private readonly Rng _rng;

    public AugmentedDataset(Dataset source, ImageAugmentation settings, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (source.InputShape.Rank != 3 || source.InputDType != DType.Float32)
            throw ShapeException.Of("Augment", "images (channels, rows, columns) in Float32", $"inputs {source.InputShape} in {source.InputDType}");
        (_source, _settings) = (source, settings);
        _rng = new Rng(seed).Split("augment");
    }

    public override int Count => _source.Count;

    public override Shape InputShape => _source.InputShape;

    public override Shape TargetShape => _source.TargetShape;

    public override DType TargetDType => _source.TargetDType;

    public override Tensor? SampleWeights => _source.SampleWeights;

    public override Tensor? Lengths => _source.Lengths;

    public override bool IsSlow => true;

    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target) => Fill(0, samples, input, target);

    public override void Fill(int epoch, ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        _source.Fill(epoch, samples, input, target);
        var rng = _rng.Split((ulong)epoch);
        var size = InputShape.Count;
        var pixels = input.AsWritableSpan<float>();
        var scratch = ArrayPool<float>.Shared.Rent(size);
        for (var i = 0; i < samples.Length; i++)
            Change(pixels.Slice(i * size, size), scratch.AsSpan(0, size), rng.Split((ulong)samples[i]));
        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>Everything is drawn in one order, whatever is used, so that turning one setting on leaves the others' numbers as they were.</summary>
    private void Change(Span<float> image, Span<float> scratch, Rng rng)
    {
        var (height, width) = (InputShape[1], InputShape[2]);
        var flipsColumns = rng.NextDouble() < 0.5 && _settings.HorizontalFlip;
        var flipsRows = rng.NextDouble() < 0.5 && _settings.VerticalFlip;
        var rows = Whole(_settings.MaxShift);
        var columns = Whole(_settings.MaxShift);
        var angle = Symmetric(_settings.MaxRotation) * Math.PI / 180;
        var zoom = 1 + Symmetric(_settings.MaxZoom);
        var contrast = 1 + Symmetric(_settings.MaxContrast);
        var brightness = Symmetric(_settings.MaxBrightness);
        var (holeRow, holeColumn) = (rng.NextInt(height), rng.NextInt(width));

        if (_settings.ChangesGeometry)
        {
            image.CopyTo(scratch);
            var warp = new ImageWarp(height, width, _settings.Edge)
            {
                Rows = rows,
                Columns = columns,
                FlipsRows = flipsRows,
                FlipsColumns = flipsColumns,
            };
            if (_settings.Resamples)
                warp.Resample(scratch, image, angle, zoom);
            else
                warp.Move(scratch, image);
        }
        if (_settings.MaxContrast > 0 || _settings.MaxBrightness > 0)
            Adjust(image, (float)contrast, (float)brightness);
        if (_settings.Noise > 0)
        {
            rng.FillNormal(scratch, 0, _settings.Noise);
            TensorPrimitives.Add(image, scratch, image);
        }
        if (_settings.Cutout > 0)
            BlotOut(image, holeRow, holeColumn);

        double Symmetric(double most) => ((2 * rng.NextDouble()) - 1) * most;
        int Whole(int most) => rng.NextInt((2 * Math.Min(most, int.MaxValue / 4)) + 1) - Math.Min(most, int.MaxValue / 4);
    }

    private void Adjust(Span<float> image, float contrast, float brightness)
    {
        var plane = InputShape[1] * InputShape[2];
        for (var start = 0; start < image.Length; start += plane)
        {
            var channel = image.Slice(start, plane);
            // mean + contrast·(x − mean) + brightness
            var mean = TensorPrimitives.Average<float>(channel);
            TensorPrimitives.Multiply(channel, contrast, channel);
            TensorPrimitives.Add(channel, mean - (contrast * mean) + brightness, channel);
        }
    }

    private void BlotOut(Span<float> image, int row, int column)
    {
        var (height, width, side) = (InputShape[1], InputShape[2], _settings.Cutout);
        var (top, left) = (row - (side / 2), column - (side / 2));
        var (bottom, right) = ((int)Math.Min(height, (long)top + side), (int)Math.Min(width, (long)left + side));
        (top, left) = (Math.Max(top, 0), Math.Max(left, 0));
        for (var start = 0; start < image.Length; start += height * width)
        {
            var channel = image.Slice(start, height * width);
            var mean = TensorPrimitives.Average<float>(channel);
            for (var y = top; y < bottom; y++)
                channel[((y * width) + left)..((y * width) + right)].Fill(mean);
        }
    }
}
