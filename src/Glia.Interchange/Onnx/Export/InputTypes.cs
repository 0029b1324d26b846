using Glia.Layers;

namespace Glia.Interchange.Onnx.Export;

/// <summary>What a module takes that does not say so.</summary>
internal static class InputTypes
{
    /// <summary>The type of the parameters, or whole numbers where the module asks for them.</summary>
    public static DType Of(Module module, Shape sample)
    {
        var dtype = module.Parameters.Any(p => p.DType == DType.Float64) ? DType.Float64 : DType.Float32;
        try
        {
            module.Predict(Tensor.Zeros(sample.Prepend(1), dtype));
            return dtype;
        }
        catch (ArgumentException floating) when (floating is not ShapeException)
        {
            try
            {
                module.Predict(Tensor.Zeros(sample.Prepend(1), DType.Int64));
                return DType.Int64;
            }
            catch (ArgumentException)
            {
                return dtype;
            }
        }
        catch (Exception e) when (e is ShapeException or InvalidOperationException or NotSupportedException)
        {
            return dtype;
        }
    }

    /// <summary>Whether the first axis of a sample is time, or has the place of time: (time, features), symbols, or the images of a film.</summary>
    public static bool MayBeSequence(Module module, Shape sample, DType dtype) => module is SequentialNetwork network
        ? network.HasFreeTime
        : sample.Rank == 2 || (sample.Rank == 1 && !dtype.IsFloatingPoint()) || module is ConvLstm or TimeDistributed;
}
