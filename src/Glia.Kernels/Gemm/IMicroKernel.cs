namespace Glia.Kernels;

/// <summary>The innermost product: one tile of C, held in registers, from a panel of A and a panel of B.</summary>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged
{
    /// <summary>Rows of a whole tile: numbers per step of a packed panel of A.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of a whole tile: numbers per step of a packed panel of B.</summary>
    static abstract int Columns { get; }

    /// <summary>Up to so many columns of C in all, packing rows of A costs more than it saves; 0 where the kernel needs its panels.</summary>
    static abstract int ColumnsInPlace { get; }

    /// <summary>C[rows, columns] = A·B (+ C) over <paramref name="k"/> steps; nothing of C outside the tile is touched.</summary>
    static abstract void Run(nint k, T* a, T* b, T* c, nint ldc, int rows, int columns, bool accumulate);

    /// <summary>The same, where element (i, p) of A is <c>a[i * rowStride + p * stepStride]</c>.</summary>
    static abstract void RunInPlace(nint k, T* a, nint rowStride, nint stepStride, T* b, T* c, nint ldc, int rows, int columns, bool accumulate);

    /// <summary>The same for panels of A, where row p of B lies at <c>b + offsets[p]</c> instead of in a packed panel.</summary>
    static abstract void RunScattered(nint k, T* a, T* b, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate);
}

/// <summary>Marks, for the compiler, that the rows of B are equally far apart.</summary>
internal readonly struct EvenRows;

/// <summary>Marks, for the compiler, that each row of B has an offset of its own.</summary>
internal readonly struct ScatteredRows;
