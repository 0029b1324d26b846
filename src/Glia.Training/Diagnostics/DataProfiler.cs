using System.Globalization;
using System.Numerics.Tensors;
using Glia.Data;
using Glia.Losses;

namespace Glia.Training.Diagnostics;

/// <summary>Measures a <see cref="DataProfile"/>.</summary>
internal static class DataProfiler
{
    private const int MaxSamples = 2000;
    private const long MaxNumbers = 4_000_000;
    private const int MaxClasses = 1000;

    public static DataProfile Measure(Dataset train, Dataset? validation, Loss loss)
    {
        var sample = SampleOf(train);
        var (inputs, targets) = Read(train, sample);
        var count = sample.Length;
        var features = inputs.Length / count;
        var targetsPer = targets.Length / count;
        var areClasses = train.TargetDType is DType.Int64 or DType.Int32;
        var classes = areClasses ? ClassCounts(targets) : [];
        var isTable = train.InputShape.Rank == 1 && train.InputDType != DType.Int64;
        var (means, stds) = isTable ? Moments(inputs, features) : ([TensorPrimitives.Average<float>(inputs)], [StdDev(inputs)]);
        var nonFinite = FirstNonFinite(inputs, sample, features, "input") ?? FirstNonFinite(targets, sample, targetsPer, "target");
        var profile = new DataProfile
        {
            Samples = train.Count,
            ValidationSamples = validation?.Count ?? 0,
            InputRank = train.InputShape.Rank,
            Features = features,
            TargetsPerSample = targetsPer,
            NonFinite = nonFinite,
            FeatureMeans = means,
            FeatureStds = stds,
            ClassCounts = classes,
            AreClasses = areClasses,
            AreOneHot = !areClasses && AreOneHot(targets, targetsPer),
            TargetMin = TensorPrimitives.Min<float>(targets),
            TargetMax = TensorPrimitives.Max<float>(targets),
            TargetMean = TensorPrimitives.Average<float>(targets),
            TargetStd = StdDev(targets),
            BaselineLoss = nonFinite is null ? Baseline(loss, targets, targetsPer, train, classes) : double.NaN,
        };
        if (nonFinite is not null)
            return profile;
        var relations = new SampleRelations(inputs, targets, count, features, targetsPer == 1, areClasses);
        var (duplicates, conflicts) = relations.Repeats();
        var (best, score, second) = isTable && targetsPer == 1 && features > 1 ? relations.BestFeature() : (-1, 0, 0);
        return profile with
        {
            DuplicateShare = duplicates,
            ConflictShare = conflicts,
            OverlapShare = validation is { Count: > 0 } ? Overlap(train, validation) : 0,
            BestFeature = best,
            BestFeatureScore = score,
            SecondFeatureScore = second,
            NeighbourSignal = targetsPer == 1 && train.InputShape.Rank is 1 or 3 ? relations.NeighbourSignal() : double.NaN,
        };
    }

    public static double StdDev(ReadOnlySpan<float> values)
    {
        var mean = 0.0;
        foreach (var value in values)
            mean += value;
        mean /= values.Length;
        var sum = 0.0;
        foreach (var value in values)
            sum += (value - mean) * (value - mean);
        return Math.Sqrt(sum / values.Length);
    }

    /// <summary>Samples drawn without regard to their order, the same every time.</summary>
    private static int[] SampleOf(Dataset data)
    {
        var most = (int)Math.Clamp(MaxNumbers / Math.Max(1, data.InputShape.Count), 64, MaxSamples);
        var all = Enumerable.Range(0, data.Count).ToArray();
        if (data.Count <= most)
            return all;
        new Rng(0).Split("doctor").Shuffle(all.AsSpan());
        return [.. all[..most].Order()];
    }

    private static (float[] Inputs, float[] Targets) Read(Dataset data, ReadOnlySpan<int> sample)
    {
        using var scope = new TensorScope();
        var input = Tensor.Zeros(new Shape([sample.Length, .. data.InputShape.Sizes]), data.InputDType);
        var target = Tensor.Zeros(new Shape([sample.Length, .. data.TargetShape.Sizes]), data.TargetDType);
        data.Fill(sample, input, target);
        return (input.To(DType.Float32).ToArray<float>(), target.To(DType.Float32).ToArray<float>());
    }

    private static long[] ClassCounts(ReadOnlySpan<float> labels)
    {
        var most = 0;
        foreach (var label in labels)
            most = Math.Max(most, label is >= 0 and < MaxClasses ? (int)label : 0);
        var counts = new long[most + 1];
        foreach (var label in labels)
        {
            if (label >= 0 && label <= most)
                counts[(int)label]++;
        }
        return counts;
    }

    private static (double[] Means, double[] Stds) Moments(float[] inputs, int features)
    {
        var count = inputs.Length / features;
        var (means, stds) = (new double[features], new double[features]);
        for (var i = 0; i < inputs.Length; i++)
            means[i % features] += (double)inputs[i] / count;
        for (var i = 0; i < inputs.Length; i++)
            stds[i % features] += (inputs[i] - means[i % features]) * (inputs[i] - means[i % features]) / count;
        return (means, Array.ConvertAll(stds, Math.Sqrt));
    }

    private static string? FirstNonFinite(ReadOnlySpan<float> values, int[] sample, int perSample, string what)
    {
        if (TensorPrimitives.IsFiniteAll(values))
            return null;
        var index = 0;
        while (float.IsFinite(values[index]))
            index++;
        var value = float.IsNaN(values[index]) ? "NaN" : "infinity";
        return string.Create(CultureInfo.InvariantCulture, $"{value} in {what} {index % perSample} of sample {sample[index / perSample]}");
    }

    private static bool AreOneHot(ReadOnlySpan<float> targets, int perSample)
    {
        if (perSample < 2)
            return false;
        for (var start = 0; start < targets.Length; start += perSample)
        {
            var row = targets.Slice(start, perSample);
            if (row.Count(1f) != 1 || row.Count(0f) != perSample - 1)
                return false;
        }
        return true;
    }

    private static double Baseline(Loss loss, float[] targets, int perSample, Dataset train, long[] classes)
    {
        if (loss is CrossEntropyLoss { ClassAxis: var axis } && classes.Length > 0)
        {
            double total = classes.Sum();
            return axis is 1 or -1 ? classes.Where(c => c > 0).Sum(c => -c / total * Math.Log(c / total)) : double.NaN;
        }
        if (train.TargetDType == DType.Int64 || !(loss is MeanSquaredErrorLoss or MeanAbsoluteErrorLoss or HuberLoss or SmoothL1Loss || loss.Name.StartsWith("standardised", StringComparison.Ordinal)))
            return double.NaN;
        var truth = Tensor.From(targets, new Shape([targets.Length / perSample, .. train.TargetShape.Sizes]));
        using var noGrad = Gradients.NoGrad();
        return loss.Compute(Tensor.Full(truth.Shape, TensorPrimitives.Average<float>(targets)), truth).Item();
    }

    private static double Overlap(Dataset train, Dataset validation)
    {
        var (known, _) = Read(train, SampleOf(train));
        var checkedSamples = SampleOf(validation);
        var (others, _) = Read(validation, checkedSamples);
        var features = others.Length / checkedSamples.Length;
        var rows = new HashSet<ulong>();
        for (var start = 0; start < known.Length; start += features)
            rows.Add(SampleRelations.Fingerprint(known.AsSpan(start, features)));
        var repeated = 0;
        for (var start = 0; start < others.Length; start += features)
            repeated += rows.Contains(SampleRelations.Fingerprint(others.AsSpan(start, features))) ? 1 : 0;
        // One sample twice is no leak.
        return repeated > 1 ? (double)repeated / checkedSamples.Length : 0;
    }
}
