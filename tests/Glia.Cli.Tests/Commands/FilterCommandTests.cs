using System.Text.Json;
using Glia.Data;

namespace Glia.Cli.Tests.Commands;

public sealed class FilterCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    public FilterCommandTests()
    {
        ImageFile.Save(_files["colour.png"], Tensor.From([.. Enumerable.Range(0, 3 * 6 * 8).Select(i => i * 53 % 256 / 255f)], (3, 6, 8)));
        ImageFile.Save(_files["grey.jpg"], Tensor.From([.. Enumerable.Range(0, 16 * 16).Select(i => i % 16 / 16f)], (16, 16)));
        ImageFile.Save(_files["dot.png"], Tensor.Ones((1, 1, 1)));
        _files.Write("text.png", "this is no image");
        _files.Write("cut.png", File.ReadAllBytes(_files["colour.png"])[..60]);
        Directory.CreateDirectory(_files["folder"]);
    }

    public void Dispose() => _files.Dispose();

    private CliResult Filter(string image, string kernel, params string[] more) =>
        Cli.Run(["filter", _files[image], "--kernel", kernel, "--out", _files["out.png"], .. more]);

    private float[] Result() => ImageFile.Load(_files["out.png"]).ToArray<float>();

    private Tensor Colour => ImageFile.Load(_files["colour.png"]);

    /// <summary>What a file of 8 bits makes of numbers.</summary>
    private static float[] Shown(Tensor image) => [.. image.ToArray<float>().Select(v => MathF.Floor((Math.Clamp(v, 0, 1) * 255) + 0.5f) / 255)];

    [Fact]
    public void Identity_OfPng_IsTheSamePicture()
    {
        Filter("colour.png", "identity").Success();
        Assert.Equal(Colour.ToArray<float>(), Result());
    }

    [Theory]
    [InlineData("box-blur")]
    [InlineData("gaussian-blur")]
    [InlineData("sharpen")]
    [InlineData("sobel")]
    [InlineData("laplacian")]
    [InlineData("SOBEL-X")]
    [InlineData("sobel-y")]
    [InlineData("-2,-1,0; -1,1,1; 0,1,2")]
    [InlineData("-1,-1,-1;-1,8,-1;-1,-1,-1")]
    public void Kernel_NamedOrWritten_IsThatOfTheLibrary(string kernel)
    {
        Filter("colour.png", kernel).Success();
        var expected = kernel.ToUpperInvariant() switch
        {
            "BOX-BLUR" => Colour.Filter(ImageKernel.BoxBlur()),
            "GAUSSIAN-BLUR" => Colour.Filter(ImageKernel.GaussianBlur()),
            "SHARPEN" => Colour.Filter(ImageKernel.Sharpen),
            "SOBEL" => Colour.Sobel(),
            "LAPLACIAN" => Colour.Filter(ImageKernel.Laplacian).Abs(),
            "SOBEL-X" => Colour.Filter(ImageKernel.SobelX).Abs(),
            "SOBEL-Y" => Colour.Filter(ImageKernel.SobelY).Abs(),
            var text => text.StartsWith("-1", StringComparison.Ordinal) ? Colour.Filter(ImageKernel.Parse(text)).Abs() : Colour.Filter(ImageKernel.Parse(text)),
        };
        Assert.Equal(Shown(expected), Result());
    }

    [Fact]
    public void Options_AreUsed()
    {
        Filter("colour.png", "gaussian-blur", "--sigma", "0.7", "--size", "5", "--edge", "zero").Success();
        Assert.Equal(Shown(Colour.Filter(ImageKernel.GaussianBlur(0.7, 5), PadMode.Constant)), Result());
        Filter("colour.png", "box-blur", "--size", "5", "--edge", "reflect").Success();
        Assert.Equal(Shown(Colour.Filter(ImageKernel.BoxBlur(5), PadMode.Reflect)), Result());
        Filter("colour.png", "sobel-x", "--signed").Success();
        Assert.Equal(Shown((Colour.Filter(ImageKernel.SobelX) * 0.5) + 0.5), Result());
        Filter("colour.png", "identity", "--grey").Success();
        Assert.Equal(ImageFile.Load(_files["colour.png"], channels: 1).ToArray<float>(), Result());
    }

    [Fact]
    public void Output_SaysWhatWasDone()
    {
        Assert.Equal(
            $"""
            {_files["colour.png"]}: 8×6 pixels, colour
            laplacian, 3×3; absolute values are shown
                     0        1        0
                     1       -4        1
                     0        1        0

            written to {_files["out.png"]}

            """,
            Filter("colour.png", "laplacian").Success());
        Assert.Contains("sobel, √(Gx² + Gy²) of two kernels of 3×3; 0 is shown as middle grey", Filter("colour.png", "sobel", "--signed").Success(), StringComparison.Ordinal);
        var json = JsonDocument.Parse(Filter("grey.jpg", "0,0.5,0.5", "--grey", "--json").Success()).RootElement;
        Assert.Equal((16, 16, 1), (json.GetProperty("width").GetInt32(), json.GetProperty("height").GetInt32(), json.GetProperty("channels").GetInt32()));
        Assert.Equal("[[[0,0.5,0.5]]]", JsonSerializer.Serialize(json.GetProperty("kernels")));
        Assert.Equal("clipped", json.GetProperty("shown").GetString());
    }

    [Fact]
    public void OnePixel_IsFiltered()
    {
        Filter("dot.png", "gaussian-blur", "--sigma", "5").Success();
        Assert.Equal([1f], Result());
    }

    [Fact]
    public void Jpeg_IsReadAndWritten()
    {
        Cli.Run("filter", _files["grey.jpg"], "-k", "identity", "-o", _files["out.jpg"]).Success();
        Assert.Equal([0xFF, 0xD8], File.ReadAllBytes(_files["out.jpg"])[..2]);
        Assert.Equal(0, (ImageFile.Load(_files["out.jpg"]) - ImageFile.Load(_files["grey.jpg"])).Abs().Max().Item(), 0.03);
    }

    /// <summary>Arguments and the one line that they cause; ~ is the folder of the files.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "~/missing.png -k sharpen -o ~/o.png", "There is no picture '~/missing.png'. Give a PNG, JPEG or BMP file." },
        { "~/folder -k sharpen -o ~/o.png", "'~/folder' is a folder. Give one picture: PNG, JPEG or BMP." },
        { "~/text.png -k sharpen -o ~/o.png", "~/text.png: this is not a PNG, JPEG or BMP image." },
        { "~/cut.png -k sharpen -o ~/o.png", "~/cut.png: the image is truncated; fetch the file again." },
        { "~/colour.png -k sharpen -o ~/o.gif", "--out must end in .png, .jpg or .jpeg but is '~/o.gif'." },
        { "~/colour.png -k sharpen -o ~/folder/../colour.png", "--out is the picture itself, '~/folder/../colour.png', which would be lost. Choose another name." },
        { "~/colour.png -k sharpen -o ~/no/o.png", "Cannot write '~/no/o.png': the folder '~/no' does not exist; create it first." },
        { "~/colour.png -k sharpen", "Option '--out' is required. Type 'glia filter --help' for help." },
        { "~/colour.png -o ~/o.png", "Option '--kernel' is required. Type 'glia filter --help' for help." },
        { "~/colour.png -k sharpn -o ~/o.png", "there is no kernel 'sharpn' (did you mean 'sharpen'?); the kernels are: identity, box-blur, gaussian-blur, laplacian, sharpen, sobel, sobel-x, sobel-y." },
        { "~/colour.png -k 1,2,3;4,5 -o ~/o.png", "--kernel: row 2 of the kernel has 2 numbers, but row 1 has 3; rows must be equally long." },
        { "~/colour.png -k 1,2;3,4 -o ~/o.png", "--kernel: the kernel has 2×2 numbers, but rows and columns must be odd in number, so that there is a middle; add a row or column of zeros." },
        { "~/colour.png -k box-blur --size 4 -o ~/o.png", "--size must be odd, 1, 3, 5, … up to 255, but is '4'." },
        { "~/colour.png -k box-blur --size 257 -o ~/o.png", "--size must be odd, 1, 3, 5, … up to 255, but is '257'." },
        { "~/colour.png -k sharpen --size 3 -o ~/o.png", "--size is for box-blur and gaussian-blur only. Leave it out." },
        { "~/colour.png -k box-blur --sigma 3 -o ~/o.png", "--sigma is for gaussian-blur only. Leave it out." },
        { "~/colour.png -k gaussian-blur --sigma 43 -o ~/o.png", "--sigma must be at most 42 but is '43'. Make the picture smaller first, or give --size." },
        { "~/colour.png -k gaussian-blur --sigma 0 -o ~/o.png", "--sigma must be a number above 0 but is '0'. Type 'glia filter --help' for help." },
        { "~/colour.png -k sharpen --edge wrap -o ~/o.png", "--edge must be replicate or reflect or zero but is 'wrap'. Type 'glia filter --help' for help." },
        { "~/dot.png -k sharpen --edge reflect -o ~/o.png", "~/dot.png: 1×1 pixels are too few to be mirrored for a kernel of 3×3. Leave out --edge, or choose a smaller kernel." },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void BadInput_IsExplainedInOneLineAndLeavesNothing(string commandLine, string expected)
    {
        string Expand(string text) => text.Replace("~", _files.Path, StringComparison.Ordinal);
        var before = _files.Snapshot();
        Cli.Run(["filter", .. Expand(commandLine).Split(' ')]).Fails("glia: " + Expand(expected));
        Assert.Equal(before, _files.Snapshot());
    }
}
