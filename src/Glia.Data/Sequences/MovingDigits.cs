namespace Glia.Data;

/// <summary>
/// Generated videos: a handwritten digit moves over a small screen in one of eight directions and comes in again at the other side. The class is the
/// direction, which no single frame shows.
/// </summary>
public static class MovingDigits
{
    private const int DigitSize = 8;

    /// <summary>The classes: directions, as (rows, columns) per frame (0, 1), (−1, 1), (−1, 0), …, counter-clockwise.</summary>
    public static IReadOnlyList<string> Directions { get; } =
        ["right", "up-right", "up", "up-left", "left", "down-left", "down", "down-right"];

    /// <summary>Makes videos; video i is a function of the seed and i alone.</summary>
    /// <param name="count">The number of videos.</param>
    /// <param name="frames">T, at least 2.</param>
    /// <param name="size">Rows and columns of a frame, at least 8, the size of a digit.</param>
    /// <param name="noise">The standard deviation of the normal noise on every pixel; not negative.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Inputs (count, T, 1, size, size), digits from 0 to 1; targets (count,), indices into <see cref="Directions"/>.</returns>
    public static TensorDataset Create(int count, int frames = 8, int size = 16, double noise = 0.1, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, DigitSize);
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        var digits = BuiltInDatasets.LoadImages("digits");
        var digit = new float[DigitSize * DigitSize];
        var video = frames * size * size;
        var (inputs, targets) = (new float[(long)count * video], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var rng = new Rng(seed).Split("moving digits").Split((ulong)i);
            digits.Read(rng.NextInt(digits.Count), digit);
            var direction = rng.NextInt(Directions.Count);
            var angle = direction * Math.PI / 4;
            var (down, right) = (-Math.Sign(Math.Round(Math.Sin(angle), 6)), Math.Sign(Math.Round(Math.Cos(angle), 6)));
            var (row, column) = (rng.NextInt(size), rng.NextInt(size));
            var pixels = inputs.AsSpan(i * video, video);
            AddNoise(pixels, noise, rng);
            for (var t = 0; t < frames; t++)
                Draw(digit, pixels.Slice(t * size * size, size * size), size, row + (t * down), column + (t * right));
            targets[i] = direction;
        }
        return new TensorDataset(Tensor.From(inputs, new Shape(count, frames, 1, size, size)), Tensor.From(targets));
    }

    private static void AddNoise(Span<float> pixels, double noise, Rng rng)
    {
        if (noise > 0)
            Tensor.Normal(rng, pixels.Length, 0, noise).AsSpan<float>().CopyTo(pixels);
    }

    /// <summary>What leaves on one side comes in on the other.</summary>
    private static void Draw(ReadOnlySpan<float> digit, Span<float> frame, int size, int row, int column)
    {
        for (var r = 0; r < DigitSize; r++)
        {
            for (var c = 0; c < DigitSize; c++)
                frame[(Wrap(row + r, size) * size) + Wrap(column + c, size)] += digit[(r * DigitSize) + c];
        }
    }

    private static int Wrap(int place, int size) => ((place % size) + size) % size;
}
