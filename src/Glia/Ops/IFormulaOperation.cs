using Glia.Kernels;

namespace Glia.Ops;

/// <summary>An element-wise operation whose formula can be evaluated over any kind of number, such as one that writes down what is computed.</summary>
internal interface IFormulaOperation
{
    T Evaluate<T>(ReadOnlySpan<T> x)
        where T : struct, IReal<T>;
}
