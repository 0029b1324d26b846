using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;

namespace Glia.DoctorStudy;

/// <summary>The network, loss and trainer of a plan.</summary>
internal static class PlanModel
{
    public static Module Create(Plan plan, PlanData data)
    {
        var outputs = data.Classes > 0 ? data.Classes : data.Targets.Count / data.Targets.Shape[0];
        var network = Build(plan, data.Train.InputShape, outputs, isPerStep: data.Classes > 0 && data.Targets.Rank > 1);
        if (plan.Head == Head.Rectified)
            network.ReLU();
        var model = network.Build(plan.Seed);
        Initialize(plan, model);
        if (plan.IsFirstLayerFrozen)
        {
            foreach (var parameter in LayersWithWeights(model).First().Parameters)
                parameter.IsTrainable = false;
        }
        // A module of one's own, since a network that ends in softmax is refused for this loss.
        return plan.Head == Head.Softmax ? new SoftmaxAtTheEnd(model) : model;
    }

    public static Loss LossOf(Plan plan, PlanData data) => (data.Classes, plan.Head) switch
    {
        (0, _) => Loss.MeanSquaredError,
        (_, Head.SquaredError) => Loss.MeanSquaredError,
        _ when data.Targets.Rank > 1 => new CrossEntropyLoss(classAxis: -1),
        _ when plan.WeighsClasses => new CrossEntropyLoss(classWeights: ClassWeights.Balanced(data.Targets, data.Classes)),
        _ => Loss.CrossEntropy,
    };

    public static Optimizer OptimizerOf(Plan plan) => plan.Optimizer switch
    {
        "sgd" => new Sgd(plan.LearningRate),
        "momentum" => new Sgd(plan.LearningRate, momentum: 0.9),
        "adamw" => new AdamW(plan.LearningRate),
        "rmsprop" => new RMSprop(plan.LearningRate),
        _ => new Adam(plan.LearningRate),
    };

    private static Network Build(Plan plan, Shape input, int outputs, bool isPerStep)
    {
        switch (plan.Family)
        {
            case "cnn":
                var images = Network.Input(input.Sizes).Conv2D(8, 3, padding: 1);
                Bent(images, plan.Activation).Conv2D(16, 3, padding: 1);
                Bent(images, plan.Activation).MaxPool2D(2).Flatten();
                return Tail(plan, images, outputs);
            case "cnn-lstm":
                return Network.Sequence(input[0], input.Sizes[1..])
                    .TimeDistributed(b => b.Conv2D(8, 3, padding: 1).ReLU().MaxPool2D(2).Flatten().Dense(32).ReLU())
                    .Lstm(32).Dense(outputs);
            case "lstm" or "gru" or "rnn":
                var sequence = Network.Sequence(input[0], input.Sizes[1..]);
                var units = plan.Hidden is [var first, ..] ? first : 16;
                sequence = plan.Family switch
                {
                    "lstm" => sequence.Lstm(units, returnSequences: isPerStep),
                    "gru" => sequence.Gru(units, returnSequences: isPerStep),
                    _ => sequence.SimpleRnn(units, returnSequences: isPerStep),
                };
                return sequence.Dense(outputs);
            case "transformer":
                return Network.Sequence(input[0], input.Sizes[1..]).Dense(32).TransformerEncoder(heads: 4, feedForward: 64, layers: 1).Flatten().Dense(outputs);
            default:
                var flat = Network.Input(input.Sizes);
                return Tail(plan, input.Rank > 1 ? flat.Flatten() : flat, outputs);
        }
    }

    private static Network Tail(Plan plan, Network network, int outputs)
    {
        foreach (var units in plan.Hidden)
            Bent(network.Dense(units), plan.Activation);
        return network.Dense(outputs);
    }

    private static Network Bent(Network network, Bend bend) => bend switch
    {
        Bend.ReLU => network.ReLU(),
        Bend.Tanh => network.Tanh(),
        Bend.Sigmoid => network.Sigmoid(),
        _ => network,
    };

    private static void Initialize(Plan plan, Module model)
    {
        if (plan.Weights == Start.Default)
            return;
        foreach (var (name, tensor) in model.StateDict())
        {
            if (tensor is not Parameter { Rank: >= 2 })
                continue;
            tensor.CopyFrom(plan.Weights switch
            {
                Start.Zero => Tensor.Zeros(tensor.Shape),
                // A deviation of 1, whatever the number of inputs; for recurrent weights that of a radius of 3.
                Start.Wide => Tensor.Normal(new Rng(plan.Seed).Split(name), tensor.Shape, 0, name.Contains("hh", StringComparison.OrdinalIgnoreCase) ? 3 / Math.Sqrt(tensor.Shape[1]) : 1),
                _ => tensor.Detach() * 0.01,
            });
        }
    }

    private static IEnumerable<Module> LayersWithWeights(SequentialNetwork model) => model.Layers.Where(l => l.ParameterCount > 0);

    private sealed class SoftmaxAtTheEnd : Module
    {
        private readonly SequentialNetwork _body;

        public SoftmaxAtTheEnd(SequentialNetwork body) => _body = Add("body", body);

        public override Tensor Forward(Tensor input, ForwardContext context) => _body.Forward(input, context).Softmax(-1);
    }
}
