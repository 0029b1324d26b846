using Glia.Data;
using Glia.Optimizers;

namespace Glia.Training.Tests;

/// <summary>Problems that a multi-layer perceptron must solve, measured on rows that it has not seen.</summary>
[Collection("sequential")]
public class SolvedProblemTests
{
    [Theory]
    [InlineData("xor", 0.97)]
    [InlineData("spirals", 0.95)]
    [InlineData("iris", 0.93)]
    [InlineData("wine", 0.93)]
    [InlineData("breast-cancer", 0.94)]
    public void Classification_ReachesItsAccuracy(string name, double accuracy)
    {
        var table = BuiltInDatasets.Load(name);
        var column = BuiltInDatasets.Find(name)!.Target;
        var target = TargetEncoder.Fit(table, column);
        var labels = target.EncodeClasses(table);
        var parts = Splits.Stratified(labels, [0.75, 0.25], seed: 1);
        var features = TableEncoder.Fit(table.Select(parts[0]), column);
        var data = Array.ConvertAll(parts, rows => new TensorDataset(
            Tensor.From(features.Transform(table.Select(rows)), (rows.Length, features.FeatureNames.Count)), Tensor.From([.. rows.Select(r => (long)labels[r])])));

        var model = Network.Input(features.FeatureNames.Count).Dense(32).ReLU().Dense(32).ReLU().Dense(target.Classes.Count).Build(seed: 1);
        var trainer = new Trainer(model, Loss.CrossEntropy, new AdamW(0.01)) { Metrics = [new Accuracy()] };
        trainer.Fit(data[0], epochs: name == "spirals" ? 150 : 30, batchSize: 32);
        Assert.InRange(trainer.Evaluate(data[1])["accuracy"], accuracy, 1);
    }

    [Theory]
    [InlineData(RegressionRange.Any)]
    [InlineData(RegressionRange.Positive)]
    [InlineData(RegressionRange.Bounded)]
    public void Diabetes_RawTable_IsPredictedInItsOwnUnits(RegressionRange range)
    {
        var table = BuiltInDatasets.Load("diabetes");
        var parts = Splits.Random(table.RowCount, [0.75, 0.25], seed: 1);
        float[] Column(string name, int[] rows) => [.. rows.Select(r => (float)table[name].Numbers[r])];
        string[] names = [.. table.Columns.Select(c => c.Name).Where(n => n != "progression")];
        var data = Array.ConvertAll(parts, rows => new TensorDataset(
            Tensor.Concat(1, [.. names.Select(n => Tensor.From(Column(n, rows), (rows.Length, 1)))]), Tensor.From(Column("progression", rows), (rows.Length, 1))));

        var model = Network.Input(10).Normalize(data[0].Inputs).Dense(16).ReLU().Regression(data[0].Targets, range).Build(seed: 1);
        var trainer = new Trainer(model, Loss.MeanSquaredError.Standardized(model), new AdamW(0.005)) { Metrics = [new RSquared(), new RootMeanSquaredError()] };
        trainer.Fit(data[0], epochs: 30, batchSize: 32);
        var result = trainer.Evaluate(data[1]);
        // Linear regression reaches an R² of about 0.5 here; the progression runs from 25 to 346.
        Assert.InRange(result["r2"], 0.35, 1);
        Assert.InRange(result["rmse"], 30, 65);
    }

    /// <summary>Always answering 1 has an error of 1/6; without memory of the first marked number none is below 1/12.</summary>
    [Fact]
    public void Adding_Lstm_RemembersOver30Steps()
    {
        var model = Network.Input(30, 2).Lstm(16).Dense(1).Build(seed: 1);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Adam(0.01)) { ClipNorm = 1 };
        trainer.Fit(SequenceTasks.Adding(10_000, steps: 30, seed: 1), epochs: 3);
        Assert.InRange(trainer.Evaluate(SequenceTasks.Adding(1000, steps: 30, seed: 2))["loss"], 0, 0.01);
    }
}
