namespace Glia.Data;

/// <summary>
/// Random changes of images that do not change what they show, so that a network sees each image in many forms (Shorten and Khoshgoftaar, <i>A
/// survey on image data augmentation for deep learning</i>, 2019). Every setting is off by default. For every image they are drawn anew, and
/// apply in this order: geometry (flips, shift, rotation and zoom in one resampling), contrast, brightness, noise, cutout.
/// </summary>
public sealed record ImageAugmentation
{
    /// <summary>Whether every second image, at random, is mirrored left to right; not for digits and letters. False by default.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Whether every second image, at random, is mirrored top to bottom. False by default.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>The most pixels by which an image is moved along each axis; whole numbers from −MaxShift to MaxShift, as in padding and cropping. 0 by default.</summary>
    public int MaxShift
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxShift));
            field = value;
        }
    }

    /// <summary>The largest angle, in degrees, by which an image is turned about its middle, either way; from 0 (the default) to 180.</summary>
    public double MaxRotation
    {
        get;
        init => field = Within(value, 0, 180, nameof(MaxRotation));
    }

    /// <summary>The largest change of size: images are enlarged by a factor from 1 − MaxZoom to 1 + MaxZoom. From 0 (the default) to 0.9.</summary>
    public double MaxZoom
    {
        get;
        init => field = Within(value, 0, 0.9, nameof(MaxZoom));
    }

    /// <summary>What comes in at the edges; by default the edge again and again, which suits images however they are normalised.</summary>
    public PadMode Edge { get; init; } = PadMode.Replicate;

    /// <summary>
    /// The largest change of contrast: the distance of every number from its channel's mean is multiplied by a factor from 1 − MaxContrast to
    /// 1 + MaxContrast, which keeps the mean. From 0 (the default) to 1.
    /// </summary>
    public double MaxContrast
    {
        get;
        init => field = Within(value, 0, 1, nameof(MaxContrast));
    }

    /// <summary>The largest number added to all of an image, or taken from it, in units of the inputs; 0 by default.</summary>
    public double MaxBrightness
    {
        get;
        init => field = Within(value, 0, float.MaxValue, nameof(MaxBrightness));
    }

    /// <summary>The standard deviation of the normal noise added to every number, in units of the inputs; 0 by default.</summary>
    public double Noise
    {
        get;
        init => field = Within(value, 0, float.MaxValue, nameof(Noise));
    }

    /// <summary>
    /// The side, in pixels, of a square that is blotted out by its channel's mean, around a pixel drawn at random (DeVries and Taylor 2017); 0, for
    /// none, by default.
    /// </summary>
    public int Cutout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Cutout));
            field = value;
        }
    }

    internal bool ChangesGeometry => HorizontalFlip || VerticalFlip || MaxShift > 0 || Resamples;

    /// <summary>Whether pixels come to lie between pixels.</summary>
    internal bool Resamples => MaxRotation > 0 || MaxZoom > 0;

    private static double Within(double value, double least, double most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must be from {least} to {most:G3}."));
}
