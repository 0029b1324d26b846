namespace Glia.Interchange.Onnx.Graphs;

/// <summary>What flows between nodes: a tensor, and the element type that ONNX knows it by, which may be narrower than what holds it.</summary>
/// <param name="Tensor">The numbers.</param>
/// <param name="Type">The element type.</param>
internal sealed record Value(Tensor Tensor, OnnxElementType Type)
{
    /// <summary>Whether the numbers depend on nothing but constants and the shapes of the inputs, so that a recorded run may take them as they are.</summary>
    public bool IsKnown { get; init; }

    public Shape Shape => Tensor.Shape;

    public static Value Of(Tensor tensor) => new(tensor, ElementTypes.Of(tensor.DType));
}
