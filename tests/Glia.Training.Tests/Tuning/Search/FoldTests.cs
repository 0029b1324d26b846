using Glia.Data;
using Glia.Training.Tuning;

namespace Glia.Training.Tests.Tuning;

public class FoldTests
{
    private static long[] Classes(Dataset data)
    {
        var classes = new List<long>();
        foreach (var batch in new DataLoader(data, 7, shuffle: false).Epoch())
            classes.AddRange(batch.Target.ToArray<long>());
        return [.. classes];
    }

    /// <summary>Samples whose input is their number.</summary>
    private static TensorDataset Numbered(long[] classes) => new(Tensor.From(Enumerable.Range(0, classes.Length).Select(i => (float)i).ToArray(), (classes.Length, 1)), Tensor.From(classes));

    private static float[] Numbers(Dataset data) => [.. new DataLoader(data, data.Count, shuffle: false).Epoch().Single().Input.ToArray<float>()];

    [Fact]
    public void CrossValidation_JudgesByEverySampleOnce_AndDealsClassesEvenly()
    {
        var data = Numbered([.. Enumerable.Range(0, 53).Select(i => i < 40 ? 0L : i < 48 ? 1 : 2)]);
        var folds = Fold.CrossValidation(data, 4, seed: 1);
        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, 53).Select(i => (float)i), folds.SelectMany(f => Numbers(f.Validation)).Order());
        foreach (var fold in folds)
        {
            Assert.Equal(Enumerable.Range(0, 53).Select(i => (float)i), Numbers(fold.Train).Concat(Numbers(fold.Validation)).Order());
            Assert.Equal(10, Classes(fold.Validation).Count(c => c == 0));
            Assert.Equal(2, Classes(fold.Validation).Count(c => c == 1));
            Assert.InRange(Classes(fold.Validation).Count(c => c == 2), 1, 2);
        }
        Assert.Equal(Numbers(folds[2].Validation), Numbers(Fold.CrossValidation(data, 4, seed: 1)[2].Validation));
        Assert.NotEqual(Numbers(folds[2].Validation), Numbers(Fold.CrossValidation(data, 4, seed: 2)[2].Validation));
    }

    [Fact]
    public void HoldOut_TakesItsShareOfEveryClass()
    {
        var data = Numbered([.. Enumerable.Range(0, 100).Select(i => (long)(i % 5 == 0 ? 1 : 0))]);
        var fold = Assert.Single(Fold.HoldOut(data, 0.25));
        Assert.Equal((75, 25), (fold.Train.Count, fold.Validation.Count));
        Assert.Equal(5, Classes(fold.Validation).Count(c => c == 1));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), Numbers(fold.Train).Concat(Numbers(fold.Validation)).Order());
    }

    [Fact]
    public void Numbers_AreDividedToo()
    {
        var folds = Fold.CrossValidation(Problems.Plane(10, 1), 3);
        Assert.Equal([4, 3, 3], folds.Select(f => f.Validation.Count));
    }

    [Fact]
    public void TooFewSamples_AreRefused()
    {
        Assert.Equal(
            "1 samples are too few for this division. Use more data, or fewer folds. (Parameter 'data')", Assert.Throws<ArgumentException>(() => Fold.HoldOut(Numbered([0]))).Message);
        Assert.Throws<ArgumentException>(() => Fold.CrossValidation(Numbered([0, 1, 0]), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fold.CrossValidation(Numbered([0, 1, 0]), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fold.HoldOut(Numbered([0, 1, 0]), 1));
    }
}
