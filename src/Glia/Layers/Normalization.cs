using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// (x − mean) / std with fixed numbers, to bring inputs to a common scale; or, inverted, x·std + mean, to bring what a network computes back to the user's
/// units. The numbers are saved with the model and not trained. Written with <see cref="Glia.Network.Normalize(Tensor, int, string?)"/> and
/// <see cref="Glia.Network.Denormalize(Tensor, int, string?)"/>.
/// </summary>
public sealed class Normalization : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="mean">The mean, of a shape that repeats to that of a sample: (features,), or (channels, 1, 1) for images.</param>
    /// <param name="std">The standard deviation, of the same shape: finite numbers above 0.</param>
    /// <param name="isInverse">Whether the layer undoes the normalisation: x·std + mean; false by default.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">A number is not finite, or a deviation is not above 0.</exception>
    public Normalization(Tensor mean, Tensor std, bool isInverse = false)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Shape != std.Shape)
            throw ShapeException.Of(nameof(Normalization), "mean and std of one shape", $"{mean.Shape} and {std.Shape}");
        if (!mean.DType.IsFloatingPoint() || mean.DType != std.DType)
            throw new ArgumentException($"Normalization expects mean and std of one type, Float32 or Float64, but got {mean.DType} and {std.DType}.");
        for (var i = 0; i < mean.Count; i++)
        {
            if (!double.IsFinite(mean.GetFlat(i)) || !(std.GetFlat(i) > 0 && double.IsFinite(std.GetFlat(i))))
                throw new ArgumentException($"Normalization expects finite numbers, and deviations above 0, but number {i} has mean {mean.GetFlat(i)} and std {std.GetFlat(i)}.");
        }
        Mean = AddBuffer("mean", mean.Detach());
        Std = AddBuffer("std", std.Detach());
        IsInverse = isInverse;
    }

    /// <summary>The mean.</summary>
    public Tensor Mean { get; }

    /// <summary>The standard deviation.</summary>
    public Tensor Std { get; }

    /// <summary>Whether the layer computes x·std + mean.</summary>
    public bool IsInverse { get; }

    /// <summary>
    /// Learns mean and standard deviation (the biased one, 1 where all are equal) from samples, along one axis; over all others they are averaged.
    /// </summary>
    /// <param name="samples">Training samples, (count, …); never validation or test samples.</param>
    /// <param name="axis">The axis that keeps numbers of its own: the last by default, for features; 1 for the channels of images.</param>
    /// <param name="isInverse">Whether the layer undoes the normalisation; false by default.</param>
    /// <exception cref="ArgumentException">There is no sample, or a number is not finite.</exception>
    public static Normalization Fit(Tensor samples, int axis = -1, bool isInverse = false)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var kept = axis < 0 ? axis + samples.Rank : axis;
        if (samples.Count == 0 || kept < 1 || kept >= samples.Rank)
            throw ShapeException.Of(nameof(Normalization), "samples (count, …) and one of their axes from 1", $"{samples.Shape} and axis {axis}", "Reshape plain numbers to (count, 1).");
        var dtype = samples.DType == DType.Float64 ? DType.Float64 : DType.Float32;
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        var x = samples.Detach().To(DType.Float64);
        int[] averaged = [.. Enumerable.Range(0, samples.Rank).Where(a => a != kept)];
        var mean = x.Mean(averaged, keepDims: true);
        var std = x.Variance(averaged, keepDims: true).Sqrt();
        std = Tensor.Where(Tensor.Greater(std, Tensor.Zeros(std.Shape, DType.Float64)), std, Tensor.Ones(std.Shape, DType.Float64));
        // (features,), or (channels, 1, 1): without the axes in front.
        var shape = mean.Shape.From(kept);
        return new Normalization(mean.Reshape(shape).To(dtype), std.Reshape(shape).To(dtype), isInverse);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => Shape.TryBroadcast(input, Mean.Shape, out var result) && result == input
        ? input
        : throw ShapeException.Of(Describe(), $"samples to which {Mean.Shape} repeats", $"{input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        var (mean, std) = (Mean.To(input.DType), Std.To(input.DType));
        return IsInverse ? (input * std) + mean : (input - mean) / std;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("inverse", IsInverse);
        writer.WriteStartArray("shape");
        foreach (var size in Mean.Shape.Sizes)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        if (Mean.DType == DType.Float64)
            writer.WriteString(LayerConfig.DTypeName, nameof(DType.Float64));
    }

    /// <summary>With mean 0 and deviation 1, until a state is loaded.</summary>
    internal static Normalization Identity(Shape shape, bool isInverse, DType dtype) => new(Tensor.Zeros(shape, dtype), Tensor.Ones(shape, dtype), isInverse);
}
