// A multi-layer perceptron on a table: three species of iris by four measurements. The model file carries all that a prediction
// needs: weights, architecture, and how the columns become numbers.
using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Interchange;
using Glia.Optimizers;
using Glia.Training;

// Your own table: Table.ReadCsv("flowers.csv").
var table = BuiltInDatasets.Load("iris");
var target = TargetEncoder.Fit(table, "species");

// 60 % of the rows to learn from, 20 % to decide when to stop, 20 % to measure on; every species is in each part in proportion.
var parts = Splits.Stratified(target.EncodeClasses(table), [0.6, 0.2, 0.2], seed: 1);
var features = TableEncoder.Fit(table.Select(parts[0]), "species");
Dataset[] data = [.. parts.Select(rows => Encode(table.Select(rows)))];

var model = Network.Input(features.FeatureNames.Count)
    .Dense(32).ReLU()
    .Dense(target.Classes.Count)
    .Build(seed: 1);

var trainer = new Trainer(model, Loss.CrossEntropy, new Adam(learningRate: 0.01))
{
    Metrics = [new Accuracy()],
    Callbacks = [new EarlyStopping(patience: 20)],
    Seed = 1,
};
var history = trainer.Fit(data[0], data[1], epochs: 200, batchSize: 16);
Console.WriteLine($"{history.Epochs.Count} epochs, weights of epoch {history.RestoredEpoch} kept");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test accuracy {100 * trainer.Evaluate(data[2])["accuracy"]:F1} %"));

new ModelFile(model, new Dictionary<string, string> { ["features"] = features.ToJson(), ["target"] = target.ToJson() }).Save("iris.safetensors");

// Elsewhere: load the file and ask.
var loaded = ModelFile.Load("iris.safetensors");
var encoder = TableEncoder.FromJson(loaded.Metadata["features"]);
var classes = TargetEncoder.FromJson(loaded.Metadata["target"]).Classes;

var flower = new Table("one flower",
[
    Column.FromNumbers("sepal_length_cm", [5.9]), Column.FromNumbers("sepal_width_cm", [3.0]),
    Column.FromNumbers("petal_length_cm", [5.1]), Column.FromNumbers("petal_width_cm", [1.8]),
]);
var probabilities = loaded.Network.Predict(Tensor.From(encoder.Transform(flower), (1, encoder.FeatureNames.Count))).Softmax();
for (var c = 0; c < classes.Count; c++)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{classes[c],-12} {100 * probabilities[0, c],5:F1} %"));

TensorDataset Encode(Table rows) => new(
    Tensor.From(features.Transform(rows), (rows.RowCount, features.FeatureNames.Count)),
    Tensor.From(Array.ConvertAll(target.EncodeClasses(rows), c => (long)c)));
