using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>One value in traces of several sizes of batch and sequence.</summary>
internal sealed class AlignedValue(TracedValue[] traced)
{
    public TracedValue First => traced[0];

    public IReadOnlyList<TracedValue> Traced => traced;

    public int Rank => First.Shape.Rank;

    public DType DType => First.DType;

    /// <summary>Its name in the graph, once it has one.</summary>
    public string? Name { get; set; }

    public bool IsConstant => First.Constant is not null && First.Name is null;

    /// <summary>The size of an axis in each trace.</summary>
    public int[] Size(int axis) => Array.ConvertAll(traced, t => t.Shape[axis]);

    /// <summary>Whether an axis has one size in all traces.</summary>
    public bool IsFixed(int axis) => IsSame(Size(axis));

    public bool IsFixed() => Enumerable.Range(0, Rank).All(IsFixed);

    /// <summary>Whether all numbers are the same one, in all traces; null when they are not.</summary>
    public double? Uniform()
    {
        double? uniform = null;
        foreach (var value in traced)
        {
            if (value.Constant is not { } constant)
                return null;
            for (var i = 0; i < constant.Count; i++)
            {
                var number = constant.GetFlat(i);
                if (uniform is not null && BitConverter.DoubleToInt64Bits(number) != BitConverter.DoubleToInt64Bits(uniform.Value))
                    return null;
                uniform = number;
            }
        }
        return uniform;
    }

    public static bool IsSame(int[] numbers) => Array.TrueForAll(numbers, n => n == numbers[0]);
}
