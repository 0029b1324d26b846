using Glia.Data;
using Glia.Layers;

namespace Glia.Training.Tests;

/// <summary>Small data sets and models for the tests.</summary>
internal static class Problems
{
    /// <summary>Points of the plane in three clusters around (0, 2), (2, 0) and (−2, −2).</summary>
    public static TensorDataset Clusters(int count, ulong seed, double spread = 0.3)
    {
        var rng = new Rng(seed);
        (double X, double Y)[] centres = [(0, 2), (2, 0), (-2, -2)];
        var points = Tensor.Normal(rng, (count, 2), 0, spread);
        var labels = new long[count];
        var span = points.AsWritableSpan<float>();
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            span[2 * i] += (float)centres[i % 3].X;
            span[(2 * i) + 1] += (float)centres[i % 3].Y;
        }
        return new TensorDataset(points, Tensor.From(labels));
    }

    /// <summary>y = 3x₁ − 2x₂ + 1.</summary>
    public static TensorDataset Plane(int count, ulong seed)
    {
        var x = Tensor.Uniform(new Rng(seed), (count, 2), -1, 1);
        var y = new float[count];
        var points = x.AsSpan<float>();
        for (var i = 0; i < count; i++)
            y[i] = (3 * points[2 * i]) - (2 * points[(2 * i) + 1]) + 1;
        return new TensorDataset(x, Tensor.From(y, (count, 1)));
    }

    public static SequentialNetwork Classifier(ulong seed = 1) => Network.Input(2).Dense(16).ReLU().Dense(3).Build(seed);

    public static SequentialNetwork DropoutCnn(ulong seed = 1) => Network.Input(1, 8, 8)
        .Conv2D(8, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Flatten().Dropout(0.3).Dense(32).ReLU().Dense(4).Build(seed);

    public static TensorDataset RandomImages(int count, ulong seed)
    {
        var rng = new Rng(seed);
        var labels = new long[count];
        for (var i = 0; i < count; i++)
            labels[i] = rng.NextInt(4);
        return new TensorDataset(Tensor.Normal(rng, (count, 1, 8, 8)), Tensor.From(labels));
    }
}
