using System.Globalization;
using Glia.Interchange;
using Microsoft.ML.OnnxRuntime;

namespace Glia.Benchmarks.Peer;

/// <summary>ONNX models at batch 1 by Glia's predictor and by ONNX Runtime, one thread each, in one process, taking turns; medians.</summary>
internal static class OnnxRows
{
    // ONNX Runtime rounds otherwise; both sides compute in 32 bits.
    private const double Tolerance = 1e-4;

    /// <param name="folder">A folder with models, or with folders of <c>model.onnx</c>.</param>
    /// <param name="file">The path of a table to write as .md, without its ending; null for none.</param>
    public static int Run(string folder, string? file)
    {
        Device.Threads = 1;
        var title = $"Glia {Kernels.IsaSupport.Current} against ONNX Runtime {OrtEnv.Instance().GetVersionString()}; batch 1, one thread each; medians; results differ by at most the last column, of the largest number";
        var lines = new List<string> { title, "", "| model | inputs | Glia µs | ONNX Runtime µs | ratio | differ |", "| --- | --- | --- | --- | --- | --- |" };
        Console.WriteLine(title);
        var agree = true;
        foreach (var path in Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path) == "model.onnx" ? Path.GetFileName(Path.GetDirectoryName(path)!) : Path.GetFileNameWithoutExtension(path);
            var (row, difference) = Measure(path, name);
            agree &= difference < Tolerance;
            lines.Add(row);
            Console.WriteLine(row);
        }
        if (file is not null)
            File.WriteAllLines(file + ".md", lines);
        return agree ? 0 : 1;
    }

    private static (string Row, double Difference) Measure(string path, string name)
    {
        var module = OnnxModule.Load(path);
        var predictor = new OnnxPredictor(module);
        var inputs = module.Model.Inputs.ToDictionary(i => i.Name, InputOf);
        var first = module.Model.Inputs.Count == 1 ? inputs.Values.First() : null;

        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        using var runOptions = new RunOptions();
        string[] names = [.. inputs.Keys];
        OrtValue[] values = [.. inputs.Values.Select(ToPeer)];
        string[] outputs = [.. session.OutputNames];

        void Glia()
        {
            if (first is null)
                predictor.Run(inputs);
            else
                predictor.Predict(first);
        }

        void Peer()
        {
            using var results = session.Run(runOptions, names, values, outputs);
        }

        var difference = Difference(predictor, inputs, session, runOptions, names, values, outputs);
        var times = Timing.Alternate([Glia, Peer]);
        foreach (var value in values)
            value.Dispose();
        var shapes = string.Join(", ", inputs.Values.Select(i => i.Shape));
        return (string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {shapes} | {times[0] * 1e6:G3} | {times[1] * 1e6:G3} | {times[1] / times[0]:F2} | {difference:E0} |"), difference);
    }

    private static double Difference(
        OnnxPredictor predictor, Dictionary<string, Tensor> inputs, InferenceSession session, RunOptions options, string[] names, OrtValue[] values, string[] outputs)
    {
        using var expected = session.Run(options, names, values, outputs);
        var got = predictor.Run(inputs);
        var worst = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var a = expected[i].GetTensorDataAsSpan<float>();
            var b = got[outputs[i]].AsSpan<float>();
            var (most, largest) = (0f, 0f);
            for (var j = 0; j < a.Length; j++)
                (most, largest) = (Math.Max(most, Math.Abs(a[j] - b[j])), Math.Max(largest, Math.Abs(a[j])));
            worst = Math.Max(worst, largest == 0 ? most : most / largest);
        }
        return worst;
    }

    /// <summary>Numbers of an input, with 1 for every free size.</summary>
    private static Tensor InputOf(OnnxTensorInfo info)
    {
        var shape = new Shape([.. info.Sizes!.Select(s => (int)(s.Size ?? 1))]);
        return info.Type == OnnxElementType.Float ? Tensor.Uniform(new Rng(1), shape, -1, 1) : Tensor.Zeros(shape, DType.Int64);
    }

    private static OrtValue ToPeer(Tensor tensor)
    {
        long[] sizes = [.. tensor.Shape.Sizes.ToArray().Select(s => (long)s)];
        return tensor.DType == DType.Float32 ? OrtValue.CreateTensorValueFromMemory(tensor.ToArray<float>(), sizes) : OrtValue.CreateTensorValueFromMemory(tensor.ToArray<long>(), sizes);
    }
}
