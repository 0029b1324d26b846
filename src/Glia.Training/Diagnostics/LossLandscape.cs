using Glia.Data;
using Glia.Layers;

namespace Glia.Training.Diagnostics;

/// <summary>
/// The loss around a model's weights w, along a random direction or over the plane of two (H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, <i>Visualizing the loss landscape of
/// neural nets</i>, 2018, arXiv 1712.09913):
/// <code>
/// var slice = LossLandscape.Slice(model, Loss.CrossEntropy, train);
/// Console.WriteLine(slice.IsPlateau);
/// </code>
/// A direction d is Gaussian and then <em>filter-normalised</em>: each filter or neuron (index i of the first axis of a trained weight with two axes or more) is given the norm that it
/// has in w, dᵢ ← dᵢ·‖wᵢ‖/‖dᵢ‖, so that landscapes of models whose weights are scaled differently compare. Biases, the parameters of normalisations and frozen parameters do not
/// move. The loss is that of <see cref="Trainer.Evaluate"/> over some of the samples, in inference mode. Afterwards the weights, running statistics and states of layers are as
/// before, to the bits, also after an exception; gradients are not touched. The same seed gives the same bits for any number of threads.
/// </summary>
public static class LossLandscape
{
    internal const double PlateauShare = 0.5;
    private const double LevelShare = 0.01;

    /// <summary>The loss along a random direction: L(w + αd).</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The samples.</param>
    /// <param name="options">How far, how finely and over how many samples; 41 points from −1 to 1 over 512 samples by default.</param>
    /// <param name="cancellation">Ends it by an <see cref="OperationCanceledException"/>; everything is put back.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, the model has nothing to train or ends in an activation that the loss applies itself, or the loss gives more than one number.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="NotSupportedException">The samples have weights, but the loss cannot weigh samples.</exception>
    public static LossSlice Slice(Module model, Loss loss, Dataset data, LossLandscapeOptions? options = null, CancellationToken cancellation = default)
    {
        options = Checked(model, loss, data, options);
        return Slice(model, loss, data, Direction(model, options.Seed, "first"), options, cancellation);
    }

    /// <summary>The loss over the plane of two random directions: L(w + αd + βe), with d that of <see cref="Slice(Module, Loss, Dataset, LossLandscapeOptions?, CancellationToken)"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The samples.</param>
    /// <param name="options">How far, how finely and over how many samples; 25 × 25 points from −1 to 1 over 512 samples by default.</param>
    /// <param name="cancellation">Ends it by an <see cref="OperationCanceledException"/>; everything is put back.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, the model has nothing to train or ends in an activation that the loss applies itself, or the loss gives more than one number.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="NotSupportedException">The samples have weights, but the loss cannot weigh samples.</exception>
    public static LossSurface Surface(Module model, Loss loss, Dataset data, LossLandscapeOptions? options = null, CancellationToken cancellation = default)
    {
        options = Checked(model, loss, data, options);
        return Surface(model, loss, data, (Direction(model, options.Seed, "first"), Direction(model, options.Seed, "second")), options, cancellation);
    }

    /// <summary>The same along a given direction: names of parameters and what is added to them at α = 1.</summary>
    internal static LossSlice Slice(
        Module model, Loss loss, Dataset data, IReadOnlyDictionary<string, double[]> direction, LossLandscapeOptions options, CancellationToken cancellation = default)
    {
        var alphas = Steps(options.SlicePoints, options.Range);
        return Measure(model, loss, data, options, lossAt =>
        {
            var center = lossAt([]);
            return new LossSlice(alphas, [.. alphas.Select(alpha => lossAt([(alpha, direction)]))], center);
        }, cancellation);
    }

    internal static LossSurface Surface(
        Module model,
        Loss loss,
        Dataset data,
        (IReadOnlyDictionary<string, double[]> First, IReadOnlyDictionary<string, double[]> Second) directions,
        LossLandscapeOptions options,
        CancellationToken cancellation = default)
    {
        var steps = Steps(options.SurfacePoints, options.Range);
        return Measure(model, loss, data, options, lossAt =>
        {
            var center = lossAt([]);
            double[][] losses = [.. steps.Select(beta => steps.Select(alpha => lossAt([(alpha, directions.First), (beta, directions.Second)])).ToArray())];
            return new LossSurface(steps, steps, losses, center);
        }, cancellation);
    }

    /// <summary>A random filter-normalised direction, by names of the parameters that it changes.</summary>
    internal static IReadOnlyDictionary<string, double[]> Direction(Module model, ulong seed, string part)
    {
        var rng = new Rng(seed).Split("landscape").Split(part);
        var direction = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var (name, weight) in Moving(model))
        {
            var values = Tensor.Normal(rng.Split(name), weight.Shape, dtype: DType.Float64).ToArray<double>();
            var weights = weight.Detach().To(DType.Float64).ToArray<double>();
            var filter = weight.Shape[0] == 0 ? 0 : values.Length / weight.Shape[0];
            for (var start = 0; start < values.Length; start += filter)
            {
                var own = values.AsSpan(start, filter);
                var norm = Norm(own);
                var scale = norm == 0 ? 0 : Norm(weights.AsSpan(start, filter)) / norm;
                foreach (ref var value in own)
                    value *= scale;
            }
            direction[name] = values;
        }
        return direction;
    }

    /// <summary>Whether a loss is as good as that of the centre.</summary>
    internal static bool IsLevel(double loss, double center) => Math.Abs(loss - center) <= LevelShare * Math.Abs(center);

    private static LossLandscapeOptions Checked(Module model, Loss loss, Dataset data, LossLandscapeOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        options.Check();
        if (data.Count == 0)
            throw new ArgumentException("A loss landscape is taken over samples, but the data set is empty.", nameof(data));
        Trainer.RequireWeighable(data, loss);
        Trainer.Trainable(model, loss);
        return options;
    }

    private static IEnumerable<(string Name, Parameter Weight)> Moving(Module model) => model.StateDict()
        .Where(p => p.Value is Parameter { Rank: >= 2, Decays: true, IsTrainable: true }).Select(p => (p.Key, (Parameter)p.Value));

    private static T Measure<T>(
        Module model, Loss loss, Dataset data, LossLandscapeOptions options, Func<Func<(double Step, IReadOnlyDictionary<string, double[]> Direction)[], double>, T> measure, CancellationToken cancellation)
    {
        var held = Hold(model, data, options);
        var start = new TrainingSnapshot(model);
        var weights = model.StateDict();
        try
        {
            return measure(steps =>
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var name in steps.SelectMany(s => s.Direction.Keys).Distinct(StringComparer.Ordinal))
                    Move(weights[name], start[name], [.. steps.Where(s => s.Step != 0 && s.Direction.ContainsKey(name)).Select(s => (s.Step, s.Direction[name]))]);
                return Trainer.LossOver(model, loss, held, options.BatchSize);
            });
        }
        finally
        {
            start.Restore();
        }
    }

    /// <summary>w + Σ step·direction; without steps w to the bits.</summary>
    private static void Move(Tensor weight, Tensor start, (double Step, double[] Direction)[] steps)
    {
        weight.CopyFrom(start);
        if (steps.Length == 0)
            return;
        var moved = start.To(DType.Float64).ToArray<double>();
        foreach (var (step, direction) in steps)
        {
            for (var i = 0; i < moved.Length; i++)
                moved[i] += step * direction[i];
        }
        weight.CopyFrom(Tensor.From(moved, weight.Shape).To(weight.DType));
    }

    /// <summary>The samples, read once.</summary>
    private static TensorDataset Hold(Module model, Dataset data, LossLandscapeOptions options)
    {
        var count = Math.Min(options.Samples, data.Count);
        var isStateful = StatefulLayers.AreIn(model);
        // A batch that is not full does not fit the states that layers keep.
        if (isStateful && count > options.BatchSize)
            count -= count % options.BatchSize;
        int[] samples = isStateful || count == data.Count
            ? [.. Enumerable.Range(0, count)]
            : [.. new Rng(options.Seed).Split("samples").Permutation(data.Count).Take(count).Order()];
        var batch = new DataLoader(data.Subset(samples), count, shuffle: false, prefetch: 0).Epoch().First();
        return new TensorDataset(batch.Input.Clone(), batch.Target.Clone(), batch.SampleWeights?.Clone(), batch.Lengths?.Clone());
    }

    /// <summary>From −range to range, with an exact 0 in the middle of an odd number.</summary>
    private static double[] Steps(int points, double range) => [.. Enumerable.Range(0, points).Select(i => range * ((2 * i) - (points - 1)) / (points - 1))];

    private static double Norm(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value * value;
        return Math.Sqrt(sum);
    }
}
