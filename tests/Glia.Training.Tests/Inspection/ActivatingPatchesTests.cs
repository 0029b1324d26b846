using Glia.Data;
using Glia.Layers;
using Glia.Training.Inspection;

namespace Glia.Training.Tests.Inspection;

public class ActivatingPatchesTests
{
    [Fact]
    public void Patches_AreThoseOfAPlainSearch()
    {
        var network = Network.Input(1, 9, 8).Conv2D(3, 3, padding: 1).ReLU().MaxPool2D(2).Conv2D(4, 2).ReLU(name: "last").Flatten().Dense(2).Build(seed: 2);
        var images = Tensor.Normal(new Rng(1), (150, 1, 9, 8));
        var data = new TensorDataset(images, Tensor.From(new long[150]));
        var found = ActivatingPatches.Find(network, data, "last", count: 5);
        var maps = network.ForwardAll(images, ForwardContext.Inference)["last"];
        var field = ReceptiveField.Of(network, "last");
        Assert.Equal(4, found.Count);
        for (var channel = 0; channel < 4; channel++)
        {
            var best = Enumerable.Range(0, 150)
                .SelectMany(s => Enumerable.Range(0, maps.Shape[2] * maps.Shape[3]).Select(p => (Sample: s, Row: p / maps.Shape[3], Column: p % maps.Shape[3])))
                .Select(p => (p.Sample, p.Row, p.Column, Value: maps[p.Sample, channel, p.Row, p.Column]))
                .GroupBy(p => p.Sample).Select(g => g.MaxBy(p => p.Value)).Where(p => p.Value > 0).OrderByDescending(p => p.Value).Take(5).ToList();
            Assert.Equal(best.Select(b => b.Sample), found[channel].Select(p => p.Sample));
            Assert.Equal(best.Select(b => field.CornerOf(b.Row, b.Column)), found[channel].Select(p => (p.Top, p.Left)));
            Assert.All(found[channel], p => Assert.Equal((field.Height, field.Width), (p.Height, p.Width)));
        }
    }

    [Fact]
    public void Patch_BeyondTheEdge_IsNaN()
    {
        var patch = new ActivatingPatch(0, 1, Top: -1, Left: 1, Height: 3, Width: 2);
        Assert.Equal([double.NaN, double.NaN, 2, double.NaN, 4, double.NaN], patch.CutOut([1, 2, 3, 4], 2, 2).Cast<double>());
        Assert.Throws<ArgumentException>(() => patch.CutOut([1, 2, 3], 2, 2));
    }
}
