namespace Glia.Data;

/// <summary>Fixed kernels moved over images, by the same convolution that layers use.</summary>
public static class ImageFilter
{
    /// <summary>
    /// Σᵢ Σⱼ image(y + i, x + j)·kernel(i, j) for every pixel, with i and j counted from the kernel's middle (cross-correlation: the kernel is not
    /// turned). Each channel is filtered by itself, and the size stays. Numbers may leave [0, 1].
    /// </summary>
    /// <param name="image">(…, rows, columns): channels, or a batch of images.</param>
    /// <param name="kernel">(rows, columns), both odd.</param>
    /// <param name="edge">What is beyond the edges; by default the edge again and again.</param>
    /// <exception cref="ShapeException">The image has fewer than two axes, or the kernel has other than two, or an even number of rows or columns.</exception>
    /// <exception cref="ArgumentException">The image is too small to be mirrored.</exception>
    public static Tensor Filter(this Tensor image, Tensor kernel, PadMode edge = PadMode.Replicate)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(kernel);
        if (image.Rank < 2)
            throw new ShapeException($"Filter expects an image (…, rows, columns) but got {image.Shape}.");
        if (kernel.Rank != 2 || kernel.Shape[0] % 2 == 0 || kernel.Shape[1] % 2 == 0)
            throw new ShapeException($"Filter expects a kernel (rows, columns), both odd, so that it has a middle, but got {kernel.Shape}. Put a row or column of zeros at its end.");
        var shape = image.Shape;
        var (rows, columns) = (kernel.Shape[0] / 2, kernel.Shape[1] / 2);
        // Channels become samples of one channel each.
        var planes = shape[-1] == 0 || shape[-2] == 0 ? 0 : shape.Count / shape[-1] / shape[-2];
        var padded = image.Reshape((planes, 1, shape[-2], shape[-1])).Pad(2, rows, rows, edge).Pad(3, columns, columns, edge);
        return Tensor.Conv2D(padded, kernel.To(image.DType).Reshape((1, 1, kernel.Shape[0], kernel.Shape[1]))).Reshape(shape);
    }

    /// <summary>
    /// How steep the image is at every pixel: √(Gx² + Gy²), with Gx and Gy from <see cref="ImageKernel.SobelX"/> and <see cref="ImageKernel.SobelY"/>.
    /// </summary>
    /// <param name="image">(…, rows, columns).</param>
    /// <param name="edge">What is beyond the edges; by default the edge again and again.</param>
    /// <exception cref="ShapeException">The image has fewer than two axes.</exception>
    /// <exception cref="ArgumentException">The image is too small to be mirrored.</exception>
    public static Tensor Sobel(this Tensor image, PadMode edge = PadMode.Replicate) =>
        (image.Filter(ImageKernel.SobelX, edge).Square() + image.Filter(ImageKernel.SobelY, edge).Square()).Sqrt();
}
