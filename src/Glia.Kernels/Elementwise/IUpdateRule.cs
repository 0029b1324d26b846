namespace Glia.Kernels;

/// <summary>The formula of an optimiser's update of one parameter, its gradient and up to three numbers of state.</summary>
internal interface IUpdateRule
{
    /// <summary>How many states the formula may use, from the first on; a constant, so that loops pass over the others at no cost.</summary>
    static abstract int StateCount { get; }

    /// <summary>Changes a parameter and its states; to be inlined aggressively, else the loop calls it and takes two to three times as long.</summary>
    void Update<T>(ref T parameter, T gradient, ref T state1, ref T state2, ref T state3)
        where T : struct, IReal<T>;
}
