using Glia.Layers;
using Glia.Tests.Layers;

namespace Glia.Tests.Replay;

public class PredictorTests
{
    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void Predict_OfEveryLayer_EqualsTheModels(string name)
    {
        var row = LayerTable.Rows[name];
        var layer = row.Create(DType.Float32);
        var predictor = new Predictor(layer);
        for (var i = 0; i < 4; i++)
        {
            var shape = new Shape([i == 2 ? 1 : 3, .. row.Sample.Sizes]);
            var input = row.IndicesBelow is { } below
                ? Tensor.From([.. Enumerable.Range(0, shape.Count).Select(k => (long)((k + (i * 3)) % below))], shape)
                : Numbers.Normal(shape, (ulong)i + 1, DType.Float32);
            Assert.Equal(layer.Predict(input).ToArray<float>(), predictor.Predict(input).ToArray<float>());
        }
    }

    [Fact]
    public void Predict_FromManyThreads_EqualsTheModels()
    {
        var model = Network.Input(1, 12, 12).Conv2D(4, 3).BatchNorm().ReLU().MaxPool2D(2).Flatten().Dense(3).Softmax().Build(1);
        var predictor = new Predictor(model);
        var inputs = Enumerable.Range(0, 40).Select(i => Numbers.Normal((1 + (i % 3), 1, 12, 12), (ulong)i, DType.Float32)).ToArray();
        var expected = inputs.Select(x => model.Predict(x).ToArray<float>()).ToArray();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 4 }, k =>
        {
            var i = k % inputs.Length;
            if (k % 2 == 0)
            {
                Assert.Equal(expected[i], predictor.Predict(inputs[i]).ToArray<float>());
                return;
            }
            var results = new float[expected[i].Length];
            predictor.Predict(inputs[i].AsSpan<float>(), results);
            Assert.Equal(expected[i], results);
        });
    }

    [Fact]
    public void PredictIntoSpans_WhenWarm_AllocatesNothing()
    {
        var model = Network.Input(7, 5).Lstm(9).Dense(4).Build(1);
        var predictor = new Predictor(model);
        var (samples, results) = (Numbers.Normal((2, 7, 5), 1, DType.Float32).ToArray<float>(), new float[8]);
        for (var i = 0; i < 30; i++)
            predictor.Predict(samples, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            predictor.Predict(samples, results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Predict_AfterParametersChange_UsesTheNewOnes()
    {
        var model = Network.Input(3).Dense(2).Build(1);
        var predictor = new Predictor(model);
        var x = Numbers.Normal((2, 3), 1, DType.Float32);
        predictor.Predict(x);
        model.Initialize(7);
        Assert.Equal(model.Predict(x).ToArray<float>(), predictor.Predict(x).ToArray<float>());
    }

    [Fact]
    public void PredictIntoSpans_OfWrongSizes_SaysWhatItExpects()
    {
        var predictor = new Predictor(Network.Input(3).Dense(2).Build(1));
        Assert.Equal("Predict expects whole samples of 3 numbers (3,) but got 4.", Assert.Throws<ArgumentException>(() => predictor.Predict(new float[4], new float[2])).Message);
        Assert.Equal("Predict expects room for 2 × 2 results but got 3.", Assert.Throws<ArgumentException>(() => predictor.Predict(new float[6], new float[3])).Message);
        Assert.Throws<InvalidOperationException>(() => new Predictor(new Dense(3, 2)).Predict(new float[3], new float[2]));
    }
}
