using System.Numerics.Tensors;
using Glia.Data;
using Glia.Layers;

namespace Glia.Training.Diagnostics;

/// <summary>Looks inside a model around single steps: gradients and weights before, changes and activations after.</summary>
internal sealed class Prober(Module model, Batch batch, bool seesActivations)
{
    // Often in the beginning, where most goes wrong, and in all some fifty times in a hundred thousand steps.
    private const double Growth = 1.3;

    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _weights = LayerRoles.Weights(model);
    private readonly Dictionary<string, LayerRole> _roles = LayerRoles.Leaves(model).ToDictionary(l => l.Module.Path, l => LayerRoles.Of(l.Module), StringComparer.Ordinal);
    private readonly List<Probe> _probes = [];
    private (double Gradient, double Zeros, Histogram? Histogram)[]? _gradients;
    private Tensor[] _before = [];
    private double _next = 1;

    public IReadOnlyList<Probe> Probes => _probes;

    /// <summary>The step of the next look; fractions count.</summary>
    public double Next => _next;

    /// <summary>Goes on after looks that were made before.</summary>
    public void Resume(IReadOnlyList<Probe> probes, double next)
    {
        _probes.Clear();
        _probes.AddRange(probes);
        _next = next;
    }

    /// <summary>When the gradients of a step are there.</summary>
    public void BeforeStep(long step)
    {
        if (step < (long)_next)
            return;
        _next = Math.Max(_next + 1, _next * Growth);
        _gradients = [.. _weights.Select(w => Describe(w.Parameter.Grad))];
        if (_before.Length == 0)
            _before = [.. _weights.Select(w => w.Parameter.Detach().Clone())];
        else
            Copy();
    }

    /// <summary>When the step has changed the weights.</summary>
    public void AfterStep(long step)
    {
        if (_gradients is not { } gradients)
            return;
        _gradients = null;
        var parameters = new ParameterProbe[_weights.Count];
        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, weight) = _weights[i];
            var size = Norm(_before[i]);
            parameters[i] = new(name, gradients[i].Gradient, gradients[i].Zeros, size / Math.Sqrt(weight.Count), size == 0 ? (Distance(weight, _before[i]) == 0 ? 0 : 1) : Distance(weight, _before[i]) / size)
            {
                Weights = Histogram.Of(weight.Detach().To(DType.Float32).AsSpan<float>()),
                Gradients = gradients[i].Histogram,
            };
        }
        var (activations, variation) = seesActivations ? Activations() : ([], double.NaN);
        _probes.Add(new(step, parameters, activations, variation));
    }

    private void Copy()
    {
        for (var i = 0; i < _before.Length; i++)
            _before[i].CopyFrom(_weights[i].Parameter.Detach());
    }

    private (List<ActivationProbe> Activations, double Variation) Activations()
    {
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        var outputs = new LayerOutputs();
        var prediction = model.Forward(batch.Input, ModelProfiler.Context(batch, outputs));
        var found = new List<ActivationProbe>();
        foreach (var (name, output) in outputs)
        {
            if (!_roles.TryGetValue(name, out var role) || role is not (LayerRole.Rectifier or LayerRole.Squashing) || output.Shape[0] == 0)
                continue;
            var values = output.To(DType.Float32).AsSpan<float>();
            found.Add(new(name, role, role == LayerRole.Rectifier ? DeadShare(values, output.Shape) : 0, role == LayerRole.Squashing ? SaturatedShare(values) : 0) { Values = Histogram.Of(role == LayerRole.Rectifier ? Positive(values) : values) });
        }
        return (found, Variation(prediction));
    }

    private static (double Gradient, double Zeros, Histogram? Histogram) Describe(Tensor? gradient)
    {
        if (gradient is null)
            return (0, 1, null);
        var values = gradient.To(DType.Float32).AsSpan<float>();
        return (TensorPrimitives.Norm(values) / Math.Sqrt(values.Length), (double)values.Count(0f) / values.Length, Histogram.Of(values));
    }

    /// <summary>Without the zeros, which would be the one bar that is seen.</summary>
    private static float[] Positive(ReadOnlySpan<float> values)
    {
        var positive = new List<float>(values.Length / 2);
        foreach (var value in values)
        {
            if (value > 0)
                positive.Add(value);
        }
        return [.. positive];
    }

    /// <summary>A unit is a number of a dense layer, or a channel of an image.</summary>
    private static double DeadShare(ReadOnlySpan<float> values, Shape shape)
    {
        var (units, inner) = shape.Rank >= 4 ? (shape[1], shape.From(2).Count) : (shape[^1], 1);
        var rows = values.Length / (units * inner);
        var dead = 0;
        for (var unit = 0; unit < units; unit++)
        {
            var isDead = true;
            for (var row = 0; row < rows && isDead; row++)
                isDead = !values.Slice(((row * units) + unit) * inner, inner).ContainsAnyExcept(0f);
            dead += isDead ? 1 : 0;
        }
        return (double)dead / units;
    }

    private static double SaturatedShare(ReadOnlySpan<float> values)
    {
        // The range of sigmoid begins at 0, that of tanh at -1.
        var low = TensorPrimitives.Min(values) < 0 ? -0.99f : 0.01f;
        var count = 0;
        foreach (var value in values)
            count += value < low || value > 0.99f ? 1 : 0;
        return (double)count / values.Length;
    }

    private static double Variation(Tensor prediction)
    {
        if (prediction.Rank < 2 || prediction.Shape[0] < 2)
            return double.NaN;
        var values = prediction.To(DType.Float32).AsSpan<float>();
        var perSample = values.Length / prediction.Shape[0];
        double spread = 0, size = 0;
        for (var i = 0; i < perSample; i++)
        {
            double sum = 0, squares = 0;
            for (var j = i; j < values.Length; j += perSample)
            {
                sum += values[j];
                squares += (double)values[j] * values[j];
            }
            var mean = sum / prediction.Shape[0];
            spread += Math.Max(0, (squares / prediction.Shape[0]) - (mean * mean));
            size += squares / prediction.Shape[0];
        }
        return size == 0 ? 0 : Math.Sqrt(spread / size);
    }

    private static double Norm(Tensor tensor) => TensorPrimitives.Norm(tensor.To(DType.Float32).AsSpan<float>());

    private static double Distance(Tensor a, Tensor b) => TensorPrimitives.Distance(a.Detach().To(DType.Float32).AsSpan<float>(), b.To(DType.Float32).AsSpan<float>());
}
