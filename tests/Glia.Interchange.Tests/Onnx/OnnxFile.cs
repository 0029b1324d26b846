using System.Text;
using Glia.Interchange.Onnx.Graphs;
using Glia.Interchange.Onnx.Proto;
using Glia.Interchange.Protobuf;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>Makes ONNX files of a few lines.</summary>
internal sealed class OnnxFile
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public OnnxFile(int opset = 17)
    {
        Proto = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = new GraphProto { Name = "graph" } };
        Proto.OperatorSets.Add(new OperatorSetProto { Version = opset });
    }

    public ModelProto Proto { get; }

    public GraphProto Graph => Proto.Graph!;

    public OnnxFile Input(string name, OnnxElementType type, params object[] sizes)
    {
        Graph.Inputs.Add(Info(name, type, sizes));
        return this;
    }

    public OnnxFile Output(string name, OnnxElementType type = OnnxElementType.Float)
    {
        Graph.Outputs.Add(new ValueInfoProto { Name = name, Type = new TypeProto { Tensor = new TensorTypeProto { Element = type } } });
        return this;
    }

    public OnnxFile Weight(string name, Tensor tensor)
    {
        Graph.Initializers.Add(TensorOf(name, tensor));
        return this;
    }

    public OnnxFile Node(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = NodeOf(opType, inputs, outputs, attributes);
        // ONNX Runtime wants every name once.
        if (!_names.Add(node.Name))
            node.Name = $"{node.Name}_{outputs[0]}";
        Graph.Nodes.Add(node);
        return this;
    }

    public byte[] ToBytes()
    {
        var writer = new ProtoWriter();
        Proto.Write(writer);
        return writer.Written.ToArray();
    }

    public OnnxModel Read() => OnnxModel.Read(ToBytes(), "test.onnx");

    public OnnxModule Module() => Read().ToModule();

    public static TensorProto TensorOf(string name, Tensor tensor)
    {
        var proto = new TensorProto { Name = name, Type = ElementTypes.Of(tensor.DType) };
        foreach (var size in tensor.Shape.Sizes)
            proto.Dims.Add(size);
        proto.SetRaw(TensorReader.ToRaw(tensor, proto.Type));
        return proto;
    }

    public static NodeProto NodeOf(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = $"my{opType}" };
        node.Inputs.AddRange(inputs);
        node.Outputs.AddRange(outputs);
        foreach (var (name, value) in attributes)
            node.Attributes.Add(AttributeOf(name, value));
        return node;
    }

    public static ValueInfoProto Info(string name, OnnxElementType type, params object[] sizes)
    {
        var shape = new ShapeProto();
        foreach (var size in sizes)
            shape.Dims.Add(size is int number ? new DimensionProto { Size = number } : new DimensionProto { Symbol = (string)size });
        return new ValueInfoProto { Name = name, Type = new TypeProto { Tensor = new TensorTypeProto { Element = type, Shape = shape } } };
    }

    private static AttributeProto AttributeOf(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int number: (attribute.Kind, attribute.Int) = (AttributeKind.Int, number); break;
            case float number: (attribute.Kind, attribute.Float) = (AttributeKind.Float, number); break;
            case string text: (attribute.Kind, attribute.String) = (AttributeKind.String, Encoding.UTF8.GetBytes(text)); break;
            case int[] list: (attribute.Kind, attribute.Ints) = (AttributeKind.Ints, [.. list.Select(x => (long)x)]); break;
            case float[] list: (attribute.Kind, attribute.Floats) = (AttributeKind.Floats, [.. list]); break;
            case Tensor tensor: (attribute.Kind, attribute.Tensor) = (AttributeKind.Tensor, TensorOf("", tensor)); break;
            case GraphProto graph: (attribute.Kind, attribute.Graph) = (AttributeKind.Graph, graph); break;
            default: throw new ArgumentException($"No attribute of {value.GetType()}.");
        }
        return attribute;
    }
}
