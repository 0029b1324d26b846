using System.Globalization;

namespace Glia.Data;

/// <summary>Fixed kernels of image processing, (rows, columns) in Float32, for <see cref="ImageFilter.Filter"/>.</summary>
public static class ImageKernel
{
    /// <summary>Leaves the image as it is: 1 in the middle of 3×3.</summary>
    public static Tensor Identity => Of(new[,] { { 0f, 0, 0 }, { 0, 1, 0 }, { 0, 0, 0 } });

    /// <summary>The second derivatives, ∂²/∂x² + ∂²/∂y²: 0 on even areas, positive and negative at edges. (0 1 0; 1 −4 1; 0 1 0).</summary>
    public static Tensor Laplacian => Of(new[,] { { 0f, 1, 0 }, { 1, -4, 1 }, { 0, 1, 0 } });

    /// <summary>The image less its Laplacian, which lifts edges: (0 −1 0; −1 5 −1; 0 −1 0).</summary>
    public static Tensor Sharpen => Of(new[,] { { 0f, -1, 0 }, { -1, 5, -1 }, { 0, -1, 0 } });

    /// <summary>
    /// Brightness rising to the right, so edges that stand: (−1 0 1; −2 0 2; −1 0 1), 8 times the derivative (Sobel and Feldman 1968).
    /// </summary>
    public static Tensor SobelX => Of(new[,] { { -1f, 0, 1 }, { -2, 0, 2 }, { -1, 0, 1 } });

    /// <summary>Brightness rising downwards, so edges that lie: (−1 −2 −1; 0 0 0; 1 2 1), 8 times the derivative.</summary>
    public static Tensor SobelY => Of(new[,] { { -1f, -2, -1 }, { 0, 0, 0 }, { 1, 2, 1 } });

    /// <summary>The mean of size × size pixels.</summary>
    /// <param name="size">Rows and columns: 1, 3, 5, …; 3 by default.</param>
    /// <exception cref="ArgumentException">The size is even or not positive.</exception>
    public static Tensor BoxBlur(int size = 3)
    {
        RequireOdd(size);
        return Tensor.Full((size, size), 1.0 / ((double)size * size));
    }

    /// <summary>A mean in which near pixels count more: in proportion to exp(−(i² + j²) / 2σ²), i rows and j columns from the middle.</summary>
    /// <param name="sigma">σ, in pixels; 1 by default.</param>
    /// <param name="size">Rows and columns: 1, 3, 5, …; by default 2·⌈3σ⌉ + 1, beyond which next to nothing is left.</param>
    /// <exception cref="ArgumentException">σ is not positive and finite, or the size is even or not positive.</exception>
    public static Tensor GaussianBlur(double sigma = 1, int? size = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        if (!double.IsFinite(sigma))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "sigma must be finite.");
        var length = size ?? (2 * (int)Math.Ceiling(Math.Min(3 * sigma, int.MaxValue / 4))) + 1;
        RequireOdd(length);
        var weights = new double[length];
        for (var i = 0; i < length; i++)
            weights[i] = Math.Exp(-Math.Pow((i - (length / 2)) / sigma, 2) / 2);
        var sum = weights.Sum();
        var kernel = new float[length, length];
        for (var i = 0; i < length; i++)
        {
            for (var j = 0; j < length; j++)
                kernel[i, j] = (float)(weights[i] / sum * (weights[j] / sum));
        }
        return Of(kernel);
    }

    /// <summary>Reads a kernel from text: numbers separated by commas, rows by semicolons, such as "0,-1,0; -1,5,-1; 0,-1,0".</summary>
    /// <exception cref="FormatException">Something is no number, rows differ in length, or their number or length is even.</exception>
    public static Tensor Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[][] rows = [.. text.Split(';').Select(row => row.Split(',', StringSplitOptions.TrimEntries))];
        var (height, width) = (rows.Length, rows[0].Length);
        for (var i = 1; i < height; i++)
        {
            if (rows[i].Length != width)
                throw new FormatException($"row {i + 1} of the kernel has {Numbers(rows[i].Length)}, but row 1 has {width}; rows must be equally long.");
        }
        var kernel = new float[height, width];
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < width; j++)
            {
                if (!float.TryParse(rows[i][j], NumberStyles.Float, CultureInfo.InvariantCulture, out kernel[i, j]) || !float.IsFinite(kernel[i, j]))
                    throw new FormatException($"'{rows[i][j]}' in row {i + 1} of the kernel is no number; numbers are separated by commas and rows by semicolons, such as \"0,-1,0; -1,5,-1; 0,-1,0\".");
            }
        }
        if (height % 2 == 0 || width % 2 == 0)
            throw new FormatException($"the kernel has {height}×{width} numbers, but rows and columns must be odd in number, so that there is a middle; add a row or column of zeros.");
        return Of(kernel);

        static string Numbers(int count) => count == 1 ? "1 number" : $"{count} numbers";
    }

    private static Tensor Of(float[,] kernel) => Tensor.From(kernel);

    private static void RequireOdd(int size)
    {
        if (size < 1 || size % 2 == 0)
            throw new ArgumentException($"A kernel's size must be odd, 1, 3, 5, …, so that it has a middle, but is {size}.", nameof(size));
    }
}
