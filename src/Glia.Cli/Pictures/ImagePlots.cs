using System.Globalization;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Plots;
using Glia.Training.Inspection;

namespace Glia.Cli.Pictures;

/// <summary>What a network of images has learned to look at.</summary>
internal static class ImagePlots
{
    private const int MostFilters = 64;
    private const int MostInputs = 12;
    private const int MostSamples = 8;
    private const int PatchesPerChannel = 10;
    private const int MostChannels = 12;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        PlotKind.Of("filters", "the learned kernels of a convolution", "a network with convolutions", Needs.Convolution, Filters),
        PlotKind.Of("feature-maps", "what a layer makes of an image, channel by channel", "a network with convolutions", Needs.Convolution, FeatureMaps),
        PlotKind.Of("patches", "the patches of held-out images that each channel of a layer answers to most", "a network with convolutions", Needs.Convolution, Patches),
        PlotKind.Of("saliency", "the pixels that a class depends on, by the gradient and by SmoothGrad", "a classifier of images", run => Needs.Images(run) ?? Needs.Loss(run), SaliencyMaps),
        PlotKind.Of("grad-cam", "where in images the class is seen (Grad-CAM)", "a network with convolutions", Needs.Convolution, GradCamMaps),
    ];

    private static Chart Filters(PlotSource run, PlotOptions options)
    {
        ConvLayer[] layers = [.. LayersOf(run.Network).OfType<ConvLayer>().Where(c => c.KernelSize.Count == 2)];
        var layer = options.Layer is { } name
            ? layers.FirstOrDefault(l => l.Path == name) ?? throw new UserException($"There is no convolution '{name}'. There are: {string.Join(", ", layers.Select(l => l.Path))}.")
            : layers[0];
        var (filters, inputs) = (layer.Weight.Shape[0], layer.Weight.Shape[1]);
        if (options.Channel >= filters)
            throw new UserException($"--channel is {options.Channel}, but '{layer.Path}' has {filters} filters, numbered from 0.");
        var images = new List<ChartImage>();
        int[] shown = options.Channel is { } one ? [one] : [.. Enumerable.Range(0, Math.Min(filters, inputs == 1 ? MostFilters : MostInputs))];
        var columns = options.Channel is null ? Math.Min(inputs, MostInputs) : Math.Min(inputs, MostFilters);
        foreach (var filter in shown)
        {
            for (var input = 0; input < columns; input++)
                images.Add(new(inputs == 1 ? $"{filter}" : $"{filter} ← {input}", Kernel(layer.Weight, filter, input)));
        }
        var ofFilters = shown.Length < filters ? $"{shown.Length} of {filters} filters" : "filter";
        var what = inputs == 1 ? shown.Length < filters ? $"{ofFilters}" : "filters" : $"{ofFilters} ← {(columns < inputs ? $"{columns} of {inputs} channels" : "channel")}";
        return Chart.Images($"{run.Name}, {layer.Path}: kernels, {what}", images, ImageColors.Signed, inputs == 1 || options.Channel is not null ? 0 : columns, "weight");
    }

    private static Chart FeatureMaps(PlotSource run, PlotOptions options)
    {
        var data = run.Samples(options);
        var sample = PlotSource.SampleOf(options, data);
        var batch = PlotSource.Read(data, sample);
        var layer = MapLayer(run, options, batch.Input);
        using var noGrad = Gradients.NoGrad();
        var maps = run.Network.ForwardAll(batch.Input, ForwardContext.Inference)[layer];
        var channels = maps.Shape[1];
        if (options.Channel >= channels)
            throw new UserException($"--channel is {options.Channel}, but '{layer}' has {channels} channels, numbered from 0.");
        int[] shown = options.Channel is { } one ? [one] : [.. Enumerable.Range(0, Math.Min(channels, MostFilters))];
        var truth = run.Preparation.Classes[(int)batch.Target.ToArray<long>()[0]];
        List<ChartImage> images = [Picture("input", run, batch.Input, 0), .. shown.Select(c => new ChartImage($"{c}", Plane(maps, 0, c)))];
        var some = shown.Length < channels && options.Channel is null ? $", the first {shown.Length} of {channels} channels" : "";
        return Chart.Images(string.Create(CultureInfo.InvariantCulture, $"{run.Name}, {layer}: feature maps of sample {sample}, a {truth}{some}"), images, ImageColors.Viridis, 0, "activation");
    }

    private static Chart Patches(PlotSource run, PlotOptions options)
    {
        var data = run.Samples(options);
        var layer = MapLayer(run, options, PlotSource.Read(data, 0).Input, latest: true);
        var found = Find(run, data, layer, options.Channel is null ? PatchesPerChannel : MostFilters);
        if (options.Channel >= found.Count)
            throw new UserException($"--channel is {options.Channel}, but '{layer}' has {found.Count} channels, numbered from 0.");
        int[] channels = options.Channel is { } one ? [one] : [.. Enumerable.Range(0, found.Count).Where(c => found[c].Count == PatchesPerChannel).Take(MostChannels)];
        if (channels.Length == 0 || channels.All(c => found[c].Count == 0))
            throw new UserException($"No channel of '{layer}' answers to enough of the images.");
        var images = new List<ChartImage>();
        foreach (var channel in channels)
        {
            for (var i = 0; i < found[channel].Count; i++)
            {
                var patch = found[channel][i];
                var input = PlotSource.Read(data, patch.Sample).Input;
                var planes = ToPicture(run, input, 0);
                var (height, width) = (input.Shape[2], input.Shape[3]);
                images.Add(new(options.Channel is null ? i == 0 ? $"channel {channel}" : "" : $"#{patch.Sample}", [.. planes.Select(p => patch.CutOut(Flat(p), height, width))]));
            }
        }
        return Chart.Images(
            $"{run.Name}, {layer}: patches that a channel answers to most", images, ImageColors.Gray, options.Channel is null ? PatchesPerChannel : 0);
    }

    private static IReadOnlyList<IReadOnlyList<ActivatingPatch>> Find(PlotSource run, Dataset data, string layer, int count)
    {
        try
        {
            return ActivatingPatches.Find(run.Network, data, layer, count);
        }
        catch (ArgumentException e)
        {
            throw new UserException(FailureReason.Said(e), e);
        }
    }

    private static Chart SaliencyMaps(PlotSource run, PlotOptions options)
    {
        var (batch, samples) = Chosen(run, options);
        var classes = ClassesOf(run, batch, options);
        var gradient = Saliency.Map(Saliency.Of(run.Network, batch.Input, classes));
        var smooth = Saliency.Map(Saliency.Smooth(run.Network, batch.Input, classes));
        return Rows(run, "what the class depends on", batch, samples, classes, [("gradient", gradient), ("SmoothGrad", smooth)], isOverlay: false);
    }

    private static Chart GradCamMaps(PlotSource run, PlotOptions options)
    {
        var (batch, samples) = Chosen(run, options);
        var classes = ClassesOf(run, batch, options);
        if (options.Layer is not null)
            MapLayer(run, options, batch.Input);
        var maps = GradCam.Of(run.Network, batch.Input, classes, options.Layer);
        return Rows(run, "where the class is seen (Grad-CAM)", batch, samples, classes, [("Grad-CAM", maps)], isOverlay: true);
    }

    /// <summary>A row of pictures, and below them a row of each kind of map.</summary>
    private static Chart Rows(PlotSource run, string what, Batch batch, int[] samples, int[] classes, (string Name, Tensor Maps)[] kinds, bool isOverlay)
    {
        var names = run.Preparation.Classes;
        var predicted = Predicted(run, batch.Input);
        var truth = batch.Target.ToArray<long>();
        List<ChartImage> images = [.. samples.Select((s, i) => Picture(predicted[i] == truth[i] ? names[predicted[i]] : $"{names[(int)truth[i]]}, seen as {names[predicted[i]]}", run, batch.Input, i))];
        foreach (var (name, maps) in kinds)
        {
            for (var i = 0; i < samples.Length; i++)
            {
                var map = Plane(maps, i);
                var label = $"{(i == 0 ? name : "")}{(classes[i] == predicted[i] ? "" : $" for {names[classes[i]]}")}".Trim();
                images.Add(isOverlay
                    ? new ChartImage(label, ToPicture(run, batch.Input, i)) { Overlay = ToShare(map), HasOwnScale = true, Colors = ImageColors.Gray }
                    : new ChartImage(label, map) { HasOwnScale = true, Colors = ImageColors.Viridis });
            }
        }
        return Chart.Images($"{run.Name}: {what}", images, ImageColors.Gray, samples.Length);
    }

    /// <summary>The sample that the user names, or the first one of each class.</summary>
    private static (Batch Batch, int[] Samples) Chosen(PlotSource run, PlotOptions options)
    {
        const int Searched = 2000;
        var data = run.Samples(options);
        if (options.Sample is not null)
        {
            var one = PlotSource.SampleOf(options, data);
            return (PlotSource.Read(data, one), [one]);
        }
        var labels = PlotSource.Read(data, [.. Enumerable.Range(0, Math.Min(Searched, data.Count))]).Target.ToArray<long>();
        int[] first = [.. labels.Distinct().Order().Take(MostSamples).Select(c => Array.IndexOf(labels, c))];
        return (PlotSource.Read(data, first), first);
    }

    private static int[] ClassesOf(PlotSource run, Batch batch, PlotOptions options) => options.Class is { } name
        ? [.. Enumerable.Repeat(PredictionPlots.ClassOf(name, run.Preparation.Classes), batch.Size)]
        : Predicted(run, batch.Input);

    private static int[] Predicted(PlotSource run, Tensor input) => [.. run.Network.Predict(input).ArgMax(-1).ToArray<long>().Select(c => (int)c)];

    /// <summary>The layer that the user names, or the first (or last) one with feature maps, by its activation where that follows.</summary>
    private static string MapLayer(PlotSource run, PlotOptions options, Tensor input, bool latest = false)
    {
        using var noGrad = Gradients.NoGrad();
        var outputs = run.Network.ForwardAll(input, ForwardContext.Inference);
        string[] maps = [.. outputs.Where(o => o.Output.Rank == 4 && o.Output.Shape[2] * o.Output.Shape[3] > 1).Select(o => o.Name)];
        if (options.Layer is { } name)
            return maps.Contains(name) ? name : throw new UserException($"There is no layer '{name}' with feature maps. There are: {string.Join(", ", maps)}.");
        var kinds = LayersOf(run.Network).ToDictionary(l => l.Path, StringComparer.Ordinal);
        string[] activations = [.. maps.Where(m => kinds.GetValueOrDefault(m) is Activation or PReLU)];
        string[] preferred = activations.Length > 0 ? activations : maps;
        return latest ? preferred[^1] : preferred[0];
    }

    private static IEnumerable<Layer> LayersOf(Module module) => module.Children.SelectMany(c => LayersOf(c.Module)).Concat(module is Layer layer and not SequentialNetwork ? [layer] : []);

    private static double[,] Kernel(Tensor weight, int filter, int input) => Plane(weight.Detach(), filter, input);

    /// <summary>A plane of (batch, channels, rows, columns).</summary>
    private static double[,] Plane(Tensor tensor, int sample, int channel)
    {
        var (rows, columns) = (tensor.Shape[2], tensor.Shape[3]);
        return Square(tensor.To(DType.Float32).AsSpan<float>().Slice(((sample * tensor.Shape[1]) + channel) * rows * columns, rows * columns), rows, columns);
    }

    /// <summary>A plane of (batch, rows, columns).</summary>
    private static double[,] Plane(Tensor tensor, int sample)
    {
        var (rows, columns) = (tensor.Shape[1], tensor.Shape[2]);
        return Square(tensor.To(DType.Float32).AsSpan<float>().Slice(sample * rows * columns, rows * columns), rows, columns);
    }

    private static double[,] Square(ReadOnlySpan<float> values, int rows, int columns)
    {
        var plane = new double[rows, columns];
        for (var i = 0; i < values.Length; i++)
            plane[i / columns, i % columns] = values[i];
        return plane;
    }

    private static float[] Flat(double[,] plane) => [.. plane.Cast<double>().Select(v => (float)v)];

    private static double[,] ToShare(double[,] map)
    {
        var most = map.Cast<double>().Max();
        var shares = new double[map.GetLength(0), map.GetLength(1)];
        for (var i = 0; i < map.Length; i++)
            shares[i / map.GetLength(1), i % map.GetLength(1)] = most > 0 ? map[i / map.GetLength(1), i % map.GetLength(1)] / most : 0;
        return shares;
    }

    private static ChartImage Picture(string label, PlotSource run, Tensor input, int sample) => new(label, ToPicture(run, input, sample)) { HasOwnScale = true, Colors = ImageColors.Gray };

    /// <summary>A picture as the user knows it: without the standardisation of its channels, from 0 to 1.</summary>
    internal static double[][,] ToPicture(PlotSource run, Tensor input, int sample)
    {
        var images = ((ImagePreparation)run.Preparation).Images;
        double[][,] planes = [.. Enumerable.Range(0, images.Channels).Select(c => Plane(input, sample, c))];
        for (var c = 0; c < planes.Length; c++)
        {
            for (var i = 0; i < planes[c].Length; i++)
            {
                ref var value = ref planes[c][i / images.Width, i % images.Width];
                value = (value * images.Std[c]) + images.Mean[c];
            }
        }
        return planes.Length is 1 or 3 ? planes : [planes[0]];
    }
}
