using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Data;

namespace Glia.Cli.Commands;

/// <summary><c>glia filter</c>: a fixed kernel moved over a picture.</summary>
internal static class FilterCommand
{
    /// <summary>Kernels beyond this size are not printed.</summary>
    private const int MostPrinted = 9;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var image = new Argument<string>("image") { Description = "A picture: PNG, JPEG or BMP." };
        var kernel = new Option<string>("--kernel", "-k")
        {
            Description = $"What to do: {string.Join(", ", FilterKernel.Names)}; or a kernel of your own, such as \"0,-1,0; -1,5,-1; 0,-1,0\".",
            HelpName = "name|numbers",
            Required = true,
        };
        var size = CommonOptions.Number("--size", null, "Rows and columns of box-blur (3 by default) and gaussian-blur (6 sigma and one); odd.", "n", 1);
        var sigma = CommonOptions.Number("--sigma", null, "The width of gaussian-blur in pixels; 1 by default, or what fits --size.", "pixels", 0.0, isAbove: true);
        var edge = CommonOptions.Choice<FilterEdge>("--edge", "What is beyond the edges: the edge again and again (by default), the picture mirrored, or zeros.");
        var grey = new Option<bool>("--grey") { Description = "Make the picture grey first; otherwise each colour is filtered by itself." };
        var signed = new Option<bool>("--signed") { Description = "Show 0 as middle grey, negative values darker and positive ones brighter, at half the contrast." };
        var file = new Option<string>("--out", "-o") { Description = "The picture to write: .png, .jpg or .jpeg.", HelpName = "file", Required = true };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "filter",
            "Move a fixed kernel over a picture, as a convolutional layer does with kernels that it learns. Values are cut off to black and white; "
            + "of kernels whose numbers sum to 0, such as laplacian and sobel-x, the absolute value is shown.",
            """
              glia filter photo.png --kernel gaussian-blur --sigma 3 --out blurred.png
              glia filter photo.jpg --kernel sobel --grey --out edges.png
              glia filter photo.png --kernel "-2,-1,0; -1,1,1; 0,1,2" --out embossed.jpg
            """)
        { image, kernel, size, sigma, edge, grey, signed, file, json };
        command.SetAction(parsed => Run(
            new FilterOptions
            {
                Image = parsed.GetRequiredValue(image),
                Kernel = parsed.GetRequiredValue(kernel),
                Size = parsed.GetValue(size),
                Sigma = parsed.GetValue(sigma),
                Edge = parsed.GetValue(edge) ?? FilterEdge.Replicate,
                Grey = parsed.GetValue(grey),
                Signed = parsed.GetValue(signed),
                Out = parsed.GetRequiredValue(file),
            },
            new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(FilterOptions options, Terminal terminal)
    {
        var filter = FilterKernel.Of(options);
        RequirePaths(options);
        var image = ImageFile.Load(options.Image, options.Grey ? 1 : null);
        RequireSizeToMirror(options, image, filter);
        var result = filter.Apply(image, options.Edge switch
        {
            FilterEdge.Reflect => PadMode.Reflect,
            FilterEdge.Zero => PadMode.Constant,
            _ => PadMode.Replicate,
        });
        var shown = options.Signed ? "signed" : filter.IsZeroSum ? "absolute" : "clipped";
        ImageFile.Save(options.Out, options.Signed ? (result * 0.5) + 0.5 : filter.IsZeroSum ? result.Abs() : result);

        var (channels, height, width) = (image.Shape[0], image.Shape[1], image.Shape[2]);
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject
            {
                ["image"] = options.Image,
                ["width"] = width,
                ["height"] = height,
                ["channels"] = channels,
                ["kernels"] = new JsonArray([.. filter.Kernels.Select(ToJson)]),
                ["shown"] = shown,
                ["out"] = options.Out,
            }));
            return ExitCode.Success;
        }
        terminal.Line($"{options.Image}: {width}×{height} pixels, {(channels == 1 ? "grey" : "colour")}");
        terminal.Line($"{filter.Description}{(shown == "clipped" ? "" : shown == "signed" ? "; 0 is shown as middle grey" : "; absolute values are shown")}");
        foreach (var kernel in filter.Kernels.Where(k => Math.Max(k.Shape[0], k.Shape[1]) <= MostPrinted))
            Print(terminal, kernel);
        terminal.Line($"written to {options.Out}");
        return ExitCode.Success;
    }

    private static void RequirePaths(FilterOptions options)
    {
        if (Directory.Exists(options.Image))
            throw new UserException($"'{options.Image}' is a folder. Give one picture: PNG, JPEG or BMP.");
        if (!File.Exists(options.Image))
            throw new UserException($"There is no picture '{options.Image}'. Give a PNG, JPEG or BMP file.");
        if (!ImageEncoder.HasKnownExtension(options.Out))
            throw new UserException($"--out must end in .png, .jpg or .jpeg but is '{options.Out}'.");
        if (Path.GetFullPath(options.Image) == Path.GetFullPath(options.Out))
            throw new UserException($"--out is the picture itself, '{options.Out}', which would be lost. Choose another name.");
    }

    private static void RequireSizeToMirror(FilterOptions options, Tensor image, FilterKernel filter)
    {
        var kernel = filter.Kernels[0].Shape;
        if (options.Edge == FilterEdge.Reflect && (kernel[0] / 2 >= image.Shape[1] || kernel[1] / 2 >= image.Shape[2]))
        {
            throw new UserException(
                $"{options.Image}: {image.Shape[2]}×{image.Shape[1]} pixels are too few to be mirrored for a kernel of {kernel[0]}×{kernel[1]}. Leave out --edge, or choose a smaller kernel.");
        }
    }

    private static void Print(Terminal terminal, Tensor kernel)
    {
        var isWhole = kernel.AsSpan<float>().ToArray().All(float.IsInteger);
        for (var i = 0; i < kernel.Shape[0]; i++)
            terminal.Line("  " + string.Join(' ', Enumerable.Range(0, kernel.Shape[1]).Select(j => kernel[i, j].ToString(isWhole ? "G6" : "F4", CultureInfo.InvariantCulture).PadLeft(8))));
        terminal.Line();
    }

    private static JsonArray ToJson(Tensor kernel) => new([.. Enumerable.Range(0, kernel.Shape[0]).Select(i =>
        new JsonArray([.. Enumerable.Range(0, kernel.Shape[1]).Select(j => JsonValue.Create((float)kernel[i, j]))]))]);
}
