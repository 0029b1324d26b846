using System.Globalization;
using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Glia.Benchmarks.Peer;

/// <summary>
/// A character language model trained by Glia and by PyTorch's library, from the same initial weights on the same batches: bits per character on text
/// that neither has seen.
/// </summary>
internal static class LanguageModel
{
    private const int TrainCharacters = 900_000;
    private const int TestCharacters = 100_000;
    private const int Units = 128;
    private const int Window = 64;
    private const int BatchSize = 32;
    private const double LearningRate = 3e-3;
    private const double ClipNorm = 5;
    private const double Tolerance = 0.01;
    private static readonly int[] Checkpoints = [500, 1000];

    public static int Run(string path)
    {
        var text = TextFile.Read(path);
        if (text.Length < TrainCharacters + TestCharacters)
        {
            Console.Error.WriteLine($"{path} has {text.Length} characters, but {TrainCharacters} to train and {TestCharacters} to test are needed. Give a longer text.");
            return 2;
        }
        text = text[..(TrainCharacters + TestCharacters)];
        var vocabulary = Vocabulary.Fit(text);
        var codes = vocabulary.Encode(text);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"LSTM of {Units} units on {vocabulary.Count} characters, windows of {Window}, batches of {BatchSize}, Adam {LearningRate}, norm clipped to {ClipNorm}"));
        Console.WriteLine($"{"seed",4}{"steps",8}{"Glia",10}{"PyTorch, one bias",20}{"PyTorch, two biases",22}");
        var agree = true;
        ulong[] seeds = [1, 2, 3];
        var means = Checkpoints.ToDictionary(step => step, _ => new double[3]);
        foreach (var seed in seeds)
        {
            using var glia = new GliaModel(vocabulary.Count, seed);
            using var one = new TorchModel(glia, biases: 1);
            using var two = new TorchModel(glia, biases: 2);
            ILanguageModel[] models = [glia, one, two];
            var rng = new Rng(seed).Split("batches");
            for (var step = 1; step <= Checkpoints[^1]; step++)
            {
                var batch = Batch(codes, [.. Enumerable.Range(0, BatchSize).Select(_ => rng.NextInt(TrainCharacters - Window))]);
                foreach (var model in models)
                    model.Step(batch);
                if (!Checkpoints.Contains(step))
                    continue;
                var bits = Array.ConvertAll(models, model => Bits(model, codes));
                agree &= Math.Abs((bits[0] / bits[1]) - 1) < Tolerance;
                for (var i = 0; i < bits.Length; i++)
                    means[step][i] += bits[i] / seeds.Length;
                Print($"{seed,4}", step, bits);
            }
        }
        foreach (var (step, bits) in means)
        {
            // With other parameters single runs drift apart, so that only their mean compares.
            agree &= bits[0] < bits[2] * (1 + Tolerance);
            Print("mean", step, bits);
        }
        if (!agree)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Bits per character differ by more than {100 * Tolerance} %."));
        return agree ? 0 : 1;
    }

    private static void Print(string row, int step, double[] bits) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row}{step,8}{bits[0],10:F4}{bits[1],20:F4}{bits[2],22:F4}"));

    /// <summary>Characters of windows that begin at some places, and those that follow them.</summary>
    private static (long[] Input, long[] Target) Batch(ushort[] codes, int[] starts)
    {
        long[] From(int shift) => [.. starts.SelectMany(start => codes.AsSpan(start + shift, Window).ToArray()).Select(code => (long)code)];
        return (From(0), From(1));
    }

    /// <summary>The mean over all whole windows of the test text, each read from a state of zeros.</summary>
    private static double Bits(ILanguageModel model, ushort[] codes)
    {
        int[] starts = [.. Enumerable.Range(0, (TestCharacters - 1) / Window).Select(i => TrainCharacters + (i * Window))];
        var sum = 0.0;
        foreach (var part in starts.Chunk(100))
            sum += model.Loss(Batch(codes, part)) * part.Length;
        return sum / starts.Length / Math.Log(2);
    }

    private interface ILanguageModel
    {
        void Step((long[] Input, long[] Target) batch);

        /// <summary>The mean cross-entropy in nats.</summary>
        double Loss((long[] Input, long[] Target) batch);
    }

    private sealed class GliaModel : ILanguageModel, IDisposable
    {
        private readonly int _classes;
        private readonly Optimizer _optimizer;
        private readonly Loss _loss = new CrossEntropyLoss(classAxis: -1);
        private readonly List<Parameter> _parameters;

        public GliaModel(int classes, ulong seed)
        {
            _classes = classes;
            Network = Glia.Network.Input(Window, classes).Lstm(Units, returnSequences: true).Dense(classes).Build(seed);
            _parameters = [.. Network.Parameters];
            _optimizer = new Adam(LearningRate).Attach(_parameters);
        }

        public SequentialNetwork Network { get; }

        public void Step((long[] Input, long[] Target) batch)
        {
            using var scope = new TensorScope();
            Compute(batch).Backward();
            GradientClipping.ByNorm(_parameters, ClipNorm);
            _optimizer.Step();
            _optimizer.ZeroGrad();
        }

        double ILanguageModel.Loss((long[] Input, long[] Target) batch)
        {
            using var scope = new TensorScope();
            using var noGrad = Gradients.NoGrad();
            return Compute(batch).Item();
        }

        public void Dispose() => (_optimizer as IDisposable)?.Dispose();

        private Tensor Compute((long[] Input, long[] Target) batch)
        {
            Shape shape = (batch.Input.Length / Window, Window);
            return _loss.Compute(Network.Forward(Tensor.OneHot(Tensor.From(batch.Input, shape), _classes)), Tensor.From(batch.Target, shape));
        }
    }

    /// <summary>The same by libtorch. With one bias per gate it is Glia's network number by number; with two, which are added, it is torch.nn.LSTM as it comes.</summary>
    private sealed class TorchModel : ILanguageModel, IDisposable
    {
        private readonly int _classes;
        private readonly TorchSharp.Modules.LSTM _lstm;
        private readonly TorchSharp.Modules.Linear _head;
        private readonly TorchSharp.Modules.Parameter[] _parameters;
        private readonly optim.Optimizer _optimizer;

        public TorchModel(GliaModel glia, int biases)
        {
            var lstm = (Lstm)glia.Network.Layers[0];
            var dense = (Dense)glia.Network.Layers[1];
            _classes = dense.Bias!.Count;
            _lstm = nn.LSTM(_classes, Units, batchFirst: true);
            _head = nn.Linear(Units, _classes);
            using (no_grad())
            {
                Set(_lstm.get_parameter("weight_ih_l0"), lstm.WeightIh);
                Set(_lstm.get_parameter("weight_hh_l0"), lstm.WeightHh);
                Set(_lstm.get_parameter("bias_ih_l0"), lstm.Bias!);
                _lstm.get_parameter("bias_hh_l0")!.zero_();
                Set(_head.weight, dense.Weight);
                Set(_head.bias, dense.Bias);
            }
            _parameters =
            [
                .. _lstm.named_parameters().Where(p => biases == 2 || p.name != "bias_hh_l0").Select(p => p.parameter),
                .. _head.parameters(),
            ];
            _optimizer = optim.Adam(_parameters, LearningRate);

            static void Set(TorchSharp.Modules.Parameter? to, Parameter from) => to!.copy_(tensor(from.ToArray<float>()).reshape(to.shape));
        }

        public void Step((long[] Input, long[] Target) batch)
        {
            using var scope = NewDisposeScope();
            _lstm.zero_grad();
            _head.zero_grad();
            Compute(batch).backward();
            nn.utils.clip_grad_norm_(_parameters, ClipNorm);
            _optimizer.step();
        }

        public double Loss((long[] Input, long[] Target) batch)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            return Compute(batch).item<float>();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _lstm.Dispose();
            _head.Dispose();
        }

        private torch.Tensor Compute((long[] Input, long[] Target) batch)
        {
            var input = nn.functional.one_hot(tensor(batch.Input, [batch.Input.Length / Window, Window]), _classes).to(ScalarType.Float32);
            var logits = _head.forward(_lstm.forward(input).Item1);
            return nn.functional.cross_entropy(logits.reshape(-1, _classes), tensor(batch.Target));
        }
    }
}
