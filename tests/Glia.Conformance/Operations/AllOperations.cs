namespace Glia.Conformance.Operations;

/// <summary>Every operation that cases can be run for, from the tables of the groups.</summary>
internal static class AllOperations
{
    public static OperationTable Table { get; } = new()
    {
        Activations.Table,
        Arithmetic.Table,
        Clipping.Table,
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
}
