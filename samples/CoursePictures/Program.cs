// Draws the pictures of the course pages as SVG files: CoursePictures docs/course/images
using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Layers;
using Glia.Models;
using Glia.Plots;

var folder = args is [var given] ? given : ".";
Directory.CreateDirectory(folder);

(string File, Layer Layer)[] activations =
[
    ("identity", new Identity()), ("sigmoid", new Sigmoid()), ("tanh", new Tanh()), ("relu", new ReLU()), ("softplus", new Softplus()),
    ("leakyrelu", new LeakyReLU()), ("prelu", new PReLU()), ("swish", new Swish()), ("gelu", new GELU()), ("gelu-tanh", new GELU(approximate: true)),
    ("elu", new ELU()), ("selu", new SELU()), ("mish", new Mish()), ("hardsigmoid", new HardSigmoid()), ("hardswish", new HardSwish()),
    ("hardtanh", new HardTanh()), ("softsign", new Softsign()), ("logsigmoid", new LogSigmoid()),
];
foreach (var (file, layer) in activations)
    Save(file, Chart.Activation(layer, title: layer is GELU { Approximate: true } ? "GELU by tanh" : null));
Save("relu6", Chart.Activation(new ReLU6(), -3, 9));

// These look at several numbers at once, so one of them moves and the others stay.
Save("softmax", Chart.Function("Softmax of (x, 0, −1)", OfThree(new Softmax()), "x", ""));
Save("logsoftmax", Chart.Function("LogSoftmax of (x, 0, −1)", OfThree(new LogSoftmax()), "x", ""));
Save("glu", Chart.Function("GLU of (a, b)", [.. new[] { -2.0, 0, 2 }.Select(b => ChartPoints.Of($"b = {b}".Replace('-', '−'), a => Apply(new GLU(), 0, a, b), -5, 5))], "a", ""));

SavePerceptron("perceptron-separable", "Two clusters: pass {0} made no mistake", BuiltInDatasets.Load("two-clusters"), passes: 100);
SavePerceptron("perceptron-xor", "XOR: {0} passes, and no line will do", BuiltInDatasets.Load("xor"), passes: 20);
SaveDepthInTime();
Save("rate-range", TrainingPictures.RateRange());
Save("loss-landscape", TrainingPictures.Landscape());
Console.WriteLine($"{Directory.GetFiles(folder, "*.svg").Length} pictures in {folder}");

void Save(string file, Chart chart) => chart.SaveSvg(Path.Combine(folder, file + ".svg"));

static double Apply(Layer layer, int output, params double[] x) => layer.Forward(Tensor.From(x, (1, x.Length)).To(DType.Float32))[0, output];

static ChartPoints[] OfThree(Layer layer) => [OneOf(layer, 0, "of x"), OneOf(layer, 1, "of 0"), OneOf(layer, 2, "of −1")];

static ChartPoints OneOf(Layer layer, int output, string name) => ChartPoints.Of(name, x => Apply(layer, output, x, 0, -1), -5, 5);

void SavePerceptron(string file, string title, Table table, int passes)
{
    double[][] points = [.. Enumerable.Range(0, table.RowCount).Select(row => (double[])[table["x"].Numbers[row], table["y"].Numbers[row]])];
    double[] labels = [.. Enumerable.Range(0, table.RowCount).Select(row => table["class"].GetText(row) == "1" ? 1.0 : -1)];
    var perceptron = new Perceptron(features: 2);
    var report = perceptron.Fit(points, labels, maxPasses: passes);
    Save(file, Chart.DecisionLine(string.Format(null, title, report.MistakesPerPass.Count), [Class("class −1", -1), Class("class 1", 1)], perceptron.Weights.ToArray(), perceptron.Bias, "x", "y"));

    ChartPoints Class(string name, double label)
    {
        double[][] own = [.. points.Where((_, i) => labels[i] == label)];
        return new ChartPoints(name, [.. own.Select(p => p[0])], [.. own.Select(p => p[1])]);
    }
}

// How far back a gradient reaches: powers of the recurrent weights, and the gradient of the last output at every step of a sequence.
void SaveDepthInTime()
{
    const int Steps = 100;
    double[] times = [.. Enumerable.Range(1, Steps).Select(t => (double)t)];
    Save("power-norms", Chart.Function("‖Wᵗ‖ for three spectral radii", [.. new[] { 0.9, 1, 1.1 }.Select(Powers)], "t", "‖Wᵗ‖", logScale: true));

    var input = SequenceTasks.Adding(32, Steps, seed: 1).Inputs;
    Save("gradient-norms", Chart.Function(
        "Gradient of the last output at every step, untrained",
        [Norms("SimpleRnn", new SimpleRnn(2, 32)), Norms("Gru", new Gru(2, 32)), Norms("Lstm", new Lstm(2, 32)), Norms("Lstm, forget bias 4", new Lstm(2, 32, new() { ForgetBias = 4 }))],
        "time step",
        "‖∂ℓ/∂h‖",
        logScale: true));

    ChartPoints Powers(double radius)
    {
        var layer = new SimpleRnn(2, 16);
        layer.Initialize(seed: 1);
        layer.WeightHh.CopyFrom(layer.WeightHh.Detach() * radius);
        return new ChartPoints(string.Create(CultureInfo.InvariantCulture, $"radius {radius:F1}"), times, RecurrentAnalysis.PowerNorms(layer, Steps));
    }

    ChartPoints Norms(string name, RecurrentLayer layer)
    {
        layer.Initialize(seed: 1);
        return new ChartPoints(name, times, RecurrentAnalysis.GradientNorms(layer, input, run => run.Last.Sum()));
    }
}
