namespace Glia.Kernels;

/// <summary>The innermost product: one tile of C, held in registers, from a panel of A and a panel of B.</summary>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged
{
    /// <summary>Rows of a whole tile: numbers per step of a packed panel of A.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of a whole tile: numbers per step of a packed panel of B.</summary>
    static abstract int Columns { get; }

    /// <summary>C[rows, columns] = A·B (+ C) over <paramref name="k"/> steps; nothing of C outside the tile is touched.</summary>
    static abstract void Run(nint k, T* a, T* b, T* c, nint ldc, int rows, int columns, bool accumulate);
}
