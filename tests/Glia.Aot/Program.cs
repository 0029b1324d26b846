// Uses every library that promises to run under Native AOT: trains a convolutional network with all kinds of layers on a built-in set
// and a perceptron on a table, saves both, loads them, exports them, and prints what must not differ between compilers.
using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Interchange;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Training;

if (args is ["--version"])
{
    Console.WriteLine(typeof(Tensor).Assembly.GetName().Version);
    return 0;
}

var images = BuiltInDatasets.LoadImages("digits");
var imageParts = Splits.Stratified(images.Labels, [0.7, 0.3], seed: 0);
var digits = ImageDataset.Open(images, ImagePreprocessing.Fit(images, imageParts[0]));
var cnn = Network.Input(1, 8, 8)
    .Conv2D(8, kernelSize: 3, padding: 1, name: "conv").BatchNorm().ReLU().MaxPool2D(2)
    .Conv2D(16, kernelSize: 3, padding: 1).LeakyReLU().AvgPool2D(2)
    .Flatten().Dropout(0.1).Dense(32).Swish().Dense(10)
    .Build(seed: 0);
Report("digits", cnn, digits.Subset(imageParts[0]), digits.Subset(imageParts[1]), Loss.CrossEntropy, new AdamW(2e-3), epochs: 3);

var table = BuiltInDatasets.Load("iris");
var target = TargetEncoder.Fit(table, "species");
var parts = Splits.Stratified(target.EncodeClasses(table), [0.7, 0.3], seed: 0);
var features = TableEncoder.Fit(table.Select(parts[0]), "species");
var mlp = Network.Input(features.FeatureNames.Count).Dense(16).Tanh().Dense(16).Softplus().Dense(8).Sigmoid().Dense(3).Build(seed: 0);
Report("iris", mlp, Encode(parts[0]), Encode(parts[1]), Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), epochs: 30);
return 0;

TensorDataset Encode(int[] rows) => new(
    Tensor.From(features.Transform(table.Select(rows)), (rows.Length, features.FeatureNames.Count)),
    Tensor.From(Array.ConvertAll(target.EncodeClasses(table.Select(rows)), c => (long)c)));

static void Report(string name, SequentialNetwork model, Dataset train, Dataset test, Loss loss, Optimizer optimizer, int epochs)
{
    var trainer = new Trainer(model, loss, optimizer) { Metrics = [new Accuracy()], Callbacks = [new EarlyStopping()] };
    trainer.Fit(train, test, epochs, batchSize: 32);

    var file = Path.Combine(Path.GetTempPath(), $"glia-aot-{Environment.ProcessId}.safetensors");
    new ModelFile(model).Save(file);
    var loaded = ModelFile.Load(file).Network;
    File.Delete(file);

    var inputs = new DataLoader(test, test.Count, shuffle: false).Epoch().First().Input;
    var before = model.Predict(inputs).ToArray<float>();
    var after = loaded.Predict(inputs).ToArray<float>();
    if (!before.AsSpan().SequenceEqual(after))
        throw new InvalidOperationException($"{name}: the loaded model predicts otherwise than the one that was saved.");

    var exported = OnnxExport.Of(new ModelFile(model)).ToModel().ToModule().Predict(inputs).ToArray<float>();
    if (exported.Zip(before).Any(pair => MathF.Abs(pair.First - pair.Second) > 1e-4f * (1 + MathF.Abs(pair.Second))))
        throw new InvalidOperationException($"{name}: the exported model predicts otherwise than the one that it was made of.");

    var checksum = 14695981039346656037UL;
    foreach (var value in after)
        checksum = (checksum ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} accuracy {trainer.Evaluate(test)["accuracy"]:F4} checksum {checksum:x16}"));
}
