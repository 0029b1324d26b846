using Glia.Layers;
using Microsoft.ML.OnnxRuntime;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>Exports a module and holds what ONNX Runtime, and Glia's own reader, compute from the file against the module.</summary>
internal static class ExportCheck
{
    /// <summary>Two sizes of batch that the export has not seen; where the number of steps is free, two lengths.</summary>
    private static readonly (int Batch, int More)[] Sizes = [(1, 0), (7, 5), (4, 1)];

    public static OnnxExport Holds(string name, Module module, Shape sample, int? below = null, OnnxExportOptions? options = null, bool? freeSequence = null, DType? dtype = null, int fewer = 1)
    {
        var export = OnnxExport.Of(module, sample, dtype ?? (below is null ? null : DType.Int64), options);
        var bytes = export.ToArray();
        var model = OnnxModel.Read(bytes, name);
        Assert.Empty(model.Missing);
        Assert.Equal("batch", model.Inputs[0].Sizes![0].Symbol);
        Assert.Equal("batch", model.Outputs[0].Sizes![0].Symbol);
        Assert.StartsWith("Glia", model.Producer, StringComparison.Ordinal);
        Assert.All(model.Tensors, t => Assert.Contains(t.Name, module.StateDict().Keys));
        var isFree = sample.Rank > 0 && model.Inputs[0].Sizes![1].Symbol == "sequence";
        if (freeSequence is { } expected)
            Assert.True(expected == isFree, $"{name}: the number of steps is {(isFree ? "free" : "fixed")}. {string.Join(' ', export.Notes)}");
        using var session = Open(bytes);
        foreach (var (batch, more) in Sizes)
        {
            var shape = (isFree ? sample.With(0, fewer > 0 ? sample[0] + more : Math.Max(1, sample[0] - more)) : sample).Prepend(batch);
            var x = Input(shape, module, below, dtype, (ulong)batch);
            module.ResetState();
            var y = module.Predict(x);
            Deviation(name, y, OnnxRuntime.Run(session, ("input", x))["output"]);
            OnnxRuntime.Close(y, model.ToModule().Predict(x), $"{name} read by Glia, input {shape}");
            OnnxRuntime.Close(y, new OnnxPredictor(model.ToModule()).Predict(x), $"{name} predicted by Glia, input {shape}");
        }
        return export;
    }

    /// <summary>Several inputs and outputs; <paramref name="sizes"/> gives the inputs of each check.</summary>
    public static void Holds(string name, OnnxExport export, IReadOnlyList<Tensor[]> sizes, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute)
    {
        var bytes = export.ToArray();
        var model = OnnxModel.Read(bytes, name);
        using var session = Open(bytes);
        foreach (var inputs in sizes)
        {
            using var noGrad = Gradients.NoGrad();
            var expected = compute(inputs);
            (string Name, Tensor Tensor)[] named = [.. inputs.Select((x, i) => (model.Inputs[i].Name, x))];
            var got = OnnxRuntime.Run(session, named);
            var own = model.ToModule().Run(named.ToDictionary(n => n.Name, n => n.Tensor));
            for (var i = 0; i < expected.Count; i++)
            {
                Deviation(name, expected[i], got[model.Outputs[i].Name]);
                OnnxRuntime.Close(expected[i], own[model.Outputs[i].Name], $"{name} read by Glia");
            }
        }
    }

    public static Tensor Input(Shape shape, Module module, int? below, DType? dtype, ulong seed)
    {
        if (below is { } limit)
            return Tensor.From([.. Enumerable.Range(0, shape.Count).Select(i => (long)((i * 7) + (int)seed) % limit)], shape);
        return Tensor.Normal(new Rng(seed), shape, dtype: dtype ?? (module.Parameters.Any(p => p.DType == DType.Float64) ? DType.Float64 : DType.Float32));
    }

    private static InferenceSession Open(byte[] bytes)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = 1 };
        return OnnxRuntime.Open(bytes, options);
    }

    private static void Deviation(string name, Tensor expected, Tensor actual)
    {
        var deviation = OnnxRuntime.Close(expected, actual, $"{name}, output {expected.Shape}");
        if (Environment.GetEnvironmentVariable("GLIA_EXPORT_DEVIATIONS") is { Length: > 0 } path)
            File.AppendAllText(path, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{deviation:F4}\t{name}\n"));
    }
}
