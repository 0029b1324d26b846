namespace Glia.Kernels;

/// <summary>C[M, N] = A[M, K]·B[K, N] (+ C), with a stride for each axis of A and B so that transposes need no case of their own.</summary>
internal unsafe struct GemmProblem<T>
    where T : unmanaged
{
    public int M, N, K;
    public T* A, B, C;
    public nint ARow, AColumn, BRow, BColumn, CRow;
    public bool Accumulate;

    public readonly long Volume => (long)M * N * K;
}
