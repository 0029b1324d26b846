using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class ResetStatesTests
{
    [Fact]
    public void Fit_StatefulLayer_EpochsBeginFromZeros()
    {
        var states = new StatesAtStart();
        var x = Tensor.Normal(new Rng(1), (8, 3, 2));
        var data = new TensorDataset(x, Tensor.Ones((8, 1)));
        foreach (var resets in new[] { false, true })
        {
            var model = Network.Input(3, 2).SimpleRnn(4, options: new() { Stateful = true }).Dense(1).Build(seed: 1);
            var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(0.01));
            if (resets)
                trainer.Callbacks.Add(new ResetStates());
            trainer.Callbacks.Add(states);
            trainer.Fit(data, epochs: 3, batchSize: 4);
        }
        Assert.Equal([true, false, false, true, true, true], states.WereZero);
    }

    /// <summary>Whether an epoch began without a kept state.</summary>
    private sealed class StatesAtStart : Callback
    {
        public List<bool> WereZero { get; } = [];

        public override void OnEpochStart(TrainingState state)
        {
            // A batch of another size is refused as long as a state is kept.
            var refused = Record.Exception(() => ((SequentialNetwork)state.Model).Layers[0].Forward(Tensor.Zeros((1, 3, 2)))) is not null;
            WereZero.Add(!refused);
            if (!refused)
                state.Model.ResetState();
        }
    }
}
