using Glia.Data;

namespace Glia.DoctorStudy;

/// <summary>The samples of a plan, with what is spoiled in them.</summary>
internal sealed class PlanData
{
    private PlanData(Tensor inputs, Tensor targets, int trainCount, int classes)
    {
        (Classes, Inputs, Targets) = (classes, inputs, targets);
        Train = new TensorDataset(Rows(inputs, 0, trainCount), Rows(targets, 0, trainCount));
        Validation = new TensorDataset(Rows(inputs, trainCount, inputs.Shape[0]), Rows(targets, trainCount, targets.Shape[0]));
    }

    public Tensor Inputs { get; }

    public Tensor Targets { get; }

    /// <summary>How many classes there are; 0 for numbers to predict.</summary>
    public int Classes { get; }

    public TensorDataset Train { get; }

    public TensorDataset Validation { get; }

    public static PlanData Create(Plan plan)
    {
        var (inputs, targets, classes, isOrdered) = Read(plan);
        var rng = new Rng(plan.Seed).Split("plan");
        var count = inputs.Shape[0];
        var order = isOrdered ? [.. Enumerable.Range(0, count)] : rng.Permutation(count);
        if (plan.DataFault == DataFault.Imbalance)
            order = Imbalanced(order, targets);
        if (plan.Samples > 0)
            order = order[..Math.Min(plan.Samples, order.Length)];
        (inputs, targets) = (Pick(inputs, order), Pick(targets, order));
        var trainCount = order.Length * 4 / 5;
        if (plan.DataFault is DataFault.Overlap)
        {
            var again = Enumerable.Range(0, order.Length).Select(i => i < trainCount ? i : i - trainCount).ToArray();
            (inputs, targets) = (Pick(inputs, again), Pick(targets, again));
        }
        if (plan.DataFault is DataFault.Duplicates or DataFault.Conflicts)
        {
            var again = Enumerable.Range(0, order.Length).Select(i => i < trainCount && i % 6 == 5 ? i - 1 : i).ToArray();
            inputs = Pick(inputs, again);
            if (plan.DataFault == DataFault.Duplicates)
                targets = Pick(targets, again);
            else
                Relabel(targets, classes, trainCount);
        }
        if (plan.DataFault == DataFault.NoisyLabels)
        {
            var labels = targets.AsWritableSpan<long>();
            for (var i = 0; i < trainCount; i += 4)
                labels[i] = rng.NextInt(classes);
        }
        (inputs, targets) = Spoil(plan, inputs, targets, classes, rng);
        return new PlanData(inputs, targets, trainCount, classes);
    }

    private static (Tensor Inputs, Tensor Targets, int Classes, bool IsOrdered) Read(Plan plan)
    {
        var set = BuiltInDatasets.Find(plan.Data) ?? throw new ArgumentException($"There is no built-in set '{plan.Data}'.");
        switch (set.Kind)
        {
            case DataKind.Images:
                var images = BuiltInDatasets.LoadImages(plan.Data);
                var preprocessing = ImagePreprocessing.Fit(images, [.. Enumerable.Range(0, images.Count)]);
                var (pixels, labels) = All(ImageDataset.Open(images, preprocessing));
                return (plan.IsScaled ? pixels : (pixels * 64) + 128, labels, images.ClassNames.Count, false);
            case DataKind.Series:
                var values = BuiltInDatasets.Load(plan.Data)[set.Target].Numbers.ToArray();
                var encoder = SeriesEncoder.Fit(values, set.Target, 24, 6);
                var (windows, futures) = All(new SeriesDataset(values, encoder, 0, values.Length));
                return (plan.IsScaled ? windows : (windows * 300) + 1000, plan.HasScaledTargets ? futures : (futures * 300) + 1000, 0, true);
            case DataKind.Sequences:
                var (sequences, answers) = All(BuiltInDatasets.LoadSequences(plan.Data).Subset([.. Enumerable.Range(0, Math.Max(plan.Samples, 500))]));
                return (plan.IsScaled ? sequences : sequences * 100, answers, set.Classes.Count, false);
            default:
                return ReadTable(plan, set);
        }
    }

    private static (Tensor Inputs, Tensor Targets, int Classes, bool IsOrdered) ReadTable(Plan plan, BuiltInDataset set)
    {
        var table = BuiltInDatasets.Load(plan.Data, plan.Seed);
        var features = TableEncoder.Fit(table, set.Target);
        var target = TargetEncoder.Fit(table, set.Target);
        var inputs = Tensor.From(features.Transform(table), (table.RowCount, features.FeatureNames.Count));
        if (!plan.IsScaled)
        {
            // Each column in a unit of its own, as raw measurements are.
            var units = Tensor.From([.. Enumerable.Range(0, features.FeatureNames.Count).Select(i => (float)Math.Pow(10, (i % 4) - 0.5) * 4)]);
            inputs = (inputs * units) + (units * 2);
        }
        if (target.Task == TaskKind.Classification)
            return (inputs, Tensor.From(Array.ConvertAll(target.EncodeClasses(table), c => (long)c)), target.Classes.Count, false);
        var numbers = Tensor.From(target.EncodeValues(table), (table.RowCount, 1));
        return (inputs, plan.HasScaledTargets ? numbers : (numbers * 77) + 152, 0, false);
    }

    private static (Tensor Inputs, Tensor Targets) All(Dataset data)
    {
        var input = Tensor.Zeros(new Shape([data.Count, .. data.InputShape.Sizes]), data.InputDType);
        var target = Tensor.Zeros(new Shape([data.Count, .. data.TargetShape.Sizes]), data.TargetDType);
        data.Fill([.. Enumerable.Range(0, data.Count)], input, target);
        return (input, target);
    }

    private static (Tensor Inputs, Tensor Targets) Spoil(Plan plan, Tensor inputs, Tensor targets, int classes, Rng rng)
    {
        var count = inputs.Shape[0];
        switch (plan.DataFault)
        {
            case DataFault.ShuffledLabels:
                return (inputs, Pick(targets, rng.Permutation(count)));
            case DataFault.ConstantTarget:
                return (inputs, Pick(targets, new int[count]));
            case DataFault.NaN:
                var spoiled = inputs.Clone();
                spoiled.AsWritableSpan<float>()[(count / 3 * (inputs.Count / count)) + 1] = float.NaN;
                return (spoiled, targets);
            case DataFault.Leak:
                var answer = targets.To(DType.Float32).Reshape(count, 1);
                var noise = Tensor.Normal(rng, (count, 1), 0, 1e-4);
                return (Tensor.Concat(1, inputs, classes > 0 ? answer - ((classes - 1) / 2.0) + noise : answer + noise), targets);
            case DataFault.ConstantFeature:
                return (Tensor.Concat(1, inputs, Tensor.Full((count, 1), 0.5)), targets);
            default:
                return (inputs, targets);
        }
    }

    private static int[] Imbalanced(int[] order, Tensor targets)
    {
        var labels = targets.AsSpan<long>().ToArray();
        var rare = order.Where(i => labels[i] == 1).ToArray();
        var kept = rare[..Math.Max(3, rare.Length / 25)].ToHashSet();
        return [.. order.Where(i => labels[i] != 1 || kept.Contains(i))];
    }

    private static void Relabel(Tensor targets, int classes, int trainCount)
    {
        var labels = targets.AsWritableSpan<long>();
        for (var i = 5; i < trainCount; i += 6)
            labels[i] = (labels[i - 1] + 1) % classes;
    }

    private static Tensor Pick(Tensor tensor, int[] rows) => tensor.IndexSelect(0, Tensor.From(Array.ConvertAll(rows, r => (long)r))).Clone();

    private static Tensor Rows(Tensor tensor, int from, int to) => tensor.Slice(0, from, to - from).Clone();
}
