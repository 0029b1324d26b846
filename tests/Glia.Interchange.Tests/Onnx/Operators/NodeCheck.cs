using Glia.Interchange.Tests.Onnx.Export;

namespace Glia.Interchange.Tests.Onnx.Operators;

/// <summary>A file of one node, which Glia's module and predictor run, and ONNX Runtime where it can.</summary>
internal sealed class NodeCheck(string opType, int opset, params (string, object)[] attributes)
{
    private readonly OnnxFile _file = new(opset);
    private readonly List<string> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly List<(string Name, Tensor Tensor)> _given = [];

    public NodeCheck Input(Tensor tensor, OnnxElementType? type = null)
    {
        var name = $"x{_inputs.Count}";
        _inputs.Add(name);
        _given.Add((name, tensor));
        _file.Input(name, type ?? TypeOf(tensor.DType), [.. tensor.Shape.Sizes.ToArray().Select(s => (object)s)]);
        return this;
    }

    /// <summary>An input that the file holds.</summary>
    public NodeCheck Constant(Tensor tensor)
    {
        var name = $"x{_inputs.Count}";
        _inputs.Add(name);
        _file.Weight(name, tensor);
        return this;
    }

    /// <summary>An input that is left out.</summary>
    public NodeCheck Without()
    {
        _inputs.Add("");
        return this;
    }

    public NodeCheck Output(OnnxElementType type)
    {
        var name = $"y{_outputs.Count}";
        _outputs.Add(name);
        _file.Output(name, type);
        return this;
    }

    /// <summary>What Glia gives: the module, and the predictor at its first and its second run, agree.</summary>
    public Tensor[] Run()
    {
        var module = Module();
        var predictor = new OnnxPredictor(module);
        var inputs = _given.ToDictionary(g => g.Name, g => g.Tensor);
        var results = Named(module.Run(inputs));
        for (var run = 0; run < 2; run++)
            Same(results, Named(predictor.Run(inputs)), 0, "predictor");
        return results;
    }

    public OnnxModule Module()
    {
        if (_file.Graph.Nodes.Count == 0)
            _file.Node(opType, [.. _inputs], [.. _outputs], attributes);
        return _file.Module();
    }

    public string Refusal() => Assert.Throws<OnnxException>(() => Run()).Message;

    public NodeCheck Gives(params Tensor[] expected)
    {
        Same(expected, Run(), 0, "Glia");
        return this;
    }

    public Tensor[] OfRuntime()
    {
        Module();
        var results = OnnxRuntime.Run(_file.ToBytes(), [.. _given]);
        return [.. _outputs.Select(o => results[o])];
    }

    public NodeCheck AgreesWithRuntime(double tolerance = 0)
    {
        Same(OfRuntime(), Run(), tolerance, "Glia and ONNX Runtime");
        return this;
    }

    private static void Same(Tensor[] expected, Tensor[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (tolerance > 0)
            {
                OnnxRuntime.Close(expected[i], actual[i], what, tolerance);
                continue;
            }
            Assert.Equal((expected[i].DType, expected[i].Shape), (actual[i].DType, actual[i].Shape));
            Assert.Equal(Text(expected[i]), Text(actual[i]));
        }
    }

    private static string Text(Tensor x) => x.DType switch
    {
        DType.Float32 => string.Join(", ", x.ToArray<float>()),
        DType.Float64 => string.Join(", ", x.ToArray<double>()),
        DType.Int32 => string.Join(", ", x.ToArray<int>()),
        DType.Int64 => string.Join(", ", x.ToArray<long>()),
        _ => string.Join(", ", x.ToArray<bool>()),
    };

    private static OnnxElementType TypeOf(DType dtype) => dtype switch
    {
        DType.Float32 => OnnxElementType.Float,
        DType.Float64 => OnnxElementType.Double,
        DType.Int32 => OnnxElementType.Int32,
        DType.Int64 => OnnxElementType.Int64,
        _ => OnnxElementType.Bool,
    };

    private Tensor[] Named(IReadOnlyDictionary<string, Tensor> results) => [.. _outputs.Select(o => results[o])];
}
