using System.Numerics;

namespace Glia.Layers;

/// <summary>
/// What makes recurrent layers hard to train, made visible: a gradient that goes back through t steps is multiplied t times by the recurrent weights
/// (and by slopes of at most 1), so that it vanishes or explodes as their powers do (Bengio et al. 1994; Pascanu et al. 2013).
/// </summary>
public static class RecurrentAnalysis
{
    /// <summary>
    /// The recurrent weights of one gate, (hidden, hidden), as Float64: a copy of a block of <see cref="RecurrentLayer.WeightHh"/>, times the projection if
    /// an <see cref="Lstm"/> has one.
    /// </summary>
    /// <param name="layer">A trained or untrained layer.</param>
    /// <param name="gate">Which gate; the proposal of the new state by default.</param>
    /// <exception cref="ArgumentException">The layer has no such gate.</exception>
    public static Tensor RecurrentMatrix(RecurrentLayer layer, RecurrentGate gate = RecurrentGate.Proposal)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var index = layer.Gates.ToList().IndexOf(gate);
        if (index < 0)
            throw new ArgumentException($"{layer.Describe()} has no gate {gate}. It has {string.Join(", ", layer.Gates)}.", nameof(gate));
        using var noGrad = Gradients.NoGrad();
        var block = layer.WeightHh.Slice(0, index * layer.HiddenSize, layer.HiddenSize).To(DType.Float64);
        return (layer is Lstm { WeightHr: { } projection } ? block.MatMul(projection.To(DType.Float64)) : block).Clone();
    }

    /// <summary>The eigenvalues of the recurrent weights of one gate, from the largest absolute value to the smallest.</summary>
    /// <inheritdoc cref="RecurrentMatrix"/>
    public static IReadOnlyList<Complex> Eigenvalues(RecurrentLayer layer, RecurrentGate gate = RecurrentGate.Proposal) => Eigenvalues(RecurrentMatrix(layer, gate));

    /// <summary>The eigenvalues of a real square matrix, from the largest absolute value to the smallest; of a conjugate pair the one above the real axis first.</summary>
    /// <param name="matrix">A square matrix of finite numbers.</param>
    /// <exception cref="ShapeException">The tensor is no square matrix.</exception>
    /// <exception cref="ArgumentException">An element is not finite.</exception>
    public static IReadOnlyList<Complex> Eigenvalues(Tensor matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rank != 2 || matrix.Shape[0] != matrix.Shape[1])
            throw ShapeException.Of("Eigenvalues", "a square matrix", $"{matrix.Shape}");
        var elements = matrix.Detach().To(DType.Float64).ToArray<double>();
        if (!Array.TrueForAll(elements, double.IsFinite))
            throw new ArgumentException("Eigenvalues expects finite numbers, but the matrix holds NaN or infinity.", nameof(matrix));
        return [.. RealEigenvalues.Of(elements, matrix.Shape[0]).OrderByDescending(v => v.Magnitude).ThenByDescending(v => v.Real).ThenByDescending(v => v.Imaginary)];
    }

    /// <summary>The largest absolute value of the eigenvalues: below 1 the powers of the weights vanish, above 1 they explode.</summary>
    /// <inheritdoc cref="RecurrentMatrix"/>
    public static double SpectralRadius(RecurrentLayer layer, RecurrentGate gate = RecurrentGate.Proposal) => Eigenvalues(layer, gate)[0].Magnitude;

    /// <summary>‖Wᵗ‖₂ for t = 1, 2, …: by how much t steps can stretch a gradient, slopes of the activation aside.</summary>
    /// <param name="layer">A trained or untrained layer.</param>
    /// <param name="steps">How many powers, at least 1.</param>
    /// <param name="gate">Which gate; the proposal of the new state by default.</param>
    /// <exception cref="ArgumentException">The layer has no such gate, or there are no steps.</exception>
    public static IReadOnlyList<double> PowerNorms(RecurrentLayer layer, int steps, RecurrentGate gate = RecurrentGate.Proposal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        var matrix = RecurrentMatrix(layer, gate);
        var norms = new double[steps];
        using var noGrad = Gradients.NoGrad();
        // The power is kept at a norm of 1 with its size beside it, so that neither the largest nor the smallest is lost.
        var (power, scale) = (Tensor.From(Identity(matrix.Shape[0]), matrix.Shape), 1.0);
        for (var t = 0; t < steps; t++)
        {
            using var scope = new TensorScope();
            var next = power.MatMul(matrix);
            var norm = SpectralNorm(next);
            scale *= norm;
            norms[t] = scale;
            power = norm > 0 ? (next * (1 / norm)).Clone() : next.Clone();
        }
        return norms;
    }

    /// <summary>
    /// ‖∂ℓ/∂h[t]‖₂ for every time step t: how much of the loss's gradient arrives there, over the whole batch. With a loss of the last output, what is left at the first
    /// steps says how far back the layer can learn.
    /// </summary>
    /// <param name="layer">A trained or untrained layer.</param>
    /// <param name="input">(batch, time, features).</param>
    /// <param name="loss">A single number computed from the layer's output, with tensor operations.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    /// <exception cref="ShapeException">The input does not fit, or the loss is not a single number.</exception>
    public static IReadOnlyList<double> GradientNorms(RecurrentLayer layer, Tensor input, Func<RecurrentOutput, Tensor> loss, ForwardContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(loss);
        return GradientNorms(recording => loss(layer.Run(input, context: recording)), context).Single().Norms;
    }

    /// <summary>
    /// ‖∂ℓ/∂h[t]‖₂ for every time step t of every recurrent layer of a model, by name: <c>norms["lstm1"]</c>, <c>norms["bidirectional1.backward"]</c>. States
    /// that stateful layers keep are neither used nor changed.
    /// </summary>
    /// <param name="model">A network or free-form module, trained or untrained.</param>
    /// <param name="input">What its Forward takes.</param>
    /// <param name="loss">A single number computed from the model's output, with tensor operations.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    /// <returns>The norms by the path of the layer, in the order in which the layers ran. A layer's second call is <c>name#2</c>.</returns>
    /// <exception cref="ArgumentException">No recurrent layer ran.</exception>
    /// <exception cref="ShapeException">The input does not fit, or the loss is not a single number.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<double>> GradientNormsByLayer(
        Module model, Tensor input, Func<Tensor, Tensor> loss, ForwardContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        var norms = GradientNorms(recording => loss(model.Forward(input, recording)), context);
        return norms.Count > 0
            ? new Dictionary<string, IReadOnlyList<double>>(norms.Select(n => KeyValuePair.Create(n.Name, n.Norms)))
            : throw new ArgumentException($"{model.Describe()} ran no recurrent layer. Give a model with a SimpleRnn, an Lstm or a Gru.", nameof(model));
    }

    /// <summary>The recurrent layers inside a model by path, such as <c>bidirectional1.forward</c>, to look at their weights by name.</summary>
    /// <param name="model">A network or free-form module.</param>
    public static IReadOnlyDictionary<string, RecurrentLayer> LayersOf(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var layers = new Dictionary<string, RecurrentLayer>(StringComparer.Ordinal);
        Collect(model);
        return layers;

        void Collect(Module module)
        {
            if (module is RecurrentLayer layer)
                layers.Add(layer.Path, layer);
            foreach (var (_, child) in module.Children)
                Collect(child);
        }
    }

    private static List<(string Name, IReadOnlyList<double> Norms)> GradientNorms(Func<ForwardContext, Tensor> loss, ForwardContext? context)
    {
        var recorded = new RecordedStates();
        using var recording = Autograd.GradientMode.Set(recording: true);
        var value = loss((context ?? ForwardContext.Inference).WithStates(recorded));
        if (value.Count != 1)
            throw ShapeException.Of("GradientNorms", "a loss that is a single number", $"{value.Shape}", "Reduce it, for example with Mean().");
        Tensor[] states = [.. recorded.Layers.SelectMany(l => l.States)];
        // A loss that looks at no output has no graph to go back through.
        var norms = value.RequiresGrad && states.Length > 0
            ? Array.ConvertAll(Gradients.Of(value, states), g => g.Detach().Square().Sum().Sqrt().Item())
            : new double[states.Length];
        var result = new List<(string, IReadOnlyList<double>)>();
        var first = 0;
        foreach (var (name, own) in recorded.Layers)
        {
            result.Add((name, norms[first..(first + own.Length)]));
            first += own.Length;
        }
        return result;
    }

    private static double[] Identity(int size)
    {
        var elements = new double[size * size];
        for (var i = 0; i < size; i++)
            elements[(i * size) + i] = 1;
        return elements;
    }

    /// <summary>The largest singular value, by power iteration on MᵀM.</summary>
    private static double SpectralNorm(Tensor matrix)
    {
        const int MostIterations = 1000;
        const double Accuracy = 1e-13;
        var largest = matrix.Abs().Max().Item();
        if (largest == 0 || !double.IsFinite(largest))
            return largest;
        var scaled = matrix * (1 / largest);
        var vector = Tensor.Normal(new Rng(1), (matrix.Shape[1], 1), dtype: DType.Float64);
        var norm = 0.0;
        for (var i = 0; i < MostIterations; i++)
        {
            vector *= 1 / vector.Square().Sum().Sqrt().Item();
            var image = scaled.MatMul(vector);
            var (before, length) = (norm, image.Square().Sum().Sqrt().Item());
            norm = length;
            if (norm == 0 || Math.Abs(norm - before) <= Accuracy * norm)
                break;
            vector = scaled.MatMul(image, transposeA: true);
        }
        return norm * largest;
    }
}
