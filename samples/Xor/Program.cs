// A module and a training loop of one's own: exclusive or, the function that no single neuron can compute.
using System.Globalization;
using Glia;
using Glia.Layers;
using Glia.Optimizers;

var inputs = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
var targets = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

var model = new Xor();
model.Initialize(seed: 1);
var optimizer = new Adam(learningRate: 0.05).Attach(model.Parameters);

for (var step = 1; step <= 500; step++)
{
    // Everything computed inside the scope gives its memory back at its end; parameters and their gradients stay.
    using var scope = new TensorScope();
    var loss = Loss.BinaryCrossEntropy.Compute(model.Forward(inputs), targets);
    optimizer.ZeroGrad();
    loss.Backward();
    optimizer.Step();
    if (step % 100 == 0)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}: loss {loss.Item():F4}"));
}

var probabilities = model.Predict(inputs).Sigmoid();
var correct = 0;
for (var row = 0; row < 4; row++)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inputs[row, 0]} xor {inputs[row, 1]} = {probabilities[row, 0]:F3}"));
    correct += (probabilities[row, 0] > 0.5) == (targets[row, 0] > 0.5) ? 1 : 0;
}
Console.WriteLine($"accuracy {25 * correct} %");

/// <summary>Four tanh units and what they feed: h = tanh(W₁x + b₁), y = W₂h + b₂.</summary>
internal sealed class Xor : Module
{
    private readonly Dense _hidden;
    private readonly Dense _output;

    public Xor()
    {
        _hidden = Add("hidden", new Dense(2, 4));
        _output = Add("output", new Dense(4, 1));
    }

    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var h = _hidden.Forward(input, context).Tanh();
        return _output.Forward(h, context);
    }
}
