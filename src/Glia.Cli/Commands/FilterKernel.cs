using System.Globalization;
using System.Numerics.Tensors;
using Glia.Data;

namespace Glia.Cli.Commands;

/// <summary>The kernel, or pair of kernels, that the user named or wrote.</summary>
/// <param name="Description">Name and size.</param>
/// <param name="Kernels">One; two of which the magnitude is taken.</param>
internal sealed record FilterKernel(string Description, IReadOnlyList<Tensor> Kernels)
{
    private const int LargestSize = 255;
    private const string BoxBlur = "box-blur";
    private const string GaussianBlur = "gaussian-blur";

    public static string[] Names { get; } = ["identity", BoxBlur, GaussianBlur, "laplacian", "sharpen", "sobel", "sobel-x", "sobel-y"];

    /// <summary>Whether even areas become 0, so that the values lie around 0 rather than between black and white.</summary>
    public bool IsZeroSum => Kernels is [var kernel]
        && Math.Abs(TensorPrimitives.Sum(kernel.AsSpan<float>())) < 1e-5f * TensorPrimitives.SumOfMagnitudes(kernel.AsSpan<float>());

    public static FilterKernel Of(FilterOptions options)
    {
        var name = options.Kernel.Trim().ToLowerInvariant();
        if (options.Size is { } size && (size % 2 == 0 || size > LargestSize))
            throw new UserException($"--size must be odd, 1, 3, 5, … up to {LargestSize}, but is '{size}'.");
        if (options.Size is not null && name is not (BoxBlur or GaussianBlur))
            throw new UserException($"--size is for {BoxBlur} and {GaussianBlur} only. Leave it out.");
        if (options.Sigma is not null && name != GaussianBlur)
            throw new UserException($"--sigma is for {GaussianBlur} only. Leave it out.");
        return name switch
        {
            "identity" => Named(ImageKernel.Identity),
            BoxBlur => Named(ImageKernel.BoxBlur(options.Size ?? 3)),
            GaussianBlur => Named(Gaussian(options)),
            "laplacian" => Named(ImageKernel.Laplacian),
            "sharpen" => Named(ImageKernel.Sharpen),
            "sobel" => new("sobel, √(Gx² + Gy²) of two kernels of 3×3", [ImageKernel.SobelX, ImageKernel.SobelY]),
            "sobel-x" => Named(ImageKernel.SobelX),
            "sobel-y" => Named(ImageKernel.SobelY),
            _ => Written(options.Kernel),
        };

        FilterKernel Named(Tensor kernel) => new(Describe(name, kernel), [kernel]);
    }

    public Tensor Apply(Tensor image, PadMode edge) => Kernels.Count == 1 ? image.Filter(Kernels[0], edge) : image.Sobel(edge);

    private static Tensor Gaussian(FilterOptions options)
    {
        // For a size alone, the deviation that fills it, as OpenCV has it.
        var sigma = options.Sigma ?? (options.Size is { } size ? (0.3 * (((size - 1) / 2.0) - 1)) + 0.8 : 1);
        if (options.Size is null && sigma > LargestSize / 6)
            throw new UserException(string.Create(CultureInfo.InvariantCulture, $"--sigma must be at most {LargestSize / 6} but is '{sigma}'. Make the picture smaller first, or give --size."));
        return ImageKernel.GaussianBlur(sigma, options.Size);
    }

    private static FilterKernel Written(string text)
    {
        if (text.Any(char.IsAsciiLetter) && !text.Contains(','))
            throw new UserException(ClosestName.Explain("kernel", "kernels", text, Names));
        Tensor kernel;
        try
        {
            kernel = ImageKernel.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UserException($"--kernel: {e.Message}", e);
        }
        if (Math.Max(kernel.Shape[0], kernel.Shape[1]) > LargestSize)
            throw new UserException($"--kernel: a kernel may have at most {LargestSize} rows and columns.");
        return new(Describe("a kernel of your own", kernel), [kernel]);
    }

    private static string Describe(string name, Tensor kernel) => $"{name}, {kernel.Shape[0]}×{kernel.Shape[1]}";
}
