using System.Text.Json;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Tests.Layers;

/// <summary>What every layer must hold, over the rows of <see cref="LayerTable"/>.</summary>
public class LayerHarness
{
    private const int Batch = 3;

    internal static LayerRow Row(string name) => LayerTable.Rows[name];

    internal static Tensor Input(LayerRow row, DType dtype, Shape? sample = null)
    {
        var shape = (sample ?? row.Sample).Prepend(Batch);
        if (row.IndicesBelow is { } limit)
            return Tensor.From([.. Enumerable.Range(0, shape.Count).Select(i => (long)(i * 7 % limit))], shape);
        return Numbers.Distinct([shape], -2, 2, seed: 4, dtype)[0];
    }

    internal static ForwardContext Training => ForwardContext.Training(new Rng(5));

    [Fact]
    public void EveryLayer_HasARow()
    {
        var tested = LayerTable.Rows.Values.Select(r => r.Create(DType.Float32).GetType()).ToHashSet();
        var layers = typeof(Layer).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract);
        Assert.Empty(layers.Where(t => !tested.Contains(t)).Select(t => t.Name));
        Assert.Empty(LayerCatalog.Layers.Keys.Except(tested.Select(t => t.Name)));
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void OutputShape_IsTheShapeOfForward(string name)
    {
        var layer = Row(name).Create(DType.Float32);
        var input = Input(Row(name), DType.Float32);
        var expected = layer.OutputShape(Row(name).Sample).Prepend(Batch);
        Assert.Equal(expected, layer.Forward(input, Training).Shape);
        Assert.Equal(expected, layer.Forward(input).Shape);
        Assert.Equal(expected, layer.Predict(input).Shape);
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void Gradients_OfInputAndParameters_EqualFiniteDifferences(string name)
    {
        var layer = Row(name).Create(DType.Float64);
        layer.Initialize(seed: 8);
        var input = Input(Row(name), DType.Float64);
        Tensor[] x = Row(name).IndicesBelow is null ? [input, .. layer.Parameters] : [.. layer.Parameters];
        GradientCheck.Holds(_ => layer.Forward(input, Training), x, $"{name} in training");
        GradientCheck.Holds(_ => layer.Forward(input, ForwardContext.Inference), x, $"{name} in inference");
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void Settings_WrittenAndRead_GiveTheSameOutputs(string name)
    {
        var layer = Row(name).Create(DType.Float32);
        var input = Input(Row(name), DType.Float32);
        layer.Forward(input, Training);
        var copy = ReadBack(layer, Row(name).Sample);
        copy.LoadStateDict(layer.StateDict());
        Assert.Equal(layer.StateDict().Keys, copy.StateDict().Keys);
        Numbers.SameBits(layer.Predict(input), copy.Predict(input), name);
        if (layer is not SequentialNetwork)
            Numbers.SameBits(layer.Forward(input, Training), copy.Forward(input, Training), name);
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void SameSeed_OneOrTwoThreads_SameBits(string name)
    {
        var row = Row(name);
        var one = Run(1);
        var two = Run(2);
        Assert.Equal(one.Count, two.Count);
        for (var i = 0; i < one.Count; i++)
            Numbers.SameBits(one[i], two[i], $"{name} {i}");

        List<Tensor> Run(int threads)
        {
            using var _ = new ThreadsScope(threads);
            var layer = row.Create(DType.Float32);
            layer.Initialize(seed: 6);
            var input = Input(row, DType.Float32, row.Large);
            input.RequiresGrad = row.IndicesBelow is null;
            var y = layer.Forward(input, Training);
            if (y.RequiresGrad)
                y.Square().Mean().Backward();
            return [y, .. input.RequiresGrad ? [input.Grad!] : Array.Empty<Tensor>(), .. layer.StateDict().Values, .. layer.Parameters.Select(p => p.Grad!)];
        }
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void WrongInput_RefusedNamingTheLayer(string name)
    {
        var layer = Row(name).Create(DType.Float32);
        var kind = layer is SequentialNetwork ? "The network" : layer.GetType().Name;
        foreach (var wrong in Row(name).Wrong)
        {
            Assert.StartsWith($"{kind} expects ", Assert.Throws<ShapeException>(() => layer.OutputShape(wrong)).Message, StringComparison.Ordinal);
            Assert.StartsWith($"{kind} expects ", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(wrong.Prepend(Batch)))).Message, StringComparison.Ordinal);
        }
        Assert.True(Record.Exception(() => layer.Forward(Tensor.Scalar(1))) is null or ShapeException);
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void OneStep_LowersTheLoss(string name)
    {
        var layer = Row(name).Create(DType.Float64);
        if (layer.Parameters.Count == 0)
            return;
        layer.Initialize(seed: 6);
        var input = Input(Row(name), DType.Float64);
        var target = Numbers.Normal(layer.OutputShape(Row(name).Sample).Prepend(Batch), 12);
        var optimizer = new Sgd(0.01).Attach(layer.Parameters);
        var before = Loss();
        before.Backward();
        optimizer.Step();
        Assert.True(Loss().Item() < before.Item());

        Tensor Loss() => Glia.Loss.MeanSquaredError.Compute(layer.Forward(input, Training), target);
    }

    private static Layer ReadBack(Layer layer, Shape sample)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            if (layer is SequentialNetwork network)
            {
                network.WriteArchitecture(writer);
            }
            else
            {
                writer.WriteStartObject();
                layer.WriteConfig(writer);
                writer.WriteEndObject();
            }
        }
        using var json = JsonDocument.Parse(stream.ToArray());
        return layer is SequentialNetwork ? SequentialNetwork.ReadArchitecture(json.RootElement) : LayerCatalog.Create(layer.GetType().Name, json.RootElement, sample);
    }
}
