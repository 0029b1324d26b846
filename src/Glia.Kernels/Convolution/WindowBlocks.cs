namespace Glia.Kernels;

/// <summary>
/// The positions of a lattice of windows cut into blocks: several images, or some rows (planes, where there is depth) of one. A block's
/// input is copied with its padding, in a thread's own memory, unless no padding is needed.
/// </summary>
internal readonly unsafe struct WindowBlocks<T>
    where T : unmanaged
{
    private readonly PaddedPlanes<T> _all, _local;
    private readonly int _batch, _strideD, _strideH, _strideW;
    private readonly bool _alongDepth;

    /// <param name="all">The planes with their padding, in one phase.</param>
    /// <param name="channels">How many channels are read at a time.</param>
    /// <param name="batch">Images.</param>
    /// <param name="counts">Positions along each axis.</param>
    /// <param name="strides">From a position to the next.</param>
    /// <param name="most">About how many positions a block should have.</param>
    /// <param name="isWhole">Whether an image is not to be cut.</param>
    public WindowBlocks(
        in PaddedPlanes<T> all, int channels, int batch, (int D, int H, int W) counts, (int D, int H, int W) strides, long most, bool isWhole = false)
    {
        _all = all;
        _batch = batch;
        (CountD, CountH, CountW) = counts;
        (_strideD, _strideH, _strideW) = strides;
        _alongDepth = CountD > 1;
        Outer = _alongDepth ? CountD : CountH;
        Inner = _alongDepth ? checked(CountH * CountW) : CountW;
        Images = (int)Math.Clamp(most / ImagePositions, 1, Math.Max(batch, 1));
        var pieces = isWhole || ImagePositions <= most + most / 2 ? 1 : (int)Math.Clamp((ImagePositions + most - 1) / most, 1, Outer);
        OuterPerBlock = (Outer - 1) / pieces + 1;
        BlocksPerImage = (Outer - 1) / OuterPerBlock + 1;
        _local = all;
        if (all.IsSource)
            return;
        var (depth, height) = (all.Depth, all.Height);
        if (_alongDepth)
            depth = depth with { Length = depth.Length - (Outer - OuterPerBlock) * _strideD };
        else
            height = height with { Length = height.Length - (Outer - OuterPerBlock) * _strideH };
        _local = new(depth, height, all.Width, channels, all.Source, copies: true);
    }

    /// <summary>The memory that a block is read from.</summary>
    public PaddedPlanes<T> Local => _local;

    public int CountD { get; }

    public int CountH { get; }

    public int CountW { get; }

    /// <summary>Positions along the axis that is cut, and positions for each of these.</summary>
    public int Outer { get; }

    public int Inner { get; }

    public int Images { get; }

    public int OuterPerBlock { get; }

    public int BlocksPerImage { get; }

    public long ImagePositions => Outer * (long)Inner;

    public int Blocks => BlocksPerImage == 1 ? (_batch - 1) / Images + 1 : checked(_batch * BlocksPerImage);

    /// <summary>Positions of the largest block.</summary>
    public int Positions => checked(Images * OuterPerBlock * Inner);

    /// <summary>Channels of one group.</summary>
    public int ChannelsOf(int groups) => _all.Planes / groups;

    public int FirstImage(int block) => BlocksPerImage == 1 ? block * Images : block / BlocksPerImage;

    public int ImagesIn(int block) => BlocksPerImage == 1 ? Math.Min(Images, _batch - block * Images) : 1;

    public int FirstOuter(int block) => block % BlocksPerImage * OuterPerBlock;

    public int OuterIn(int block) => Math.Min(OuterPerBlock, Outer - FirstOuter(block));

    /// <summary>Where the windows of a block begin, in the order of the output; the same for all blocks.</summary>
    public void FillPositions(nint* positions)
    {
        var (countD, countH) = _alongDepth ? (OuterPerBlock, CountH) : (1, OuterPerBlock);
        for (var image = 0; image < Images; image++)
        {
            for (var d = 0; d < countD; d++)
            {
                for (var h = 0; h < countH; h++)
                {
                    var row = image * _local.ImageStride + _local.Offset(0, d * _strideD, 0, h * _strideH, 0, 0);
                    for (var w = 0; w < CountW; w++)
                        *positions++ = row + (nint)w * _strideW;
                }
            }
        }
    }

    /// <summary>The memory of a block for some neighbouring channels, beginning with the first of them; good until the thread's next call.</summary>
    public T* Read(int block, int firstChannel, int channels)
    {
        var (image, outer) = (FirstImage(block), FirstOuter(block));
        var (d, h) = _alongDepth ? (outer * _strideD, 0) : (0, outer * _strideH);
        if (_all.IsSource)
            return _all.Source + image * _all.ImageStride + firstChannel * _all.PlaneStride + _all.Offset(0, d, 0, h, 0, 0);
        var planes = _local;
        planes.Depth = planes.Depth with { Shift = planes.Depth.Shift + d };
        planes.Height = planes.Height with { Shift = planes.Height.Shift + h };
        var data = Scratch.Get<T>(Scratch.Slot.Block, Images * (long)_local.ImageStride);
        for (var i = 0; i < ImagesIn(block); i++)
        {
            var source = _all.Source + ((nint)(image + i) * _all.Planes + firstChannel) * _all.SourcePlane;
            planes.Fill(source, data + i * _local.ImageStride, channels);
        }
        return data;
    }
}
