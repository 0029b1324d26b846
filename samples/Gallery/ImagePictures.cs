using Glia;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Plots;
using Glia.Training;
using Glia.Training.Diagnostics;
using Glia.Training.Inspection;

/// <summary>What a convolutional network of digits has learned to look at.</summary>
internal static class ImagePictures
{
    private static readonly Lazy<(SequentialNetwork, Dataset, RunRecord)> LazyDigits = new(Train);

    public static (SequentialNetwork Network, Dataset Test, RunRecord Record) Digits => LazyDigits.Value;

    private static (SequentialNetwork, Dataset, RunRecord) Train()
    {
        var images = BuiltInDatasets.LoadImages("digits");
        var parts = Splits.Stratified(images.Labels, [0.8, 0.2], seed: 1);
        var all = ImageDataset.Open(images, ImagePreprocessing.Fit(images, parts[0]));
        var network = Network.Input(1, 8, 8).Conv2D(16, 3, padding: 1).ReLU().Conv2D(32, 3, padding: 1).ReLU().MaxPool2D(2).Flatten().Dropout(0.3).Dense(64).ReLU().Dense(10).Build(seed: 1);
        var doctor = new TrainingDoctor();
        new Trainer(network, Loss.CrossEntropy, new Adam(2e-3)) { Seed = 1, Callbacks = [doctor] }.Fit(all.Subset(parts[0]), epochs: 15, batchSize: 32);
        return (network, all.Subset(parts[1]), doctor.Record!);
    }

    public static Chart Confusion()
    {
        var (network, test, _) = Digits;
        var (inputs, truth) = Read([.. Enumerable.Range(0, test.Count)]);
        var predicted = network.Predict(inputs).ArgMax(-1).ToArray<long>();
        var counts = new long[10, 10];
        for (var i = 0; i < truth.Length; i++)
            counts[truth[i], predicted[i]]++;
        return Chart.ConfusionMatrix("Digits: held-out images", [.. Enumerable.Range(0, 10).Select(d => $"{d}")], counts);
    }

    public static Chart Filters()
    {
        var weight = ((Conv2D)Digits.Network.Layers[0]).Weight.Detach();
        return Chart.Images("Digits: the 16 kernels of the first layer", [.. Enumerable.Range(0, 16).Select(f => new ChartImage($"{f}", Plane(weight, f, 0)))], ImageColors.Signed, perRow: 8, "weight");
    }

    public static Chart FeatureMaps()
    {
        var (input, _) = Read([0]);
        var maps = Digits.Network.ForwardAll(input, ForwardContext.Inference)["relu1"].Detach();
        ChartImage[] images = [new("input", Plane(input, 0, 0)) { HasOwnScale = true, Colors = ImageColors.Gray }, .. Enumerable.Range(0, 16).Select(c => new ChartImage($"{c}", Plane(maps, 0, c)))];
        return Chart.Images("Digits: what the first layer makes of an image", images, ImageColors.Viridis, perRow: 9, "activation");
    }

    public static Chart Patches()
    {
        const int Shown = 10;
        var found = ActivatingPatches.Find(Digits.Network, Digits.Test, "relu2", Shown);
        int[] channels = [.. Enumerable.Range(0, found.Count).Where(c => found[c].Count == Shown).Take(6)];
        return Chart.Images("Digits: patches that channels of the second layer answer to most", [.. channels.SelectMany(c => found[c].Select((patch, i) =>
            new ChartImage(i == 0 ? $"channel {c}" : "", patch.CutOut(Read([patch.Sample]).Inputs.ToArray<float>(), 8, 8))))], perRow: Shown);
    }

    public static Chart SaliencyMaps()
    {
        var (inputs, truth) = Read(OneOfEach());
        int[] classes = [.. truth.Select(t => (int)t)];
        return Rows("Digits: the pixels that the class depends on", inputs, truth, ("gradient", Saliency.Map(Saliency.Of(Digits.Network, inputs, classes))), ("SmoothGrad", Saliency.Map(Saliency.Smooth(Digits.Network, inputs, classes))));
    }

    public static Chart GradCamMaps()
    {
        var (inputs, truth) = Read(OneOfEach());
        return Rows("Digits: where the class is seen (Grad-CAM)", inputs, truth, ("Grad-CAM", GradCam.Of(Digits.Network, inputs, [.. truth.Select(t => (int)t)], "relu2")));
    }

    private static Chart Rows(string title, Tensor inputs, long[] truth, params (string Name, Tensor Maps)[] kinds) => Chart.Images(title,
        [.. truth.Select((t, i) => new ChartImage($"{t}", Plane(inputs, i, 0))), .. kinds.SelectMany(k => truth.Select((_, i) => k.Maps.Reshape(truth.Length, 1, 8, 8) is var maps && k.Name == "Grad-CAM"
            ? new ChartImage(i == 0 ? k.Name : "", Plane(inputs, i, 0)) { Overlay = Plane(maps * (1 / Math.Max(1e-9, maps.Slice(0, i, 1).Max().Item())), i, 0) }
            : new ChartImage(i == 0 ? k.Name : "", Plane(maps, i, 0)) { HasOwnScale = true, Colors = ImageColors.Viridis }))], ImageColors.Gray, truth.Length);

    private static int[] OneOfEach() => Read([.. Enumerable.Range(0, Digits.Test.Count)]).Truth is var truth ? [.. Enumerable.Range(0, 8).Select(d => Array.IndexOf(truth, d))] : [];

    private static (Tensor Inputs, long[] Truth) Read(int[] samples) =>
        new DataLoader(Digits.Test.Subset(samples), samples.Length, shuffle: false).Epoch().First() is var batch ? (batch.Input.Clone(), batch.Target.ToArray<long>()) : default;

    private static double[,] Plane(Tensor tensor, int sample, int channel)
    {
        var plane = new double[tensor.Shape[2], tensor.Shape[3]];
        for (var i = 0; i < plane.Length; i++)
            plane[i / tensor.Shape[3], i % tensor.Shape[3]] = tensor[sample, channel, i / tensor.Shape[3], i % tensor.Shape[3]];
        return plane;
    }
}
