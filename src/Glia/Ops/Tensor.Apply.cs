using System.Diagnostics.CodeAnalysis;
using Glia.Kernels;
using Glia.Ops;

namespace Glia;

public partial class Tensor
{
    internal static Tensor Apply<TOp>(Tensor x, TOp op)
        where TOp : struct, IUnaryOperation => new UnaryOperation<TOp>(op).Apply(Require(x));

    internal static Tensor Apply<TOp>(Tensor a, Tensor b, TOp op)
        where TOp : struct, IBinaryOperation => new BinaryOperation<TOp>(op).Apply(Require(a), Require(b));

    internal static Tensor Require([NotNull] Tensor? x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x;
    }
}
