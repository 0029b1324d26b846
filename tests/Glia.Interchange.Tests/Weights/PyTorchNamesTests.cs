using System.Diagnostics;
using Glia.Layers;

namespace Glia.Interchange.Tests.Weights;

public sealed class PyTorchNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly WeightLoadOptions Options = new() { Names = WeightNames.PyTorch, AllowUnexpected = true };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.module._orig_mod.")]
    public void WrappersOfAllNames_AreTakenOff(string prefix)
    {
        using var file = Write(prefix + "fc.weight", prefix + "fc.bias", prefix + "module.x");
        Assert.Equal(["fc.bias", "fc.weight"], Network.Input(1).Dense(1, name: "fc").Build().LoadWeights(file, Options).Loaded.Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ManyWrappers_AreTakenOffAtOnce()
    {
        using var file = Write(string.Concat(Enumerable.Repeat("module.", 30_000)) + "w");
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        Assert.Throws<WeightFileException>(() => Network.Input(1).Dense(1, name: "fc").Build().LoadWeights(file, Options));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("c.weight_ih", "c.weight_hh", "c.bias_ih", "c.bias_hh")]
    [InlineData("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")]
    [InlineData("module.w", "module.b")]
    [InlineData("module.module.w")]
    [InlineData("bn.num_batches_tracked", "bn.weight")]
    public void NamesOfAModulesOwn_ComeBackAsTheyAre(params string[] names)
    {
        var model = new Group(names);
        foreach (var (name, tensor) in model.StateDict())
            tensor.CopyFrom(Tensor.Full(tensor.Shape, name.Length));
        foreach (var style in new[] { WeightNames.AsWritten, WeightNames.PyTorch })
        {
            model.SaveWeights(_folder["w.npz"], style);
            var again = new Group(names);
            Assert.Equal(names.Order(StringComparer.Ordinal), again.LoadWeights(_folder["w.npz"]).Loaded.Select(l => l.Name).Order(StringComparer.Ordinal));
            Assert.All(again.StateDict(), s => Assert.Equal((float)s.Key.Length, s.Value.ToArray<float>()[0]));
        }
    }

    [Fact]
    public void WrapperAroundAChildCalledModule_IsTakenOffOnce()
    {
        using var file = Write("module.module.w");
        Assert.Equal(["module.w"], new Group(["module.w"]).LoadWeights(file).Loaded.Select(l => l.Name));
    }

    [Fact]
    public void LevelNotWrittenAsPyTorchDoes_IsNone()
    {
        using var file = Write("r.weight_ih_l0", "r.weight_ih_l00");
        var error = Assert.Throws<WeightFileException>(() => Network.Input(1).Dense(1, name: "fc").Build().LoadWeights(file));
        Assert.Contains("unexpected 'r.weight_ih' (1,); unexpected 'r.weight_ih_l00' (1,)", error.Message, StringComparison.Ordinal);
    }

    private static SafetensorsFile Write(params string[] names)
    {
        var writer = new SafetensorsWriter();
        foreach (var name in names)
            writer.Add(name, Tensor.Ones(name.EndsWith("weight", StringComparison.Ordinal) ? (1, 1) : 1));
        return SafetensorsFile.Read(writer.ToArray());
    }

    /// <summary>A module with parameters of these names.</summary>
    private sealed class Group : Module
    {
        public Group(IReadOnlyCollection<string> names)
        {
            foreach (var group in names.GroupBy(n => n.Split('.')[0], StringComparer.Ordinal))
            {
                if (group.Key == group.First())
                    Add(group.Key, new Parameter(1));
                else
                    Add(group.Key, new Group([.. group.Select(n => n[(group.Key.Length + 1)..])]));
            }
        }

        public override Tensor Forward(Tensor input, ForwardContext context) => input;
    }
}
