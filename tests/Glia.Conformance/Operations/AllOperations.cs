using System.Text.RegularExpressions;

namespace Glia.Conformance.Operations;

/// <summary>Every operation that cases can be run for, from the tables of the groups.</summary>
internal static partial class AllOperations
{
    public static OperationTable Table { get; } = new()
    {
        Activations.Table,
        Arithmetic.Table,
        Attention.Table,
        Clipping.Table,
        ConvolutionalRecurrent.Table,
        Convolutions.Table,
        ForwardModes.Table,
        Initializers.Table,
        Losses.Table,
        Models.Table,
        Normalizations.Table,
        Optimizers.Table,
        Pooling.Table,
        Products.Table,
        Recurrent.Table,
        Reductions.Table,
        Schedules.Table,
        SecondOrder.Table,
        Shapes.Table,
    };

    /// <summary>The function that runs a case: by its row, else by the family that its name belongs to, such as <c>double_backward_</c> of any function.</summary>
    public static Func<ConformanceCase, Results>? Find(string operation)
    {
        if (Table.TryGetValue(operation, out var row))
            return row;
        return operation switch
        {
            _ when operation.StartsWith("double_backward_", StringComparison.Ordinal) => SecondOrder.DifferentiateTwice,
            _ when operation.StartsWith("gradient_penalty_", StringComparison.Ordinal) => SecondOrder.PenalizeGradient,
            _ when operation.StartsWith("hessian_", StringComparison.Ordinal) => SecondOrder.Hessian,
            _ when operation.StartsWith("hvp_", StringComparison.Ordinal) => SecondOrder.HessianVectorProduct,
            _ when operation.StartsWith("jvp_", StringComparison.Ordinal) => ForwardModes.JacobianVectorProduct,
            _ when operation.StartsWith("train_", StringComparison.Ordinal) => Models.Train,
            _ when Norms().IsMatch(operation) => c => Differentiation.Of(c, new Outputs { ["y"] = Reductions.Norm(c) }),
            _ => null,
        };
    }

    [GeneratedRegex(@"^norm_?(inf|\d+(\.\d+)?)$")]
    private static partial Regex Norms();
}
