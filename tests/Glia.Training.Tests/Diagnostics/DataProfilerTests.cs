using Glia.Data;
using Glia.Losses;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class DataProfilerTests
{
    private static TensorDataset Numbers(float[] inputs, int features, float[] targets) =>
        new(Tensor.From(inputs, (inputs.Length / features, features)), Tensor.From(targets, (inputs.Length / features, targets.Length * features / inputs.Length)));

    private static TensorDataset Classes(float[] inputs, int features, long[] labels) => new(Tensor.From(inputs, (labels.Length, features)), Tensor.From(labels));

    [Fact]
    public void Moments_AreThoseOfEachFeatureAndOfTheTargets()
    {
        var profile = DataProfiler.Measure(Numbers([1, 10, 3, 10, 5, 40, 7, 40], 2, [1, 2, 3, 6]), null, Loss.MeanSquaredError);
        Assert.Equal((4, 0, 1, 2, 1), (profile.Samples, profile.ValidationSamples, profile.InputRank, profile.Features, profile.TargetsPerSample));
        Assert.Equal([4, 25], profile.FeatureMeans);
        Assert.Equal([Math.Sqrt(5), 15], profile.FeatureStds);
        Assert.Equal((1, 6, 3), (profile.TargetMin, profile.TargetMax, profile.TargetMean));
        Assert.Equal(Math.Sqrt(3.5), profile.TargetStd, 1e-6);
        Assert.False(profile.AreClasses || profile.AreOneHot);
    }

    [Fact]
    public void BaselineLoss_IsTheVarianceTheMeanDeviationOrTheEntropy()
    {
        var numbers = Numbers([1, 2, 3, 4], 1, [1, 2, 3, 6]);
        Assert.Equal(3.5, DataProfiler.Measure(numbers, null, Loss.MeanSquaredError).BaselineLoss, 1e-6);
        Assert.Equal(1.5, DataProfiler.Measure(numbers, null, new MeanAbsoluteErrorLoss()).BaselineLoss, 1e-6);
        Assert.True(double.IsNaN(DataProfiler.Measure(numbers, null, Loss.From((p, _) => p.Mean())).BaselineLoss));
        var even = DataProfiler.Measure(Problems.Clusters(90, 1), null, Loss.CrossEntropy);
        Assert.Equal(Math.Log(3), even.BaselineLoss, 12);
        Assert.Equal([30, 30, 30], even.ClassCounts);
        var uneven = DataProfiler.Measure(Classes([1, 2, 3, 4], 1, [0, 2, 2, 2]), null, Loss.CrossEntropy);
        Assert.Equal(-(0.25 * Math.Log(0.25)) - (0.75 * Math.Log(0.75)), uneven.BaselineLoss, 12);
        Assert.Equal([1, 0, 3], uneven.ClassCounts);
        Assert.True(uneven.AreClasses);
    }

    [Theory]
    [InlineData(float.NaN, "NaN in input 1 of sample 2")]
    [InlineData(float.NegativeInfinity, "infinity in input 1 of sample 2")]
    public void BadInput_IsTold(float value, string place)
    {
        var profile = DataProfiler.Measure(Numbers([1, 2, 3, 4, 5, value, 7, 8], 2, [1, 2, 3, 4]), null, Loss.MeanSquaredError);
        Assert.Equal(place, profile.NonFinite);
        Assert.True(double.IsNaN(profile.BaselineLoss));
    }

    [Fact]
    public void BadTarget_IsTold() =>
        Assert.Equal("NaN in target 0 of sample 3", DataProfiler.Measure(Numbers([1, 2, 3, 4], 1, [1, 2, 3, float.NaN]), null, Loss.MeanSquaredError).NonFinite);

    [Fact]
    public void OneHot_IsSeen_AndWhatIsNearlySoIsNot()
    {
        Assert.True(DataProfiler.Measure(Numbers([1, 2], 1, [0, 1, 0, 1, 0, 0]), null, Loss.MeanSquaredError).AreOneHot);
        Assert.False(DataProfiler.Measure(Numbers([1, 2], 1, [0, 1, 1, 1, 0, 0]), null, Loss.MeanSquaredError).AreOneHot);
        Assert.False(DataProfiler.Measure(Numbers([1, 2], 1, [0, 0.9f, 0.1f, 1, 0, 0]), null, Loss.MeanSquaredError).AreOneHot);
        Assert.False(DataProfiler.Measure(Numbers([1, 2], 1, [1, 0]), null, Loss.MeanSquaredError).AreOneHot);
    }

    [Fact]
    public void RepeatedInputs_AreCounted_AndConflictsAmongThem()
    {
        // Rows 0, 1, 2 are the same with labels 0, 0, 1; rows 3 and 4 agree; the others are alone.
        var profile = DataProfiler.Measure(Classes([1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 7, 8, 9, 9], 2, [0, 0, 1, 1, 1, 0, 1, 0]), null, Loss.CrossEntropy);
        Assert.Equal(3.0 / 8, profile.DuplicateShare);
        Assert.Equal(3.0 / 8, profile.ConflictShare);
        var numbers = DataProfiler.Measure(Numbers([1, 1, 2], 1, [1, 2, 3]), null, Loss.MeanSquaredError);
        Assert.Equal((1.0 / 3, 0), (numbers.DuplicateShare, numbers.ConflictShare));
    }

    [Fact]
    public void ValidationSamplesToLearnFrom_AreCounted_ASingleOneIsNot()
    {
        var train = Numbers([1, 2, 3, 4], 1, [1, 2, 3, 4]);
        Assert.Equal(0.5, DataProfiler.Measure(train, Numbers([1, 2, 30, 40], 1, [1, 2, 3, 4]), Loss.MeanSquaredError).OverlapShare);
        Assert.Equal(0, DataProfiler.Measure(train, Numbers([1, 20, 30, 40], 1, [1, 2, 3, 4]), Loss.MeanSquaredError).OverlapShare);
        Assert.Equal(4, DataProfiler.Measure(train, train, Loss.MeanSquaredError).ValidationSamples);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FeatureThatIsTheTarget_IsTheBest(bool areClasses)
    {
        var rng = new Rng(1);
        var (inputs, targets) = (new float[300], new float[100]);
        for (var i = 0; i < 100; i++)
        {
            targets[i] = areClasses ? i % 3 : (float)rng.NextDouble();
            for (var j = 0; j < 3; j++)
                inputs[(3 * i) + j] = j == 1 ? (2 * targets[i]) + (1e-4f * (float)rng.NextDouble()) : (float)rng.NextDouble();
        }
        var profile = areClasses
            ? DataProfiler.Measure(Classes(inputs, 3, Array.ConvertAll(targets, t => (long)t)), null, Loss.CrossEntropy)
            : DataProfiler.Measure(Numbers(inputs, 3, targets), null, Loss.MeanSquaredError);
        Assert.Equal(1, profile.BestFeature);
        Assert.InRange(profile.BestFeatureScore, 0.97, 1);
        Assert.InRange(profile.SecondFeatureScore, 0, 0.3);
    }

    [Fact]
    public void NeighbourSignal_IsHighForClusters_LowForShuffledLabels_NaNForFew()
    {
        var clusters = Problems.Clusters(300, 1);
        var labels = clusters.Targets.AsSpan<long>().ToArray();
        new Rng(2).Shuffle(labels.AsSpan());
        Assert.InRange(DataProfiler.Measure(clusters, null, Loss.CrossEntropy).NeighbourSignal, 10, 100);
        Assert.InRange(DataProfiler.Measure(new TensorDataset(clusters.Inputs, Tensor.From(labels)), null, Loss.CrossEntropy).NeighbourSignal, -4, 3);
        Assert.True(double.IsNaN(DataProfiler.Measure(Problems.Clusters(20, 1), null, Loss.CrossEntropy).NeighbourSignal));
        Assert.InRange(DataProfiler.Measure(Problems.Plane(200, 1), null, Loss.MeanSquaredError).NeighbourSignal, 10, 100);
    }

    [Fact]
    public void LargeSets_AreSampled_TheSameEveryTime()
    {
        var data = Problems.Clusters(9000, 1);
        var (first, second) = (DataProfiler.Measure(data, null, Loss.CrossEntropy), DataProfiler.Measure(data, null, Loss.CrossEntropy));
        Assert.Equal(9000, first.Samples);
        Assert.Equal(2000, first.ClassCounts.Sum());
        Assert.Equal(first.FeatureMeans, second.FeatureMeans);
        Assert.Equal(first.NeighbourSignal, second.NeighbourSignal);
    }
}
