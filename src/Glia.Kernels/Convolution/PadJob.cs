namespace Glia.Kernels;

/// <summary>Copies planes with padding, several to a piece.</summary>
internal struct PadJob<T> : IParallelJob
    where T : unmanaged
{
    private const int PieceNumbers = 1 << 15;

    private PaddedPlanes<T> _planes;
    private int _firstImage, _count, _perPiece;

    /// <summary>Fills <see cref="PaddedPlanes{T}.Data"/> with <paramref name="images"/> images.</summary>
    public static void Fill(in PaddedPlanes<T> planes, int firstImage, int images)
    {
        var count = checked(images * planes.Planes);
        var job = new PadJob<T>
        {
            _planes = planes,
            _firstImage = firstImage,
            _count = count,
            _perPiece = (int)Math.Clamp(PieceNumbers / planes.PlaneStride, 1, count),
        };
        WorkerPool.For((count - 1) / job._perPiece + 1, ref job);
    }

    public readonly void Run(int index)
    {
        var first = index * _perPiece;
        _planes.Fill(_firstImage, first, Math.Min(_perPiece, _count - first));
    }
}
