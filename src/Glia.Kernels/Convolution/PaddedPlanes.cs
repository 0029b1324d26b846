using System.Runtime.InteropServices;

namespace Glia.Kernels;

/// <summary>
/// One axis of a padded copy: element i of phase f is source element i · Step + f + Shift, or 0 outside. With a phase per residue of the
/// stride, the elements that neighbouring windows meet at the same tap are neighbours too. At most <c>Windows</c> windows start on the axis.
/// </summary>
internal readonly record struct PaddedAxis(int Source, int Length, int Windows, int Step = 1, int Phases = 1, int Shift = 0)
{
    /// <summary>The input of a convolution, as its windows read it.</summary>
    public static PaddedAxis ForWindows(WindowAxis axis)
    {
        var reach = axis.Dilation * (axis.Kernel - 1) / axis.Stride;
        return new(axis.In, axis.Out + reach, axis.Out, axis.Stride, axis.Kernel == 1 ? 1 : axis.Stride, -axis.PadBefore);
    }

    /// <summary>Whether the copy would be the source itself.</summary>
    public bool IsSource => Step == 1 && Shift == 0 && Length == Source;

    /// <summary>Zeros that every row has at both ends, where no window starts.</summary>
    public int CommonMargin()
    {
        var margin = Math.Max(Length - Windows, 0);
        for (var phase = 0; phase < Phases; phase++)
        {
            Inside(phase, out var first, out var end);
            margin = Math.Min(margin, Math.Min(first, Length - end));
        }
        return margin;
    }

    /// <summary>The part [first, end) of a phase that lies inside the source.</summary>
    public void Inside(int phase, out int first, out int end)
    {
        var start = phase + Shift;
        if (Step == 1)
        {
            first = Math.Clamp(-start, 0, Length);
            end = Math.Clamp(Source - start, first, Length);
            return;
        }
        first = Math.Clamp(start >= 0 ? 0 : (-start + Step - 1) / Step, 0, Length);
        end = Math.Clamp(start >= Source ? 0 : (Source - start + Step - 1) / Step, first, Length);
    }
}

/// <summary>Planes (one per image and channel) copied with padding and split into phases; or the source itself where nothing is to be done.</summary>
internal unsafe struct PaddedPlanes<T>
    where T : unmanaged
{
    private const int LineBytes = 64;
    private const int SetBytes = 4096;
    private const int CacheBytes = 16 << 10;

    public PaddedAxis Depth, Height, Width;

    /// <summary>Channels of an image.</summary>
    public int Planes;

    public T* Source;
    public T* Data;

    public PaddedPlanes(PaddedAxis depth, PaddedAxis height, PaddedAxis width, int planes, T* source, bool copies = false)
    {
        Depth = depth;
        Height = height;
        Width = width;
        Planes = planes;
        Source = source;
        Data = source;
        IsSource = !copies && depth.IsSource && height.IsSource && width.IsSource;
        SourcePlane = (nint)depth.Source * height.Source * width.Source;
        // The zeros before a row serve as those after the row above, which leaves fewer positions without a window.
        var margin = width.CommonMargin();
        RowLength = width.Length - margin;
        PhaseStride = (nint)depth.Length * height.Length * RowLength + margin;
        PlaneStride = PhaseStride * depth.Phases * height.Phases * width.Phases;
        if (IsSource)
            return;
        // Planes start on cache lines; a multiple of the cache's set span apart they would fight for the same few.
        var line = LineBytes / sizeof(T);
        PlaneStride = (PlaneStride + line - 1) / line * line;
        if (PlaneStride * sizeof(T) % SetBytes == 0)
            PlaneStride += line;
    }

    public bool IsSource { get; }

    public nint SourcePlane { get; }

    /// <summary>From a row to the next.</summary>
    public int RowLength { get; }

    public nint PhaseStride { get; }

    public nint PlaneStride { get; }

    public readonly nint ImageStride => PlaneStride * Planes;

    /// <summary>Where a tap (phase and offset on each axis) of the first plane lies.</summary>
    public readonly nint Offset(int phaseD, int d, int phaseH, int h, int phaseW, int w)
    {
        var phase = ((nint)phaseD * Height.Phases + phaseH) * Width.Phases + phaseW;
        return phase * PhaseStride + ((nint)d * Height.Length + h) * RowLength + w;
    }

    /// <summary>How many neighbouring positions hold <paramref name="depth"/> × <paramref name="height"/> × <paramref name="width"/> windows.</summary>
    public readonly nint Span(int depth, int height, int width)
        => ((nint)(depth - 1) * Height.Length + height - 1) * RowLength + width;

    /// <summary>Copies <paramref name="count"/> planes from <paramref name="index"/> on (counted through all images from <paramref name="firstImage"/>).</summary>
    public readonly void Fill(int firstImage, int index, int count)
        => Fill(Source + ((nint)firstImage * Planes + index) * SourcePlane, Data + index * PlaneStride, count);

    /// <summary>Copies all planes of an image to the beginning of <see cref="Data"/>; the padding need not be cleared where it has been for another image.</summary>
    public readonly void FillImage(int image, bool clear)
        => Fill(Source + (nint)image * Planes * SourcePlane, Data, Planes, clear);

    /// <summary>An image as it lies in the source, or copied to <see cref="Data"/>, whose padding is cleared for the first.</summary>
    public readonly T* Image(int image, bool isFirst)
    {
        if (IsSource)
            return Source + image * ImageStride;
        FillImage(image, isFirst);
        return Data;
    }

    /// <summary>Copies neighbouring planes, and their padding unless it is there.</summary>
    public readonly void Fill(T* source, T* target, int count, bool clear = true)
    {
        // As many planes as the first-level cache holds go together: a call for each costs as much as a small plane.
        var group = (int)Math.Clamp(CacheBytes / (PlaneStride * sizeof(T)), 1, count);
        for (var plane = 0; plane < count; plane += group, source += group * SourcePlane, target += group * PlaneStride)
        {
            var planes = Math.Min(group, count - plane);
            if (clear)
                NativeMemory.Clear(target, (nuint)(planes * PlaneStride * sizeof(T)));
            var to = target;
            for (var d = 0; d < Depth.Phases; d++)
            {
                for (var h = 0; h < Height.Phases; h++)
                {
                    for (var w = 0; w < Width.Phases; w++, to += PhaseStride)
                        FillPhase(source, to, planes, d, h, w);
                }
            }
        }
    }

    private readonly void FillPhase(T* source, T* target, int planes, int phaseD, int phaseH, int phaseW)
    {
        Depth.Inside(phaseD, out var d0, out var d1);
        Height.Inside(phaseH, out var h0, out var h1);
        Width.Inside(phaseW, out var w0, out var w1);
        if (w0 == w1)
            return;
        source += (nint)(h0 * Height.Step + phaseH + Height.Shift) * Width.Source + (nint)w0 * Width.Step + phaseW + Width.Shift;
        target += (nint)h0 * RowLength + w0;
        for (var plane = 0; plane < planes; plane++, source += SourcePlane, target += PlaneStride)
        {
            for (var d = d0; d < d1; d++)
            {
                var from = source + (nint)(d * Depth.Step + phaseD + Depth.Shift) * Height.Source * Width.Source;
                CopyRows(from, target + (nint)d * Height.Length * RowLength, h1 - h0, w1 - w0);
            }
        }
    }

    private readonly void CopyRows(T* from, T* to, int rows, int count)
    {
        var step = (nint)Height.Step * Width.Source;
        if (Width.Step == 1)
        {
            ShortCopy.Rows(from, step, to, RowLength, rows, count);
            return;
        }
        for (; rows > 0; rows--, from += step, to += RowLength)
        {
            for (nint i = 0; i < count; i++)
                to[i] = from[i * Width.Step];
        }
    }
}
