using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Optimizers;
using Glia.Plots;
using Glia.Training;

/// <summary>Pictures of models of tables.</summary>
internal static class TablePictures
{
    private static readonly Lazy<(Chart, Chart)> LazyTumours = new(DrawTumours);

    public static (Chart Roc, Chart Calibration) Tumours => LazyTumours.Value;

    public static Chart Spirals()
    {
        var (data, _, _) = Load("spirals", "class", standardise: false);
        var model = Network.Input(2).Normalize(data.Inputs).Dense(64).ReLU().Dense(32).ReLU().Dense(2).Build(seed: 1);
        new Trainer(model, Loss.CrossEntropy, new Adam(0.005)) { Seed = 1 }.Fit(data, epochs: 150, batchSize: 16);
        return Chart.DecisionBoundary("Two spirals: what an MLP with 64 and 32 neurons says", Points(data, ["0", "1"]), points => model.Predict(points).Softmax(), "x", "y");
    }

    public static Chart Iris()
    {
        // Only the petals, so that the plane is all there is.
        var table = BuiltInDatasets.Load("iris");
        var classes = TargetEncoder.Fit(table, "species");
        float[] values = [.. Enumerable.Range(0, table.RowCount).SelectMany(i => new[] { (float)table["petal_length_cm"].Numbers[i], (float)table["petal_width_cm"].Numbers[i] })];
        var data = new TensorDataset(Tensor.From(values, (table.RowCount, 2)), Tensor.From([.. classes.EncodeClasses(table).Select(c => (long)c)]));
        var model = Network.Input(2).Normalize(Tensor.From(values, (table.RowCount, 2))).Dense(16).ReLU().Dense(3).Build(seed: 1);
        new Trainer(model, Loss.CrossEntropy, new Adam(0.01)) { Seed = 1 }.Fit(data, epochs: 100, batchSize: 16);
        return Chart.DecisionBoundary("Iris: three species by their petals", Points(data, classes.Classes), points => model.Predict(points).Softmax(), "petal length (cm)", "petal width (cm)");
    }

    /// <summary>Two models of the same data: a good one, and one that learned too little.</summary>
    private static (Chart, Chart) DrawTumours()
    {
        var (data, names, _) = Load("breast-cancer", "diagnosis");
        var parts = Splits.Random(data.Count, [0.4, 0.6], seed: 1);
        var test = data.Subset(parts[1]);
        var curves = new List<ChartPoints>();
        Chart? calibration = null;
        foreach (var (name, features) in new[] { ("the first two features", 2), ("all features", data.InputShape[0]) })
        {
            var model = Network.Input(data.InputShape[0]).Dense(16).ReLU().Dense(names.Count).Build(seed: 1);
            new Trainer(model, Loss.CrossEntropy, new Adam(0.01)) { Seed = 1 }.Fit(Masked(data.Subset(parts[0]), features), epochs: 30, batchSize: 16);
            var (inputs, truth) = Read(Masked(test, features));
            var probabilities = model.Predict(inputs).Softmax();
            double[] scores = [.. Enumerable.Range(0, truth.Length).Select(i => probabilities[i, 1])];
            var roc = RocCurve.Of(scores, [.. truth.Select(t => t == 1)]);
            curves.Add(new(string.Create(CultureInfo.InvariantCulture, $"{name}: area {roc.Area:F3}"), roc.FalsePositiveRates, roc.TruePositiveRates));
            var sure = CalibrationCurve.Of([.. scores.Select(s => Math.Max(s, 1 - s))], [.. scores.Select((s, i) => s >= 0.5 == (truth[i] == 1))]);
            calibration ??= Chart.Calibration("Tumours: calibration of a model of two features", [.. sure.Bins.Select(b => b.Confidence)], [.. sure.Bins.Select(b => b.Accuracy)], [.. sure.Bins.Select(b => b.Count)]);
        }
        return (Chart.Roc($"Tumours: ROC of the class '{names[1]}'", curves), calibration!);
    }

    public static Chart Residuals()
    {
        var (data, _, target) = Load("diabetes", "progression");
        var parts = Splits.Random(data.Count, [0.7, 0.3], seed: 1);
        var model = Network.Input(data.InputShape[0]).Dense(16).ReLU().Dense(1).Build(seed: 1);
        new Trainer(model, Loss.MeanSquaredError, new AdamW(0.005, weightDecay: 0.3)) { Seed = 1 }.Fit(data.Subset(parts[0]), epochs: 40, batchSize: 16);
        var batch = new DataLoader(data.Subset(parts[1]), parts[1].Length, shuffle: false).Epoch().First();
        double[] InUnits(Tensor values) => [.. values.ToArray<float>().Select(v => target.Decode(v))];
        return Chart.Residuals("Diabetes: errors on held-out patients", "progression", InUnits(batch.Target), InUnits(model.Predict(batch.Input)));
    }

    internal static (TensorDataset Data, IReadOnlyList<string> Classes, TargetEncoder Target) Load(string name, string column, bool standardise = true)
    {
        var table = BuiltInDatasets.Load(name);
        var (features, target) = (TableEncoder.Fit(table, column), TargetEncoder.Fit(table, column));
        float[] raw = [.. Enumerable.Range(0, table.RowCount).SelectMany(i => features.ColumnsNeeded.Select(c => standardise ? 0 : (float)table[c].Numbers[i]))];
        var inputs = Tensor.From(standardise ? features.Transform(table) : raw, (table.RowCount, features.FeatureNames.Count));
        return (new(inputs, target.Task == TaskKind.Regression ? Tensor.From(target.EncodeValues(table), (table.RowCount, 1)) : Tensor.From([.. target.EncodeClasses(table).Select(c => (long)c)])), target.Classes, target);
    }

    private static (Tensor Inputs, long[] Truth) Read(Dataset data) => new DataLoader(data, data.Count, shuffle: false).Epoch().First() is var batch ? (batch.Input.Clone(), batch.Target.ToArray<long>()) : default;

    /// <summary>The data with all features but the first ones at 0, which is their mean.</summary>
    private static TensorDataset Masked(Dataset data, int features)
    {
        var (inputs, truth) = Read(data);
        return new(inputs * Tensor.From([.. Enumerable.Range(0, inputs.Shape[1]).Select(f => f < features ? 1f : 0)]), Tensor.From(truth));
    }

    private static ChartPoints[] Points(Dataset data, IReadOnlyList<string> classes)
    {
        var (inputs, truth) = Read(data);
        return [.. classes.Select((name, c) => Enumerable.Range(0, truth.Length).Where(i => truth[i] == c).ToArray() is var own
            ? new ChartPoints(name, [.. own.Select(i => inputs[i, 0])], [.. own.Select(i => inputs[i, 1])]) : null!)];
    }
}
