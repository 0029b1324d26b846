using System.Runtime.CompilerServices;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Where random numbers of nodes come from.</summary>
internal static class Chance
{
    private static readonly ConditionalWeakTable<Node, StrongBox<long>> Draws = [];

    /// <summary>
    /// By the seed where there is one: the same numbers at every run. Else in training by the step's, and in inference by the node and how often it has drawn, so that nodes and
    /// runs differ, and a model that is read anew draws the same. A recording cannot repeat the last, and is not made.
    /// </summary>
    public static Rng Generator(NodeCall c, ulong? seed)
    {
        if (seed is { } given)
            return new(given);
        var name = $"{c.Execution.Path}/{c.Node.Outputs.First(o => o.Length > 0)}";
        if (c.Context.IsTraining)
            return c.Context.RngFor(name);
        return new Rng(0).Split(name).Split((ulong)Interlocked.Increment(ref Draws.GetValue(c.Node, static _ => new()).Value));
    }
}
