using Glia;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Plots;
using Glia.Training;

/// <summary>Pictures of recurrent networks.</summary>
internal static class SequencePictures
{
    private static readonly Lazy<(Lstm Before, Lstm After)> LazyAdding = new(Train);

    /// <summary>An LSTM before and after it learned to add the two marked numbers of a sequence.</summary>
    private static (Lstm, Lstm) Train()
    {
        SequentialNetwork Create() => Network.Input(40, 2).Add(new Lstm(2, 16, new() { ForgetBias = 2 })).Dense(1).Build(seed: 1);
        var model = Create();
        new Trainer(model, Loss.MeanSquaredError, new Adam(0.01)) { Seed = 1, ClipNorm = 1 }.Fit(SequenceTasks.Adding(3000, 40, seed: 1), epochs: 15, batchSize: 32);
        return ((Lstm)Create().Layers[0], (Lstm)model.Layers[0]);
    }

    public static Chart Gates()
    {
        var data = SequenceTasks.Adding(4, 40, seed: 7);
        var input = data.Inputs.Slice(0, 0, 1);
        var trace = LazyAdding.Value.After.Trace(input);
        return Chart.Matrices("An LSTM that has learned to add the two marked numbers",
        [
            new("numbers and marks", Transposed(input), 0, 1) { RowLabel = "features" }, new("input gate i", Transposed(trace.InputGate), 0, 1), new("forget gate f", Transposed(trace.ForgetGate), 0, 1),
            new("output gate o", Transposed(trace.OutputGate), 0, 1), new("proposal g", Transposed(trace.Proposal), -1, 1), new("cell c", Transposed(trace.Cell)),
        ]);
    }

    public static Chart Eigenvalues() => Chart.Eigenvalues("Recurrent weights of an LSTM's proposal, before and after training",
    [
        ("orthogonal at first", RecurrentAnalysis.Eigenvalues(LazyAdding.Value.Before)), ("trained", RecurrentAnalysis.Eigenvalues(LazyAdding.Value.After)),
    ]);

    public static Chart Forecast()
    {
        const int Lookback = 36;
        const int Horizon = 18;
        var values = BuiltInDatasets.Load("co2")["value"].Numbers.ToArray();
        var (train, test) = ((int)(0.7 * values.Length), (int)(0.8 * values.Length));
        var encoder = SeriesEncoder.Fit(values.AsSpan(0, train), "value", Lookback, Horizon);
        var model = Network.Input(Lookback, encoder.Features).Lstm(32).Dense(Horizon).Build(seed: 1);
        new Trainer(model, Loss.MeanSquaredError, new Adam(5e-3)) { Seed = 1, ClipNorm = 1 }.Fit(new SeriesDataset(values, encoder, 0, train), epochs: 60, batchSize: 32);
        double[] From(int origin)
        {
            var input = new float[Lookback * encoder.Features];
            encoder.Encode(values.AsSpan(0, origin + 1), input);
            return encoder.Decode(values[origin], model.Predict(Tensor.From(input, (1, Lookback, encoder.Features))).AsSpan<float>());
        }
        var errors = Backtest.Run(values, test, values.Length - test - Horizon, Horizon, From);
        var origin = test + 30;
        return Chart.Forecast("Carbon dioxide at Mauna Loa: 18 months ahead", "CO₂ (ppm)", values[(origin - 47)..(origin + 1)], From(origin), values[(origin + 1)..(origin + 1 + Horizon)], errors.RmseByStep, origin - 47);
    }

    private static double[,] Transposed(Tensor tensor)
    {
        var matrix = new double[tensor.Shape[2], tensor.Shape[1]];
        for (var i = 0; i < matrix.Length; i++)
            matrix[i % tensor.Shape[2], i / tensor.Shape[2]] = tensor[0, i / tensor.Shape[2], i % tensor.Shape[2]];
        return matrix;
    }
}
