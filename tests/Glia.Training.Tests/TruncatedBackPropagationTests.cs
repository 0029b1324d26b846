using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests;

/// <summary>Stateful layers trained window by window.</summary>
[Collection("sequential")]
public class TruncatedBackPropagationTests
{
    private const int Window = 5;
    private const int Lanes = 3;
    private const int Windows = 12;

    /// <summary>A wave in windows, and at every step the value after it.</summary>
    private static readonly float[] Wave = [.. Enumerable.Range(0, (Windows * Window) + 1).Select(i => MathF.Sin(i * 0.7f) + (0.01f * i))];

    private static TensorDataset Data => new(Tensor.From(Wave[..^1], (Windows, Window, 1)), Tensor.From(Wave[1..], (Windows, Window, 1)));

    private static SequentialNetwork Model(bool stateful = true) =>
        Network.Input(Window, 1).Lstm(4, returnSequences: true, new() { Stateful = stateful }).Dense(1).Build(seed: 1);

    private static float[] Weights(Module model) => [.. model.Parameters.SelectMany(p => p.ToArray<float>())];

    [Fact]
    public void Lanes_RowOfABatch_GoesOnWhereItEndedBefore()
    {
        float? next = null;
        foreach (var batch in new DataLoader(Data.Lanes(Lanes), Lanes, shuffle: false).Epoch())
        {
            var (x, y) = (batch.Input.ToArray<float>(), batch.Target.ToArray<float>());
            Assert.Equal(Lanes * Window, x.Length);
            if (next is not null)
                Assert.Equal(next, x[Window]);
            next = y[(2 * Window) - 1];
        }
        Assert.Equal(Windows, Data.Lanes(Lanes).Count);
        Assert.Equal(10, Data.Lanes(5).Count);
        Assert.Equal(
            "12 windows cannot be read in 13 lanes. Use fewer lanes, shorter windows or more data. (Parameter 'count')",
            Assert.Throws<ArgumentException>(() => Data.Lanes(13)).Message);
    }

    [Fact]
    public void Fit_WithoutShuffling_IsTheLoopByHand()
    {
        var (fitted, byHand) = (Model(), Model());
        new Trainer(fitted, Loss.MeanSquaredError, new Sgd(0.1)) { Shuffle = false, Callbacks = [new ResetStates()] }.Fit(Data.Lanes(Lanes), epochs: 2, batchSize: Lanes);

        var optimizer = new Sgd(0.1).Attach(byHand.Parameters);
        var (inputs, targets) = (Data.Inputs, Data.Targets);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            byHand.ResetState();
            for (var step = 0; step < Windows / Lanes; step++)
            {
                Tensor Rows(Tensor x) => Tensor.Concat(0, [.. Enumerable.Range(0, Lanes).Select(lane => x.Slice(0, (lane * Windows / Lanes) + step, 1))]);
                Loss.MeanSquaredError.Compute(byHand.Forward(Rows(inputs)), Rows(targets)).Backward();
                optimizer.Step();
                optimizer.ZeroGrad();
            }
        }
        Assert.Equal(Weights(byHand), Weights(fitted));

        var stateless = Model(stateful: false);
        new Trainer(stateless, Loss.MeanSquaredError, new Sgd(0.1)) { Shuffle = false }.Fit(Data.Lanes(Lanes), epochs: 2, batchSize: Lanes);
        Assert.NotEqual(Weights(stateless), Weights(fitted));
    }

    [Fact]
    public void Validation_LeavesNothingBehind_AndBeginsFromZeros()
    {
        var (with, without) = (Model(), Model());
        var trainer = new Trainer(with, Loss.MeanSquaredError, new Sgd(0.1)) { Shuffle = false, Callbacks = [new ResetStates()] };
        var history = trainer.Fit(Data.Lanes(Lanes), validation: Data.Lanes(Lanes), epochs: 3, batchSize: Lanes);
        new Trainer(without, Loss.MeanSquaredError, new Sgd(0.1)) { Shuffle = false, Callbacks = [new ResetStates()] }.Fit(Data.Lanes(Lanes), epochs: 3, batchSize: Lanes);

        Assert.Equal(Weights(without), Weights(with));
        Assert.Equal(history.Epochs[^1].Validation!["loss"], trainer.Evaluate(Data.Lanes(Lanes), Lanes)["loss"]);
        // Another batch size is refused as long as a state is kept.
        Assert.Equal((1, Window, 1), with.Forward(Data.Inputs.Slice(0, 0, 1)).Shape);
    }

    [Fact]
    public void Predict_StatefulLayers_BeginFromZeros()
    {
        var model = Model();
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(0.1));
        var first = trainer.Predict(Data.Lanes(Lanes), Lanes).ToArray<float>();
        Assert.Equal(first, trainer.Predict(Data.Lanes(Lanes), Lanes).ToArray<float>());
    }
}
