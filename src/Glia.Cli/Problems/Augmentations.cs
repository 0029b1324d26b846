using System.Globalization;
using Glia.Cli.Commands;
using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>What the values of --augment mean for images of a size.</summary>
internal static class Augmentations
{
    /// <summary>The settings asked for; null for none.</summary>
    public static ImageAugmentation? For(Problem problem, TrainOptions options)
    {
        if (options.Augment == AugmentKind.None)
            return null;
        if (problem.Kind != ProblemKind.Images)
            throw new UserException($"{options.Data}: --augment changes images, but {Families.ThisIs(problem.Kind)}. Leave it out.");
        var input = problem.Train.InputShape;
        var side = Math.Min(input[1], input[2]);
        // Inputs are standardised, so that 1 is the contrast of a whole data set.
        return options.Augment == AugmentKind.Strong
            ? new() { MaxShift = Share(8), MaxRotation = 15, MaxZoom = 0.15, MaxContrast = 0.3, MaxBrightness = 0.3, Cutout = Share(4) }
            : new() { MaxShift = Share(14), MaxRotation = 8, MaxZoom = 0.08, HorizontalFlip = options.Augment == AugmentKind.Flip };

        int Share(int parts) => Math.Max(1, (int)Math.Round((double)side / parts));
    }

    public static string Describe(ImageAugmentation a)
    {
        var mirrored = a.HorizontalFlip ? ", half of them mirrored left to right" : "";
        var more = a.Cutout > 0 ? $"; contrast and brightness vary, and a square of {a.Cutout}×{a.Cutout} pixels is blotted out" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"training images are moved by up to {a.MaxShift} pixel{(a.MaxShift == 1 ? "" : "s")}, turned by up to {a.MaxRotation}° and zoomed by up to {100 * a.MaxZoom:F0} %{mirrored}{more}");
    }
}
