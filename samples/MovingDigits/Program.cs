// Video classification: in which of eight directions does a handwritten digit move? No single frame tells.
// dotnet run -c Release --project samples/MovingDigits              a CNN for each frame, then an LSTM over the frames
// dotnet run -c Release --project samples/MovingDigits -- convlstm  an LSTM whose products are convolutions
using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Optimizers;
using Glia.Training;

// (count, 8 frames, 1 channel, 16, 16), and the direction of each. Video i depends on the seed and i alone, so other seeds are other videos.
var train = MovingDigits.Create(2000, seed: 1);
var validation = MovingDigits.Create(300, seed: 2);
var test = MovingDigits.Create(1000, seed: 3);

var input = Network.Input(8, 1, 16, 16);
var network = args is ["convlstm"]
    ? input.ConvLstm2D(16, kernelSize: 5).GlobalMaxPool2D().Flatten().Dense(8).Build(seed: 1)
    : input
        .TimeDistributed(frame => frame
            .Conv2D(16, kernelSize: 3, padding: 1).ReLU().MaxPool2D(2)
            .Conv2D(16, kernelSize: 3, padding: 1).ReLU().MaxPool2D(2)
            .Flatten().Dense(64).ReLU())
        .Lstm(64)
        .Dense(8)
        .Build(seed: 1);
Console.WriteLine(network.Summary());

var trainer = new Trainer(network, Loss.CrossEntropy, new Adam(learningRate: 2e-3))
{
    Metrics = [new Accuracy()],
    Callbacks = [new PrintEpochs()],
    ClipNorm = 1,
    Seed = 1,
};
trainer.Fit(train, validation, epochs: 10, batchSize: 32);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test accuracy {100 * trainer.Evaluate(test)["accuracy"]:F1} %"));

internal sealed class PrintEpochs : Callback
{
    public override void OnEpochEnd(TrainingState state)
    {
        var epoch = state.History.Epochs[^1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch,2}: loss {epoch.Training["loss"]:F4}, {100 * epoch.Validation!["accuracy"]:F1} % of validation right, {epoch.TrainingSeconds:F1} s"));
    }
}
