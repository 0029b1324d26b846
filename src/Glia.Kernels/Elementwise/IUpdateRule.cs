namespace Glia.Kernels;

/// <summary>The formula of an optimiser's update of one parameter, its gradient and up to three numbers of state.</summary>
internal interface IUpdateRule
{
    void Update<T>(ref T parameter, T gradient, ref T state1, ref T state2, ref T state3)
        where T : struct, IReal<T>;
}
