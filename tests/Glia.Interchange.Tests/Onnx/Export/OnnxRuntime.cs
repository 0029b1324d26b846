using Microsoft.ML.OnnxRuntime;
using Element = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>ONNX Runtime as the judge of exported files: what it computes must be what Glia computes.</summary>
internal static class OnnxRuntime
{
    public const double RelativeTolerance = 1e-4, AbsoluteTolerance = 1e-5;

    /// <summary>Runs a file on named inputs.</summary>
    public static Dictionary<string, Tensor> Run(byte[] model, params (string Name, Tensor Tensor)[] inputs)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = 1 };
        using var session = Open(model, options);
        return Run(session, inputs);
    }

    public static InferenceSession Open(byte[] model, SessionOptions options)
    {
        try
        {
            return new(model, options);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            throw new InvalidOperationException($"ONNX Runtime's package has no native library for this platform, so that exported files cannot be run here; on Linux x64 they can. {e.Message}", e);
        }
    }

    public static Dictionary<string, Tensor> Run(InferenceSession session, params (string Name, Tensor Tensor)[] inputs)
    {
        var values = inputs.ToDictionary(i => i.Name, i => ToOrt(session.InputMetadata[i.Name].ElementDataType, i.Tensor));
        try
        {
            using var run = new RunOptions();
            using var results = session.Run(run, values, session.OutputNames);
            return session.OutputNames.Zip(results).ToDictionary(r => r.First, r => FromOrt(r.Second));
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
    }

    /// <summary>The largest deviation in units of the tolerance (1 is just allowed), after checking that none is above it.</summary>
    public static double Close(Tensor expected, Tensor actual, string what, double scale = 1)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
        var worst = 0.0;
        var (wanted, got) = (expected.To(DType.Float64).ToArray<double>(), actual.To(DType.Float64).ToArray<double>());
        for (var i = 0; i < wanted.Length; i++)
        {
            var (e, a) = (wanted[i], got[i]);
            if (e.Equals(a))
                continue;
            var deviation = Math.Abs(e - a) / (scale * (AbsoluteTolerance + (RelativeTolerance * Math.Abs(e))));
            Assert.True(deviation <= 1, $"{what}: element {i} of {expected.Shape} is {a:R}, expected {e:R}");
            worst = Math.Max(worst, deviation);
        }
        return worst;
    }

    private static OrtValue ToOrt(Element type, Tensor x)
    {
        long[] shape = [.. x.Shape.Sizes.ToArray().Select(s => (long)s)];
        return type switch
        {
            Element.UInt8 => Narrow<int, byte>(x, shape, v => (byte)v),
            Element.Int8 => Narrow<int, sbyte>(x, shape, v => (sbyte)v),
            Element.UInt16 => Narrow<int, ushort>(x, shape, v => (ushort)v),
            Element.Int16 => Narrow<int, short>(x, shape, v => (short)v),
            Element.UInt32 => Narrow<long, uint>(x, shape, v => (uint)v),
            Element.UInt64 => Narrow<long, ulong>(x, shape, v => (ulong)v),
            _ => x.DType switch
            {
                DType.Float32 => OrtValue.CreateTensorValueFromMemory(x.ToArray<float>(), shape),
                DType.Float64 => OrtValue.CreateTensorValueFromMemory(x.ToArray<double>(), shape),
                DType.Int32 => OrtValue.CreateTensorValueFromMemory(x.ToArray<int>(), shape),
                DType.Int64 => OrtValue.CreateTensorValueFromMemory(x.ToArray<long>(), shape),
                _ => OrtValue.CreateTensorValueFromMemory(x.ToArray<bool>(), shape),
            },
        };
    }

    private static OrtValue Narrow<TFrom, TTo>(Tensor x, long[] shape, Converter<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(x.ToArray<TFrom>(), convert), shape);

    private static Tensor FromOrt(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var shape = new Shape([.. info.Shape.Select(s => (int)s)]);
        return info.ElementDataType switch
        {
            Element.Float => Tensor.From(value.GetTensorDataAsSpan<float>(), shape),
            Element.Double => Tensor.From(value.GetTensorDataAsSpan<double>(), shape),
            Element.Int32 => Tensor.From(value.GetTensorDataAsSpan<int>(), shape),
            Element.Int64 => Tensor.From(value.GetTensorDataAsSpan<long>(), shape),
            Element.UInt8 => Wide<byte, int>(value, shape, v => v),
            Element.Int8 => Wide<sbyte, int>(value, shape, v => v),
            Element.UInt16 => Wide<ushort, int>(value, shape, v => v),
            Element.Int16 => Wide<short, int>(value, shape, v => v),
            Element.UInt32 => Wide<uint, long>(value, shape, v => v),
            Element.UInt64 => Wide<ulong, long>(value, shape, v => (long)v),
            _ => Tensor.From(value.GetTensorDataAsSpan<bool>(), shape),
        };
    }

    private static Tensor Wide<TFrom, TTo>(OrtValue value, Shape shape, Converter<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged => Tensor.From<TTo>(Array.ConvertAll(value.GetTensorDataAsSpan<TFrom>().ToArray(), convert), shape);
}
