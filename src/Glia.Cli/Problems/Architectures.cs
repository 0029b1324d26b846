using System.Globalization;
using Glia.Cli.Commands;
using Glia.Layers;
using Glia.Models;

namespace Glia.Cli.Problems;

/// <summary>The networks of the families.</summary>
internal static class Architectures
{
    private const int TextUnits = 128;
    private const int TransformerSize = 64;
    private const int SeriesUnits = 32;
    private const int SequenceUnits = 64;

    /// <summary>The family in words, and its network with first weights.</summary>
    public static (string Name, SequentialNetwork Network) Create(FamilyKind family, Problem problem, TrainOptions options)
    {
        var (shape, hidden, seed) = (problem.Train.InputShape, options.Hidden, options.Seed);
        if (options.Activation is not null && family is not (FamilyKind.Mlp or FamilyKind.Cnn))
            throw new UserException($"--activation is for mlp and cnn, but this is {Families.NameOf(family)}, whose cells have their own. Leave it out.");
        switch (family)
        {
            case FamilyKind.Mlp:
                var input = Network.Input(shape.Sizes);
                hidden ??= problem.Kind == ProblemKind.Series ? [64] : TrainingDefaults.IsSmall(problem) ? [64, 32] : [128, 64];
                return ("multi-layer perceptron", AddDense(shape.Rank > 1 ? input.Flatten() : input, shape.Count, hidden, problem.OutputCount, options).Build(seed));
            case FamilyKind.Cnn:
                return ("convolutional network", Convolutions(shape, hidden ?? [64], problem.OutputCount, options).Build(seed));
            case FamilyKind.Transformer:
                return ("Transformer", Transformer(problem, hidden ?? [TransformerSize, TransformerSize], options.Dropout ?? 0.1, seed));
            case FamilyKind.CnnLstm:
                return ("convolutional network for each image, then LSTM", Video(shape, hidden ?? [64], problem.OutputCount, options.Dropout).Build(seed));
            default:
                return ($"{CellName(family)} network", Recurrent(family, problem, hidden, options.Dropout).Build(seed));
        }
    }

    private static string CellName(FamilyKind family) => family switch
    {
        FamilyKind.Lstm => "LSTM",
        FamilyKind.Gru => "GRU",
        _ => "simple recurrent",
    };

    /// <summary>Recurrent layers, then a dense layer: for the last step, or for every one where there is an answer at each.</summary>
    private static Network Recurrent(FamilyKind family, Problem problem, int[]? hidden, double? dropout)
    {
        var shape = problem.Train.InputShape;
        hidden ??= problem.Kind switch
        {
            ProblemKind.Text => [TextUnits],
            ProblemKind.Series => [SeriesUnits],
            _ => [SequenceUnits],
        };
        if (hidden.Length == 0)
            throw new UserException("--hidden 0 leaves a recurrent network without a state. Give at least one size.");
        var network = Network.Sequence(shape[0], shape.Sizes[1..]);
        var features = shape.Count / shape[0];
        if (problem.Kind == ProblemKind.Text)
        {
            network.OneHot(problem.OutputCount);
            features = problem.OutputCount;
        }
        var (gates, inputs, parameters) = (family == FamilyKind.Lstm ? 4 : family == FamilyKind.Gru ? 3 : 1, (double)features, 0.0);
        foreach (var units in hidden)
            (parameters, inputs) = (parameters + (gates * units * (inputs + units + 1.0)), units);
        RequireMemory(parameters + ((inputs + 1) * problem.OutputCount));
        for (var i = 0; i < hidden.Length; i++)
        {
            var returnSequences = i + 1 < hidden.Length || problem.IsPerStep;
            network = family switch
            {
                FamilyKind.Lstm => network.Lstm(hidden[i], returnSequences),
                FamilyKind.Gru => network.Gru(hidden[i], returnSequences),
                _ => network.SimpleRnn(hidden[i], returnSequences),
            };
        }
        return Dropped(network, dropout).Dense(problem.OutputCount, name: "output");
    }

    /// <summary>A layer for each size, which must be one and the same.</summary>
    private static SequentialNetwork Transformer(Problem problem, int[] hidden, double dropout, ulong seed)
    {
        const int Heads = 4;
        if (hidden.Length == 0 || hidden.Any(size => size != hidden[0] || size % Heads != 0))
            throw new UserException($"--hidden of a Transformer is the size of each layer, one and the same, which {Heads} divides, such as 64,64, but got {(hidden.Length == 0 ? "0" : string.Join(',', hidden))}.");
        var (size, vocabulary, window) = (hidden[0], problem.OutputCount, problem.Train.InputShape[0]);
        RequireMemory((hidden.Length * 12.0 * size * size) + (size * (2.0 * vocabulary + window)));
        return TransformerLanguageModel.Create(vocabulary, window, size, Heads, hidden.Length, dropout, seed);
    }

    private static Network Video(Shape input, int[] hidden, int outputs, double? dropout)
    {
        if (hidden.Length == 0)
            throw new UserException("--hidden 0 leaves a recurrent network without a state. Give at least one size.");
        RequireMemory(hidden.Sum(units => 8.0 * units * units));
        var network = Network.Sequence(input[0], input.Sizes[1..])
            .TimeDistributed(b => b.Conv2D(8, 3, padding: 1).ReLU().MaxPool2D(2).Conv2D(16, 3, padding: 1).ReLU().MaxPool2D(2).Flatten().Dense(64).ReLU());
        for (var i = 0; i < hidden.Length; i++)
            network.Lstm(hidden[i], returnSequences: i + 1 < hidden.Length);
        return Dropped(network, dropout).Dense(outputs, name: "output");
    }

    /// <summary>Blocks of convolution and pooling while the image is large enough, then fully connected layers.</summary>
    private static Network Convolutions(Shape input, int[] hidden, int outputs, TrainOptions options)
    {
        const int MaxFilters = 64;
        var network = Network.Input(input.Sizes);
        var (height, width, filters) = (input[1], input[2], 16);
        // An image as small as 8×8 is pooled once only: there is little to give away.
        Activate(network.Conv2D(filters, 3, padding: 1), options.Activation);
        if (Math.Min(height, width) >= 16)
        {
            network.MaxPool2D(2);
            (height, width) = (height / 2, width / 2);
        }
        do
        {
            filters = Math.Min(2 * filters, MaxFilters);
            Activate(network.Conv2D(filters, 3, padding: 1), options.Activation).MaxPool2D(2);
            (height, width) = (height / 2, width / 2);
        }
        while (Math.Min(height, width) >= 14);
        var flat = Dropped(network.Flatten(), options.Dropout ?? 0.3);
        return AddDense(flat, (long)filters * height * width, hidden, outputs, options with { Dropout = null });
    }

    private static Network AddDense(Network network, long inputs, int[] hidden, int outputs, TrainOptions options)
    {
        var (parameters, before) = (0.0, (double)inputs);
        foreach (var units in (int[])[.. hidden, outputs])
            (parameters, before) = (parameters + ((before + 1) * units), units);
        RequireMemory(parameters);
        foreach (var units in hidden)
            Dropped(Activate(network.Dense(units), options.Activation), options.Dropout);
        return network.Dense(outputs, name: "output");
    }

    private static Network Dropped(Network network, double? dropout) => dropout > 0 ? network.Dropout(dropout.Value) : network;

    private static Network Activate(Network network, ActivationKind? activation) => activation switch
    {
        ActivationKind.LeakyReLU => network.LeakyReLU(),
        ActivationKind.ELU => network.ELU(),
        ActivationKind.GELU => network.GELU(),
        ActivationKind.Swish => network.Swish(),
        ActivationKind.Tanh => network.Tanh(),
        _ => network.ReLU(),
    };

    /// <summary>Asked before weights are made: a system that promises more memory than it has would end the program without a word.</summary>
    private static void RequireMemory(double parameters)
    {
        // A weight, its gradient, the optimiser's two moments, and the best weights so far.
        const double BytesPerParameter = 5 * sizeof(float);
        const double Gibi = 1 << 30;
        var (needed, available) = (parameters * BytesPerParameter, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed > available)
        {
            throw new UserException(string.Create(
                CultureInfo.InvariantCulture,
                $"The network would have {parameters:G3} parameters, which take {needed / Gibi:F1} GiB to train, but there are {available / Gibi:F1} GiB of memory. Choose fewer neurons with --hidden."));
        }
    }
}
