using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class LossLandscapeTests
{
    private static readonly LossLandscapeOptions Coarse = new() { SlicePoints = 5, SurfacePoints = 3 };

    [Fact]
    public void SliceOfABowl_IsItsParabola()
    {
        // One sample x = (1, 0) and target 0: the loss is w₀².
        var (model, data) = Bowl(2, -3);
        var slice = LossLandscape.Slice(model, Loss.MeanSquaredError, data, new Dictionary<string, double[]> { ["dense1.weight"] = [1, 7] }, Coarse with { Range = 4 });
        Assert.Equal([-4, -2, 0, 2, 4], slice.Alphas);
        Assert.Equal([4, 0, 4, 16, 36], slice.Losses);
        Assert.Equal(4, slice.CenterLoss);
        Assert.Equal([2f, -3f], Weight(model));
    }

    [Fact]
    public void SurfaceOfABowl_HasAlphaInColumnsAndBetaInRows()
    {
        var x = Tensor.From([1f, 0f, 0f, 1f], (2, 2));
        var (model, _) = Bowl(1, 2);
        var data = new TensorDataset(x, Tensor.Zeros((2, 1)));
        var along = (new Dictionary<string, double[]> { ["dense1.weight"] = [1, 0] }, new Dictionary<string, double[]> { ["dense1.weight"] = [0, 1] });
        var surface = LossLandscape.Surface(model, Loss.MeanSquaredError, data, along, Coarse);
        Assert.Equal([-1, 0, 1], surface.Alphas);
        Assert.Equal([-1, 0, 1], surface.Betas);
        // ((1 + α)² + (2 + β)²) / 2
        Assert.Equal([0.5, 1, 2.5], surface.Losses[0]);
        Assert.Equal([2, 2.5, 4], surface.Losses[1]);
        Assert.Equal([4.5, 5, 6.5], surface.Losses[2]);
        Assert.Equal(2.5, surface.CenterLoss);
    }

    [Fact]
    public void Direction_HasTheNormOfEachFilterAndLeavesOutWhatIsNoFilter()
    {
        var model = Network.Input(2, 6, 6).Conv2D(3, 3).BatchNorm().ReLU().Flatten().Dense(4).Dense(2).Build(seed: 1);
        model.Layers[^1].Parameters[0].IsTrainable = false;
        var weights = model.StateDict();
        weights["conv2d1.weight"].AsWritableSpan<float>()[..18].Clear();
        var direction = LossLandscape.Direction(model, 3, "first");
        Assert.Equal(["conv2d1.weight", "dense1.weight"], direction.Keys.Order());
        foreach (var (name, values) in direction)
        {
            var expected = weights[name].ToArray<float>();
            var filter = values.Length / weights[name].Shape[0];
            for (var start = 0; start < values.Length; start += filter)
                Assert.Equal(Norm(expected.Skip(start).Take(filter).Select(v => (double)v)), Norm(values.Skip(start).Take(filter)), 1e-9);
        }
        Assert.All(direction["conv2d1.weight"].Take(18), value => Assert.Equal(0, value));
        Assert.NotEqual(direction["dense1.weight"], LossLandscape.Direction(model, 4, "first")["dense1.weight"]);
        Assert.NotEqual(direction["dense1.weight"], LossLandscape.Direction(model, 3, "second")["dense1.weight"]);
    }

    [Fact]
    public void Centre_IsTheLossOfEvaluate()
    {
        var (model, data) = (Problems.DropoutCnn(), Problems.RandomImages(40, 1));
        var slice = LossLandscape.Slice(model, Loss.CrossEntropy, data, Coarse);
        Assert.Equal(new Trainer(model, Loss.CrossEntropy, new Sgd(0.1)).Evaluate(data)["loss"], slice.CenterLoss);
        Assert.Equal(slice.CenterLoss, slice.Losses[2]);
        Assert.Equal(5, slice.Losses.Distinct().Count());
    }

    [Fact]
    public void Slice_IsTheMiddleRowOfTheSurface()
    {
        var (model, data) = (Problems.Classifier(), Problems.Clusters(50, 1));
        var options = new LossLandscapeOptions { SlicePoints = 3, SurfacePoints = 3, Range = 0.5, Samples = 20 };
        Assert.Equal(LossLandscape.Slice(model, Loss.CrossEntropy, data, options).Losses, LossLandscape.Surface(model, Loss.CrossEntropy, data, options).Losses[1]);
    }

    [Theory]
    [InlineData("end")]
    [InlineData("exception")]
    [InlineData("cancellation")]
    public void WeightsStatisticsAndGradients_ArePutBackToTheBit(string ending)
    {
        var (model, data) = (Problems.DropoutCnn(), Problems.RandomImages(40, 1));
        new Trainer(model, Loss.CrossEntropy, new Adam(1e-3)).Fit(data, epochs: 1);
        var before = model.StateDict().ToDictionary(p => p.Key, p => p.Value.ToArray<float>());
        var gradient = model.Parameters[0].Grad!.ToArray<float>();
        var isMoved = false;
        var calls = 0;
        using var source = new CancellationTokenSource();
        var loss = Loss.From((prediction, target) =>
        {
            isMoved |= !before["dense1.weight"].SequenceEqual(model.StateDict()["dense1.weight"].ToArray<float>());
            // What goes on inside must not matter either.
            model.StateDict()["batchnorm1.running_mean"].AsWritableSpan<float>()[0]++;
            if (++calls == 4 && ending == "exception")
                throw new InvalidOperationException("no more");
            if (calls == 4 && ending == "cancellation")
                source.Cancel();
            return Loss.CrossEntropy.Compute(prediction, target);
        });
        void Look() => LossLandscape.Slice(model, loss, data, Coarse, source.Token);
        if (ending == "exception")
            Assert.Throws<InvalidOperationException>(Look);
        else if (ending == "cancellation")
            Assert.Throws<OperationCanceledException>(Look);
        else
            Look();
        Assert.True(isMoved);
        Assert.Equal(ending == "end" ? 6 : 4, calls);
        foreach (var (name, tensor) in model.StateDict())
            Assert.Equal(before[name].Select(BitConverter.SingleToInt32Bits), tensor.ToArray<float>().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(gradient, model.Parameters[0].Grad!.ToArray<float>());
    }

    [Fact]
    public void StateOfStatefulLayers_IsPutBack()
    {
        var model = Network.Input(5, 1).Lstm(4, returnSequences: true, new() { Stateful = true }).Dense(1).Build(seed: 1);
        var data = new TensorDataset(Tensor.Normal(new Rng(1), (14, 5, 1)), Tensor.Normal(new Rng(2), (14, 5, 1)));
        model.Forward(Tensor.Normal(new Rng(3), (3, 5, 1)));
        var layer = RecurrentAnalysis.LayersOf(model).Values.Single();
        var kept = layer.KeptState!;
        LossLandscape.Slice(model, Loss.MeanSquaredError, data, Coarse with { BatchSize = 4 });
        Assert.Equal(kept.Hidden.ToArray<float>(), layer.KeptState!.Hidden.ToArray<float>());
        Assert.Equal(kept.Cell!.ToArray<float>(), layer.KeptState.Cell!.ToArray<float>());
    }

    [Fact]
    public void SameSeed_GivesTheSameBits_WhateverTheThreads()
    {
        double[] Losses(int threads, ulong seed)
        {
            var before = Device.Threads;
            Device.Threads = threads;
            try
            {
                return [.. LossLandscape.Slice(Problems.DropoutCnn(), Loss.CrossEntropy, Problems.RandomImages(60, 1), Coarse with { Seed = seed, Samples = 50 }).Losses];
            }
            finally
            {
                Device.Threads = before;
            }
        }
        var one = Losses(1, 3);
        Assert.Equal(one, Losses(3, 3));
        Assert.NotEqual(one, Losses(1, 4));
    }

    [Fact]
    public void Samples_AreAtMostSoMany()
    {
        var rows = new List<int>();
        var loss = Loss.From((prediction, target) =>
        {
            rows.Add(prediction.Shape[0]);
            return Loss.CrossEntropy.Compute(prediction, target);
        });
        LossLandscape.Slice(Problems.Classifier(), loss, Problems.Clusters(50, 1), Coarse with { Samples = 7 });
        Assert.Equal(Enumerable.Repeat(7, 6), rows);
    }

    [Fact]
    public void DeadNetwork_StandsOnAPlateau_AndAHealthyOneDoesNot()
    {
        var data = Problems.Clusters(60, 1);
        var healthy = Problems.Classifier();
        Assert.False(LossLandscape.Slice(healthy, Loss.CrossEntropy, data).IsPlateau);
        new Trainer(healthy, Loss.CrossEntropy, new Adam(0.01)).Fit(data, epochs: 20);
        Assert.False(LossLandscape.Slice(healthy, Loss.CrossEntropy, data).IsPlateau);
        Assert.False(LossLandscape.Surface(healthy, Loss.CrossEntropy, data, Coarse).IsPlateau);

        var dead = Problems.Classifier();
        dead.StateDict()["dense1.bias"].AsWritableSpan<float>().Fill(-1000);
        var slice = LossLandscape.Slice(dead, Loss.CrossEntropy, data);
        Assert.True(slice.IsPlateau);
        Assert.Equal(1, slice.Flatness);
        var surface = LossLandscape.Surface(dead, Loss.CrossEntropy, data, Coarse);
        Assert.True(surface.IsPlateau);
        Assert.Equal(1, surface.Flatness);
    }

    [Fact]
    public void Flatness_IsTheStretchAroundTheCentre()
    {
        double[] alphas = [-1, -0.5, 0, 0.5, 1];
        Assert.Equal(0, new LossSlice(alphas, [1, 2, 1, 2, 1], 1).Flatness);
        Assert.Equal(0.25, new LossSlice(alphas, [1, 1.02, 1, 1.005, 1.02], 1).Flatness);
        Assert.Equal(0.75, new LossSlice(alphas, [1, 0.995, 1, 1.005, double.NaN], 1).Flatness);
        Assert.Equal(0.5, new LossSlice(alphas, [double.PositiveInfinity, 1, 1, 1, 3], 1).Flatness);
        Assert.True(new LossSlice(alphas, [2, 1, 1, 1, 3], 1).IsPlateau);
        Assert.Equal(0, new LossSlice(alphas, [1, 1, double.NaN, 1, 1], double.NaN).Flatness);
        // No point at the centre.
        Assert.Equal(0.5, new LossSlice([-1, 1], [1, 5], 1).Flatness);
        Assert.Equal(0.5, new LossSurface([-1, 1], [-1, 1], [[1, double.NaN], [3, 1]], 1).Flatness);
    }

    [Fact]
    public void LossThatIsNotFinite_StaysSo()
    {
        var (model, data) = Bowl(2, -3);
        var loss = Loss.From((prediction, target) => ((prediction - target).Sum() - 2).Log());
        var slice = LossLandscape.Slice(model, loss, data, new Dictionary<string, double[]> { ["dense1.weight"] = [1, 0] }, Coarse);
        Assert.Equal([double.NaN, double.NaN, double.NegativeInfinity], slice.Losses.Take(3));
        Assert.True(slice.Losses.Skip(3).All(double.IsFinite));
        Assert.False(slice.IsPlateau);
    }

    [Fact]
    public void WhatCannotBeLookedAt_IsRefused()
    {
        var (model, data) = (Problems.Classifier(), Problems.Clusters(9, 1));
        var empty = data.Subset([]);
        Assert.Contains("the data set is empty", Assert.Throws<ArgumentException>(() => LossLandscape.Slice(model, Loss.CrossEntropy, empty)).Message, StringComparison.Ordinal);
        Assert.Contains("the data set is empty", Assert.Throws<ArgumentException>(() => LossLandscape.Surface(model, Loss.CrossEntropy, empty)).Message, StringComparison.Ordinal);
        foreach (var options in new LossLandscapeOptions[] { new() { SlicePoints = 0 }, new() { SurfacePoints = 1 }, new() { Samples = 0 }, new() { BatchSize = 0 }, new() { Range = 0 }, new() { Range = double.NaN } })
            Assert.Throws<ArgumentOutOfRangeException>(() => LossLandscape.Slice(model, Loss.CrossEntropy, data, options));
        foreach (var parameter in model.Parameters)
            parameter.IsTrainable = false;
        Assert.Contains("no trainable parameters", Assert.Throws<ArgumentException>(() => LossLandscape.Slice(model, Loss.CrossEntropy, data)).Message, StringComparison.Ordinal);
    }

    private static (SequentialNetwork Model, TensorDataset Data) Bowl(float first, float second)
    {
        var model = Network.Input(2).Dense(1).Build(seed: 1);
        model.StateDict()["dense1.weight"].CopyFrom(Tensor.From([first, second], (1, 2)));
        return (model, new TensorDataset(Tensor.From([1f, 0f], (1, 2)), Tensor.Zeros((1, 1))));
    }

    private static float[] Weight(SequentialNetwork model) => model.StateDict()["dense1.weight"].ToArray<float>();

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
