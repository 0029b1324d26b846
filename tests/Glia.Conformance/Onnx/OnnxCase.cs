using System.Globalization;
using System.Text.Json;
using Glia.Interchange;
using Glia.Interchange.Onnx.Graphs;
using Glia.Interchange.Onnx.Proto;

namespace Glia.Conformance.Onnx;

/// <summary>
/// A folder as ONNX's own operator tests have it: <c>model.onnx</c>, and for each data set the inputs and the outputs that are expected, in the graph's order. Each set is run by the
/// module as it is, and twice by the predictor, the second time from its recording.
/// </summary>
internal static class OnnxCase
{
    private const string ModelFile = "model.onnx";
    private const string DataSets = "test_data_set_*";
    private static readonly Tolerance ForOperators = new(1e-3, 1e-7);
    private static readonly Tolerance ForModels = new(1e-3, 1e-5);

    /// <summary>The cases of a folder and of the folders in it.</summary>
    public static IEnumerable<string> CasesIn(string folder) => Directory.EnumerateFiles(folder, ModelFile, SearchOption.AllDirectories)
        .Select(f => Path.GetDirectoryName(f)!).Where(f => Directory.EnumerateDirectories(f, DataSets).Any()).Order(StringComparer.Ordinal);

    /// <summary>What is wrong with a case; null when it passes.</summary>
    public static string? Problem(string folder)
    {
        try
        {
            var tolerance = ToleranceOf(folder);
            var module = OnnxModule.Load(Path.Combine(folder, ModelFile));
            var predictor = new OnnxPredictor(module);
            foreach (var set in Directory.EnumerateDirectories(folder, DataSets).Order(StringComparer.Ordinal))
            {
                var (inputs, expected) = (Read(set, "input"), Read(set, "output"));
                var named = module.Model.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second.Tensor);
                foreach (var (how, run) in (ReadOnlySpan<(string, Func<IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, Tensor>>)>)
                    [("module", module.Run), ("predictor", predictor.Run), ("replay", predictor.Run)])
                {
                    if (Compare(module.Model, run(named), expected, tolerance) is { } problem)
                        return $"{how}, {Path.GetFileName(set)}: {problem}";
                }
            }
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.Message.ReplaceLineEndings(" ");
        }
    }

    private static List<Value> Read(string set, string what)
    {
        var values = new List<Value>();
        for (var i = 0; File.Exists(PathOf(i)); i++)
        {
            var proto = new TensorProto();
            proto.Read(File.ReadAllBytes(PathOf(i)), depth: 0);
            values.Add(new TensorReader(set).Read(proto));
        }
        return values;

        string PathOf(int i) => Path.Combine(set, $"{what}_{i.ToString(CultureInfo.InvariantCulture)}.pb");
    }

    private static string? Compare(OnnxModel model, IReadOnlyDictionary<string, Tensor> outputs, List<Value> expected, Tolerance tolerance)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            var (info, want) = (model.Outputs[i], expected[i]);
            var got = outputs[info.Name];
            if (info.Type != want.Type && info.Type != OnnxElementType.Undefined)
                return $"{info.Name} is {info.Type} where {want.Type} was expected";
            if (got.DType != want.Tensor.DType)
                return $"{info.Name} holds {got.DType} where {want.Tensor.DType} was expected";
            if (got.Shape != want.Shape)
                return $"{info.Name} has shape {got.Shape} where {want.Shape} was expected";
            for (var j = 0; j < got.Count; j++)
            {
                var (a, b) = (At(got, j), At(want.Tensor, j));
                if (!a.Equals(b) && !(Math.Abs(a - b) <= tolerance.Absolute + (tolerance.Relative * Math.Abs(b)) && double.IsFinite(b)))
                    return string.Create(CultureInfo.InvariantCulture, $"{info.Name} has {a:R} where {b:R} was expected, at element {j} of {got.Shape}");
            }
        }
        return null;
    }

    private static double At(Tensor x, int i) => x.DType switch
    {
        DType.Float32 => x.AsSpan<float>()[i],
        DType.Float64 => x.AsSpan<double>()[i],
        DType.Int32 => x.AsSpan<int>()[i],
        DType.Int64 => x.AsSpan<long>()[i],
        _ => x.AsSpan<bool>()[i] ? 1 : 0,
    };

    /// <summary>What the list of cases beside the folder says; else that of ONNX's operator tests, whose names begin so, or of whole models.</summary>
    private static Tolerance ToleranceOf(string folder)
    {
        var name = Path.GetFileName(folder);
        var list = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(folder))!, "MANIFEST.json");
        if (File.Exists(list))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(list));
            foreach (var one in json.RootElement.TryGetProperty("cases", out var cases) ? cases.EnumerateArray() : default)
            {
                var isIt = (one.TryGetProperty("test", out var test) && test.GetString() == name) || (one.TryGetProperty("model", out var model) && model.GetString() == name);
                if (isIt && one.TryGetProperty("rtol", out var relative) && one.TryGetProperty("atol", out var absolute))
                    return new(relative.GetDouble(), absolute.GetDouble());
            }
        }
        return name.StartsWith("test_", StringComparison.Ordinal) ? ForOperators : ForModels;
    }
}
