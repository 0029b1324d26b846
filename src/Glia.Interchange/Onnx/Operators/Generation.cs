using Glia.Replay;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Tensors made of settings, shapes and chance.</summary>
internal static class Generation
{
    public static Operator[] All =>
    [
        new("Constant", 1, "0", "value:t value_float:f value_floats:F value_int:i value_ints:I", c => [Constant(c.Attributes)]),
        new("ConstantOfShape", 9, "1", "value:t", ConstantOfShape, OperatorTraits.Grows),
        new("Shape", 1, "1", "end:i start:i", Shape, OperatorTraits.OfShapes),
        new("Size", 1, "1", "", c => [Value.Of(Tensor.From<long>([c.X.Count], Glia.Shape.Scalar))], OperatorTraits.OfShapes),
        new("Range", 11, "3", "", Range, OperatorTraits.Grows),
        new("EyeLike", 9, "1", "dtype:i k:i", EyeLike, OperatorTraits.OfShapes),
        new("OneHot", 9, "3", "axis:i", OneHot, OperatorTraits.Grows),
        Window("BlackmanWindow", (i, n) => 0.42 - (0.5 * Math.Cos(2 * Math.PI * i / n)) + (0.08 * Math.Cos(4 * Math.PI * i / n))),
        Window("HannWindow", (i, n) => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / n))),
        Window("HammingWindow", (i, n) => (25.0 / 46) - (21.0 / 46 * Math.Cos(2 * Math.PI * i / n))),
        Random("RandomNormal", 0, "dtype:i mean:f scale:f seed:f shape:I", c => Normal(c, ShapeOf(c), OnnxElementType.Float)),
        Random("RandomUniform", 0, "dtype:i high:f low:f seed:f shape:I", c => Uniform(c, ShapeOf(c), OnnxElementType.Float)),
        Random("RandomNormalLike", 1, "dtype:i mean:f scale:f seed:f", c => Normal(c, c.X.Shape, c.Type(0))),
        Random("RandomUniformLike", 1, "dtype:i high:f low:f seed:f", c => Uniform(c, c.X.Shape, c.Type(0))),
        Random("Bernoulli", 1, "dtype:i seed:f", Bernoulli, 15),
    ];

    /// <summary>A tensor of one number that never changes.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype) => Recorder.Fixed((shape, value, dtype), static s => Tensor.Full(s.shape, s.value, s.dtype));

    /// <summary>0, step, 2·step, …</summary>
    public static Tensor Iota(int count, int step = 1) =>
        Recorder.Fixed((count, step), static s => Tensor.From([.. Enumerable.Range(0, s.count).Select(i => (long)i * s.step)]));

    public static Tensor Identity(int size, DType dtype) => Recorder.Fixed((size, dtype), static s =>
    {
        var y = Tensor.Zeros((s.size, s.size), s.dtype);
        for (var i = 0; i < s.size; i++)
            y.SetFlat((i * s.size) + i, 1);
        return y;
    });

    public static Value Constant(Attributes a)
    {
        if (a.Get<Value>("value") is { } value)
            return value;
        if (a.Has("value_float"))
            return Value.Of(Tensor.From<float>([(float)a.Float("value_float", 0)], Glia.Shape.Scalar));
        if (a.Has("value_int"))
            return Value.Of(Tensor.From<long>([a.Int("value_int", 0)], Glia.Shape.Scalar));
        if (a.Floats("value_floats") is { } floats)
            return Value.Of(Tensor.From(Array.ConvertAll(floats, f => (float)f)));
        return Value.Of(Tensor.From(a.Ints("value_ints") ?? throw new ArgumentException("a constant without a value.")));
    }

    private static Value[] ConstantOfShape(NodeCall c)
    {
        var shape = new Shape(c.Ints(0));
        var value = c.Attributes.Get<Value>("value");
        var type = value?.Type ?? OnnxElementType.Float;
        if (value is null)
            return [new(Tensor.Zeros(shape, DType.Float32), type)];
        return [new(value.Tensor.Reshape(Glia.Shape.Scalar).BroadcastTo(shape), type)];
    }

    private static Value[] Shape(NodeCall c)
    {
        var rank = c.X.Rank;
        int Place(string name, int otherwise)
        {
            var at = c.Int(name, otherwise);
            return Math.Clamp(at < 0 ? at + rank : at, 0, rank);
        }
        var (start, end) = (Place("start", 0), Place("end", rank));
        return [Value.Of(Tensor.From(Array.ConvertAll(c.X.Shape.Sizes[start..Math.Max(start, end)].ToArray(), s => (long)s)))];
    }

    private static Value[] Range(NodeCall c)
    {
        if (c.X.DType.IsFloatingPoint())
        {
            var (first, limit, step) = (c.Number(0), c.Number(1), c.Number(2));
            if (step == 0 || double.IsNaN(step))
                throw new ArgumentException($"a step other than 0 was expected but got {step}.");
            return c.Same(Make(CountOf(Math.Ceiling((limit - first) / step)), c.X.DType, (first, step), static (s, y) =>
            {
                for (var i = 0; i < y.Count; i++)
                    y.SetFlat(i, s.first + (i * s.step));
            }));
        }
        var (from, to, by) = (c.Integers(0)[0], c.Integers(1)[0], c.Integers(2)[0]);
        if (by == 0)
            throw new ArgumentException("a step other than 0 was expected but got 0.");
        var steps = ((Int128)to - from + by - Math.Sign(by)) / by;
        return c.Same(Make(CountOf((double)steps), c.X.DType, (from, by), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
            {
                var value = s.from + (i * s.by);
                if (y.DType == DType.Int64)
                    y.AsWritableSpan<long>()[i] = value;
                else
                    y.AsWritableSpan<int>()[i] = (int)value;
            }
        }));
    }

    private static int CountOf(double steps) => steps <= Array.MaxLength
        ? (int)Math.Max(steps, 0)
        : throw new ArgumentException("a range of more numbers than a tensor holds was asked for.");

    private static Value[] EyeLike(NodeCall c)
    {
        var type = (OnnxElementType)c.Int("dtype", (int)c.Type(0));
        if (c.X.Rank != 2)
            throw new ArgumentException($"a matrix was expected but got {c.X.Shape}.");
        var y = Tensor.Zeros(c.X.Shape, type.Storage());
        var k = c.Int("k", 0);
        for (var row = 0; row < c.X.Shape[0]; row++)
        {
            if ((long)row + k is var column and >= 0 && column < c.X.Shape[1])
                y.SetFlat((row * c.X.Shape[1]) + (int)column, 1);
        }
        return [new(y, type)];
    }

    private static Value[] OneHot(NodeCall c)
    {
        var depth = (int)Math.Clamp(c.Number(1), 0, int.MaxValue);
        var indices = c.X.To(DType.Int64);
        var rank = indices.Rank + 1;
        var axis = c.Int("axis", -1);
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank)
            throw new ArgumentException($"the axis {c.Int("axis", -1)} is out of range.");
        int[] sizes = [.. indices.Shape.Sizes[..axis], 1, .. indices.Shape.Sizes[axis..]];
        var places = Iota(depth).Reshape([depth, .. Enumerable.Repeat(1, rank - 1 - axis)]);
        var modulo = Make(new Shape(sizes), DType.Int64, (indices, depth), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
            {
                var index = s.indices.AsSpan<long>()[i];
                y.AsWritableSpan<long>()[i] = index < 0 ? index + s.depth : index;
            }
        });
        var values = c.In(2);
        return [new(Tensor.Where(Tensor.EqualTo(modulo, places), values.Slice(0, 1, 1), values.Slice(0, 0, 1)), c.Type(2))];
    }

    private static Operator Window(string name, Func<double, double, double> value) => new(name, 17, "1", "output_datatype:i periodic:i", c =>
    {
        var type = (OnnxElementType)c.Int("output_datatype", 1);
        var size = (int)Math.Clamp(c.Number(0), 0, int.MaxValue);
        var period = c.Flag("periodic", true) ? size : size - 1;
        return [new(Make(size, type.Storage(), (period, value), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
                y.SetFlat(i, s.value(i, s.period));
        }), type)];
    }, OperatorTraits.Grows);

    private static Operator Random(string name, int inputs, string attributes, Func<NodeCall, Value[]> run, int since = 1) =>
        new(name, since, inputs == 0 ? "0" : "1", attributes, run, OperatorTraits.Varies | OperatorTraits.Grows);

    private static Shape ShapeOf(NodeCall c) => new(c.Ints("shape") ?? throw new ArgumentException("a shape was expected."));

    private static Rng Generator(NodeCall c) => Chance.Generator(c, c.Attributes.Has("seed") ? BitConverter.DoubleToUInt64Bits(c.Float("seed", 0)) : null);

    private static OnnxElementType TypeOf(NodeCall c, OnnxElementType otherwise) => (OnnxElementType)c.Int("dtype", (int)otherwise);

    private static Value[] Normal(NodeCall c, Shape shape, OnnxElementType otherwise)
    {
        var type = TypeOf(c, otherwise);
        return [new(Tensor.Normal(Generator(c), shape, c.Float("mean", 0), c.Float("scale", 1), type.Storage()), type)];
    }

    private static Value[] Uniform(NodeCall c, Shape shape, OnnxElementType otherwise)
    {
        var type = TypeOf(c, otherwise);
        return [new(Tensor.Uniform(Generator(c), shape, c.Float("low", 0), c.Float("high", 1), type.Storage()), type)];
    }

    private static Value[] Bernoulli(NodeCall c)
    {
        var chance = Tensor.Uniform(Generator(c), c.X.Shape, 0, 1, c.X.DType);
        var type = TypeOf(c, c.Type(0));
        return [new(Tensor.Less(chance, c.X).To(type.Storage()), type)];
    }
}
