using System.Numerics.Tensors;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Diagnostics;

/// <summary>Measures a <see cref="ModelProfile"/> without changing the model.</summary>
internal static class ModelProfiler
{
    private const int OneBatchSteps = 200;
    private const int OneBatchSamples = 16;

    public static ModelProfile Measure(Module model, Loss loss, Batch batch, bool triesOneBatch)
    {
        // Layers that go on from the state of the batch before find it as it was.
        var states = StatefulLayers.Of(model).Select(l => (Layer: l, l.KeptState)).ToList();
        var profile = MeasureFromZeros(model, loss, batch, triesOneBatch);
        foreach (var (layer, state) in states)
            layer.KeptState = state;
        return profile;
    }

    private static ModelProfile MeasureFromZeros(Module model, Loss loss, Batch batch, bool triesOneBatch)
    {
        var oneBatch = triesOneBatch ? TryOneBatch(model, loss, batch) : null;
        using var scope = new TensorScope();
        using var noGrad = Gradients.NoGrad();
        var outputs = new LayerOutputs();
        model.ResetState();
        var prediction = model.Forward(batch.Input, Context(batch, outputs));
        model.ResetState();
        var values = prediction.To(DType.Float32).AsSpan<float>();
        var spreads = Spreads(outputs);
        return new ModelProfile
        {
            Parameters = model.ParameterCount,
            Layers = [.. LayerRoles.Leaves(model).Select(l => Describe(l.Module, spreads) with { IsInChain = l.IsInChain })],
            Outputs = prediction.Shape[^1],
            OutputMin = TensorPrimitives.Min(values),
            OutputMax = TensorPrimitives.Max(values),
            GivesDistributions = AreDistributions(values, prediction.Shape[^1]),
            InitialLoss = LossOf(loss, prediction, batch),
            OneBatchLoss = oneBatch,
        };
    }

    public static ForwardContext Context(Batch batch, LayerOutputs outputs)
    {
        var context = ForwardContext.Inference.WithOutputs(outputs);
        return batch.Lengths is null ? context : context.WithLengths(batch.Lengths);
    }

    private static Dictionary<string, double> Spreads(LayerOutputs outputs) => outputs
        .Where(o => o.Output.DType is DType.Float32 or DType.Float64)
        .ToDictionary(o => o.Name, o => DataProfiler.StdDev(o.Output.To(DType.Float32).AsSpan<float>()), StringComparer.Ordinal);

    private static LayerProfile Describe(Module layer, Dictionary<string, double> spreads) => new(layer.Path, layer.GetType().Name, LayerRoles.Of(layer), layer.ParameterCount)
    {
        Frozen = layer.Parameters.Where(p => !p.IsTrainable).Sum(p => (long)p.Count),
        HasEqualWeights = layer.Parameters.Any(p => p is { Rank: >= 2, Count: > 3 } && AreEqual(p)),
        OutputStd = spreads.GetValueOrDefault(layer.Path, double.NaN),
    };

    private static bool AreEqual(Tensor weight)
    {
        var values = weight.To(DType.Float32).AsSpan<float>();
        return !values.ContainsAnyExcept(values[0]);
    }

    private static bool AreDistributions(ReadOnlySpan<float> values, int size)
    {
        if (size < 2 || TensorPrimitives.Min(values) < 0)
            return false;
        for (var start = 0; start < values.Length; start += size)
        {
            if (!(Math.Abs(TensorPrimitives.Sum(values.Slice(start, size)) - 1) < 1e-3))
                return false;
        }
        return true;
    }

    /// <summary>The data may not fit the loss: that is another finding.</summary>
    private static double LossOf(Loss loss, Tensor prediction, Batch batch)
    {
        try
        {
            return loss.ComputeWithWeight(prediction, batch.Target, batch.SampleWeights).Loss.Item();
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return double.NaN;
        }
    }

    /// <summary>Trains on a few samples alone; the weights are put back.</summary>
    private static double? TryOneBatch(Module model, Loss loss, Batch batch)
    {
        var before = new TrainingSnapshot(model);
        var rows = Math.Min(OneBatchSamples, batch.Size);
        var (input, target) = (batch.Input.Slice(0, 0, rows), batch.Target.Slice(0, 0, rows));
        try
        {
            if (batch.Lengths is not null || !model.Parameters.Any(p => p.IsTrainable))
                return null;
            var step = new TrainingStep(model, loss, new Adam(3e-3));
            double first = double.NaN, last = double.NaN;
            for (var i = 0; i < OneBatchSteps; i++)
            {
                last = step.Run(input, target);
                first = i == 0 ? last : first;
            }
            return first == 0 ? 0 : last / first;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
        finally
        {
            before.Restore();
            model.ZeroGrad();
        }
    }
}
