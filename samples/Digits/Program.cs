// A convolutional network on images: 1,797 handwritten digits of 8×8 pixels.
using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Optimizers;
using Glia.Training;

// Your own images: ImageData.Open("photos/").Train, a sub-folder for each class.
var images = BuiltInDatasets.LoadImages("digits");
var parts = Splits.Stratified(images.Labels, [0.7, 0.1, 0.2], seed: 1);
var preprocessing = ImagePreprocessing.Fit(images, parts[0]);
var all = ImageDataset.Open(images, preprocessing);

var network = Network.Input(1, 8, 8)
    .Conv2D(16, kernelSize: 3, padding: 1).ReLU()
    .Conv2D(32, kernelSize: 3, padding: 1).ReLU().MaxPool2D(2)
    .Flatten().Dropout(0.3)
    .Dense(64).ReLU()
    .Dense(10)
    .Build(seed: 1);
for (var i = 0; i < network.Layers.Count; i++)
    Console.WriteLine($"{network.Layers[i].Name,-12} {network.LayerShapes[i],-12} {network.Layers[i].ParameterCount,7:N0} parameters");

var trainer = new Trainer(network, Loss.CrossEntropy, new Adam(learningRate: 2e-3))
{
    Metrics = [new Accuracy()],
    Callbacks = [new EarlyStopping(patience: 5), new PrintEpochs()],
    Seed = 1,
};
trainer.Fit(all.Subset(parts[0]), all.Subset(parts[1]), epochs: 20, batchSize: 32);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test accuracy {100 * trainer.Evaluate(all.Subset(parts[2]))["accuracy"]:F1} %"));

// Anything to be done along the way is a callback.
internal sealed class PrintEpochs : Callback
{
    public override void OnEpochEnd(TrainingState state)
    {
        var epoch = state.History.Epochs[^1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch,2}: loss {epoch.Training["loss"]:F4}, validation loss {epoch.Validation!["loss"]:F4}"));
    }
}
