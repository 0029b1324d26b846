using Glia.Memory;
using Glia.Replay;
using Glia.Tracing;

namespace Glia;

public partial class Tensor
{
    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32, Device? device = null)
    {
        var tensor = Allocate(shape, dtype, device ?? Device.Cpu);
        tensor.FillInPlace(0);
        return tensor;
    }

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32, Device? device = null) => Full(shape, 1, dtype, device);

    /// <summary>A tensor with every element equal to <paramref name="value"/>.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32, Device? device = null)
    {
        var tensor = Allocate(shape, dtype, device ?? Device.Cpu);
        tensor.FillInPlace(value);
        return tensor;
    }

    /// <summary>A single number.</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32, Device? device = null) => Full(Shape.Scalar, value, dtype, device);

    /// <summary>Copies numbers, in row-major order, into a new tensor; without a shape it has one axis.</summary>
    /// <typeparam name="T">float, double, int, long or bool.</typeparam>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, Shape? shape = null, Device? device = null)
        where T : unmanaged
    {
        var target = shape ?? new Shape(values.Length);
        if (target.Count != values.Length)
            throw ShapeException.Of("Tensor.From", $"{target.Count} values for shape {target}", $"{values.Length}");
        var tensor = Allocate(target, DTypes.Of<T>(), device ?? Device.Cpu);
        values.CopyTo(tensor.Span<T>());
        return tensor;
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape?, Device?)"/>
    public static Tensor From<T>(T[] values, Shape? shape = null, Device? device = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return From(values.AsSpan(), shape, device);
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape?, Device?)"/>
    public static Tensor From<T>(Span<T> values, Shape? shape = null, Device? device = null)
        where T : unmanaged => From((ReadOnlySpan<T>)values, shape, device);

    /// <summary>Copies a matrix into a tensor of shape (rows, columns).</summary>
    public static Tensor From<T>(T[,] values, Device? device = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        var flat = new T[values.Length];
        var i = 0;
        foreach (var value in values)
            flat[i++] = value;
        return From(flat, (values.GetLength(0), values.GetLength(1)), device);
    }

    /// <summary>0, 1, …, <paramref name="count"/> − 1.</summary>
    public static Tensor Arange(int count, DType dtype = DType.Float32, Device? device = null)
    {
        var tensor = Allocate(count, dtype, device ?? Device.Cpu);
        for (var i = 0; i < count; i++)
            tensor.SetFlat(i, i);
        return tensor;
    }

    /// <summary>Numbers drawn evenly from [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static Tensor Uniform(Rng rng, Shape shape, double low = 0, double high = 1, DType dtype = DType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (!(low <= high))
            throw new ArgumentException($"Uniform expects an interval but got {low} to {high}.");
        var tensor = Allocate(shape, dtype, device ?? Device.Cpu);
        Recorder.Draw(rng, tensor, low, high, static (r, t, from, to) => r.FillUniform(t, from, to));
        return tensor;
    }

    /// <summary>Numbers drawn from the normal distribution.</summary>
    public static Tensor Normal(Rng rng, Shape shape, double mean = 0, double std = 1, DType dtype = DType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        var tensor = Allocate(shape, dtype, device ?? Device.Cpu);
        Recorder.Draw(rng, tensor, mean, std, static (r, t, m, s) => r.FillNormal(t, m, s));
        return tensor;
    }

    /// <summary>A copy of the elements in memory of its own, outside the graph and outside every scope.</summary>
    public Tensor Clone()
    {
        var copy = new Tensor(new Block((long)Count * DType.Size(), BlockUse.Passing), 0, Shape, DType, Device);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Copies the elements of a tensor of the same shape and type into this one, in place.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void CopyFrom(Tensor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Shape != Shape)
            throw ShapeException.Of("CopyFrom", $"a tensor of shape {Shape}", $"{source.Shape}");
        if (source.DType != DType)
            throw new ArgumentException($"CopyFrom expects {DType} but got {source.DType}. Convert it with To({DType}) first.");
        source.CopyTo(this);
    }

    private void CopyTo(Tensor target)
    {
        // In a method of its own, since a lambda takes memory at each call of the method that it is in.
        if (Tracer.IsOn)
            CopyTraced(target);
        else
            Device.Backend.Copy(this, target);
    }

    private void CopyTraced(Tensor target)
    {
        Tracer.OnWrite(target);
        Tracer.Same(this, target);
        Tracer.Aside(() => Device.Backend.Copy(this, target));
    }

    internal void FillInPlace(double value) => Device.Backend.Fill(value, this);

    internal void SetFlat(int index, double value)
    {
        switch (DType)
        {
            case DType.Float32: Span<float>()[index] = (float)value; break;
            case DType.Float64: Span<double>()[index] = value; break;
            case DType.Int32: Span<int>()[index] = (int)value; break;
            case DType.Int64: Span<long>()[index] = (long)value; break;
            default: Span<bool>()[index] = value != 0; break;
        }
    }
}
