namespace Glia.Data;

/// <summary>How a folder of images is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>The size that all images are brought to; null, the default, takes the most common one.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>1 for grey or 3 for colour; null, the default, takes grey if all image files are grey.</summary>
    public int? Channels { get; init; }
}
