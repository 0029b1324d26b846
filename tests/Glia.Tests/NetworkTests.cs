using System.Text.Json;
using Glia.Initializers;
using Glia.Layers;

namespace Glia.Tests;

public class NetworkTests
{
    [Fact]
    public void Build_LeNet_InfersShapesAndCounts()
    {
        var model = Network.Input(1, 28, 28)
            .Conv2D(6, kernelSize: 5, padding: 2).ReLU().MaxPool2D(2)
            .Conv2D(16, kernelSize: 5).ReLU().MaxPool2D(2)
            .Flatten().Dense(120).ReLU().Dense(84).ReLU().Dense(10)
            .Build(seed: 1);
        Assert.Equal(61_706, model.ParameterCount);
        Assert.Equal((10, new Shape(1, 28, 28)), (model.ResultShape[0], model.InputShape));
        Shape[] expected = [(6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5), 400, 120, 120, 84, 84, 10];
        Assert.Equal(expected, model.LayerShapes);
        Assert.Equal("conv2d1 relu1 maxpool2d1 conv2d2 relu2 maxpool2d2 flatten1 dense1 relu3 dense2 relu4 dense3", string.Join(" ", model.Layers.Select(l => l.Name)));
        Assert.Equal((2, 10), model.Predict(Tensor.Zeros((2, 1, 28, 28))).Shape);
    }

    public static TheoryData<Action, string> ShapeErrors => new()
    {
        { () => Network.Input(1, 8, 8).Conv2D(4, 3).Dense(10), "Dense 'dense1' expects (features) or (time, features) but got (4, 6, 6). Did you forget Flatten()?" },
        { () => Network.Input(10).Conv2D(4, 3), "Conv2D 'conv2d1' expects (channels, rows, columns) but got (10,). Start with Network.Input(channels, rows, columns)." },
        { () => Network.Input(1, 4, 4).Conv2D(4, 3).Conv2D(4, 3, name: "deep"), "Conv2D 'deep' expects an image at least as large as its 3×3 kernel but got input (4, 2, 2) with padding 0. Use a smaller kernel, more padding, or fewer pooling layers before it." },
        { () => Network.Input(1, 4, 4).MaxPool2D(2).MaxPool2D(3), "MaxPool2D 'maxpool2d2' expects an image at least as large as its 3×3 window but got input (1, 2, 2). Use a smaller window, or fewer pooling layers before it." },
        { () => Network.Input(2, 4, 4).Residual(b => b.Conv2D(2, 3)), "Residual 'residual1' expects branches that give one shape, to be added, but got (2, 2, 2) and (2, 4, 4). Give it a shortcut that changes the input's shape as its body does, such as a 1×1 convolution with the same stride." },
        { () => Network.Input(2, 4, 4).Residual(b => b.Residual(c => c.ReLU().Dense(3))), "Dense 'residual1.body.residual1.body.dense1' expects (features) or (time, features) but got (2, 4, 4). Did you forget Flatten()?" },
        { () => Network.Input(2, 4, 4).Branches(BranchMerge.Concat, b => b.Conv2D(2, 3), b => b), "Branches 'branches1' expects branches whose shapes differ along their first axis only, to be joined, but got (2, 2, 2) and (2, 4, 4)." },
        { () => Network.Input(3).Residual(b => b.Dense(3)).Build().Layers[0].Forward(Tensor.Zeros((2, 4))), "Residual 'residual1' expects samples of shape (3,) but got (4,)." },
        { () => Network.Input(2, 4, 4).TimeDistributed(b => b.Dense(3)).MultiHeadAttention(2), "MultiHeadAttention 'multiheadattention1' expects (time, features) but got (2, 4, 3)." },
        { () => Network.Input(2, 1, 4, 4).TimeDistributed(b => b.Conv2D(2, 5)), "Conv2D 'timedistributed1.layer.conv2d1' expects an image at least as large as its 5×5 kernel but got input (1, 4, 4) with padding 0. Use a smaller kernel, more padding, or fewer pooling layers before it." },
        { () => Network.Input(4, 6).ConvLstm1D(2, 3), "ConvLstm1D 'convlstm1d1' expects (time, channels, length) but got (4, 6)." },
        { () => Network.Input(5, 4, 6).ConvLstm2D(2, 3), "ConvLstm2D 'convlstm2d1' expects (time, channels, rows, columns) but got (5, 4, 6)." },
        { () => Network.Input(5).Add(new Dense(4, 2)), "Dense 'dense1' expects last dimension 4 but got input (5,). Give it 4 features, or make the layer with 5 inputs." },
        { () => Network.Input(5).GlobalAvgPool2D(), "GlobalAvgPool2D 'globalavgpool2d1' expects (channels, rows, columns) but got input (5,)." },
        { () => Network.Input(3).Dense(2).Build().Forward(Tensor.Zeros((4, 5))), "The network expects a batch of shape (batch, 3) but got (4, 5)." },
        { () => Network.Input(3).Dense(2).Build().Forward(Tensor.Zeros(3)), "The network expects a batch of shape (batch, 3) but got (3,). Put a batch axis in front: Reshape(1, …)." },
    };

    [Theory]
    [MemberData(nameof(ShapeErrors))]
    public void LayersThatDoNotFit_NamedWithShapesAndFix(Action action, string message) => Assert.Equal(message, Assert.Throws<ShapeException>(action).Message);

    [Fact]
    public void Dense_OfASequence_WorksOnEachStep()
    {
        var model = Network.Input(5, 3).Dense(4).ReLU().Dense(2).Build(seed: 1);
        Assert.Equal((5, 2), model.ResultShape);
        var x = Numbers.Normal((2, 5, 3), 1, DType.Float32);
        var step = Network.Input(3).Dense(4).ReLU().Dense(2).Build();
        step.LoadStateDict(model.StateDict());
        Numbers.Close(step.Predict(x.Reshape(10, 3)).Reshape(2, 5, 2), model.Predict(x), 1e-6, 1e-6);
    }

    [Fact]
    public void Names_Taken_Refused_AndTheNetworkGoesOnAsBefore()
    {
        var network = Network.Input(4).Dense(3, name: "a");
        Assert.Equal("The name 'a' is taken in this network. Choose another.", Assert.Throws<ArgumentException>(() => network.Dense(9, name: "a")).Message);
        Assert.Equal(["a", "dense2"], network.Dense(2).Build().Layers.Select(l => l.Name));
        Assert.Throws<ArgumentException>(() => Network.Input(4).Dense(3, name: "a.b"));
    }

    [Fact]
    public void Names_NumberedOneTakenByHand_NextIsUsed() =>
        Assert.Equal(["dense2", "dense3", "dense4"], Network.Input(4).Dense(3, name: "dense2").Dense(3).Dense(3).Build().Layers.Select(l => l.Name));

    [Fact]
    public void Initialize_FillsTheWeightsOfTheLayerBefore()
    {
        static SequentialNetwork Build(ulong seed) => Network.Input(8)
            .Dense(40).Initialize(Initializer.He(gain: 3, FanMode.Out, Distribution.Normal)).Initialize(Initializer.Constant(0.5), "bias").ReLU()
            .Dense(5).Initialize(Initializer.Orthogonal(2))
            .Dense(3).Build(seed);
        var plain = Network.Input(8).Dense(40).ReLU().Dense(5).Dense(3).Build(1);
        var (model, again) = (Build(1), Build(1));
        var (first, second, third) = ((Dense)model.Layers[0], (Dense)model.Layers[2], (Dense)model.Layers[3]);

        // σ = gain / √fan_out, of 320 numbers.
        Assert.InRange(Math.Sqrt(first.Weight.Square().Mean().Item()), 0.85 * 3 / Math.Sqrt(40), 1.15 * 3 / Math.Sqrt(40));
        Assert.All(first.Bias!.ToArray<float>(), b => Assert.Equal(0.5f, b));
        var square = Tensor.Zeros((5, 5));
        Initializer.Identity(4).Fill(square, new Rng(0));
        Numbers.Close(square, second.Weight.MatMul(second.Weight, transposeB: true), 0, 1e-5);
        Assert.All(second.Bias!.ToArray<float>(), b => Assert.Equal(0, b));
        Assert.Equal(plain.StateDict()["dense3.weight"].ToArray<float>(), third.Weight.ToArray<float>());
        Assert.All(model.StateDict(), entry => Assert.Equal(entry.Value.ToArray<float>(), again.StateDict()[entry.Key].ToArray<float>()));
        Assert.NotEqual(first.Weight.ToArray<float>(), ((Dense)Build(2).Layers[0]).Weight.ToArray<float>());
    }

    [Fact]
    public void Initialize_InsideABlockAndOfABlock_ReachesItsLayers()
    {
        var model = Network.Input(2, 4, 4)
            .Residual(b => b.Conv2D(2, 3, padding: 1).Initialize(Initializer.Constant(0.25)).BatchNorm())
            .Residual(b => b.Conv2D(2, 3, padding: 1).BatchNorm().Conv2D(2, 3, padding: 1)).Initialize(Initializer.Zeros).Initialize(Initializer.Ones, "body.conv2d2.bias")
            .Build();
        var state = model.StateDict();

        Assert.All(state["residual1.body.conv2d1.weight"].ToArray<float>(), w => Assert.Equal(0.25f, w));
        Assert.All(state["residual2.body.conv2d1.weight"].ToArray<float>(), w => Assert.Equal(0, w));
        // What normalises is no weight.
        Assert.All(state["residual2.body.batchnorm1.weight"].ToArray<float>(), w => Assert.Equal(1, w));
        Assert.All(state["residual2.body.conv2d2.bias"].ToArray<float>(), b => Assert.Equal(1, b));
    }

    [Fact]
    public void Initialize_WithoutSuchAParameter_IsRefused()
    {
        Assert.Equal(
            "Initialize expects a layer before it but the network has none yet. Add one first.",
            Assert.Throws<ArgumentException>(() => Network.Input(2).Initialize(Initializer.Ones)).Message);
        Assert.Equal(
            "Initialize expects weights in the layer before it but 'relu1' has no parameters.",
            Assert.Throws<ArgumentException>(() => Network.Input(2).ReLU().Initialize(Initializer.Ones)).Message);
        Assert.Equal(
            "Initialize expects a parameter 'weight' in the layer before it but 'lstm1' has bias, weight_hh, weight_ih.",
            Assert.Throws<ArgumentException>(() => Network.Input(3, 2).Lstm(4).Initialize(Initializer.Ones, "weight")).Message);
    }

    [Fact]
    public void ParameterInitializer_OfAFreeModule_CountsAtInitialize()
    {
        var dense = new Dense(3, 2);
        var before = dense.Weight.ToArray<float>();
        dense.Weight.Initializer = Initializer.Constant(0.125);
        Assert.Equal(before, dense.Weight.ToArray<float>());

        dense.Initialize(seed: 4);

        Assert.All(dense.Weight.ToArray<float>(), w => Assert.Equal(0.125f, w));
    }

    [Fact]
    public void Build_SameSeed_SameWeights_OtherSeedOthers()
    {
        static float[] Weights(ulong seed) => ((Dense)Network.Input(4).Dense(3).Build(seed).Layers[0]).Weight.ToArray<float>();
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void Forward_FusedActivations_EqualLayerByLayer()
    {
        var model = Network.Input(4).Dense(5).Tanh().Dense(5).ReLU().Dense(5).Softplus().Dense(2).Sigmoid().Build(3);
        var x = Numbers.Normal((6, 4), 1, DType.Float32);
        Numbers.Close(model.ForwardAll(x, ForwardContext.Inference)[^1].Output, model.Forward(x), 1e-6, 1e-6);
    }

    [Fact]
    public void Branching_NamesParametersByPathAndComputesByHand()
    {
        var model = Network.Input(2)
            .Residual(b => b.Dense(2).ReLU(), s => s.Dense(2, useBias: false))
            .Branches(BranchMerge.Concat, b => b.Tanh(), b => b)
            .Build(seed: 4);
        Assert.Equal(["residual1.body.dense1.bias", "residual1.body.dense1.weight", "residual1.shortcut.dense1.weight"], model.StateDict().Keys);
        Assert.Equal(4, model.ResultShape);
        var x = Numbers.Normal((3, 2), 1, DType.Float32);
        var (state, added) = (model.StateDict(), x.MatMul(model.StateDict()["residual1.shortcut.dense1.weight"], transposeB: true));
        added += (x.MatMul(state["residual1.body.dense1.weight"], transposeB: true) + state["residual1.body.dense1.bias"]).ReLU();
        Numbers.Close(Tensor.Concat(1, added.Tanh(), added), model.Forward(x), 1e-6, 1e-6);
    }

    [Fact]
    public void Architecture_OfNestedNetwork_WrittenAndRead_GivesTheSamePredictions()
    {
        var model = Network.Input(2, 6, 6)
            .Residual(b => b.Residual(c => c.Conv2D(2, 3, padding: Padding.Same)).BatchNorm(), name: "outer")
            .Branches(BranchMerge.Concat, b => b.Conv2D(3, 1), b => b.MaxPool2D(3, 1, 1), b => b)
            .Add(Network.Input(7, 6, 6).GlobalAvgPool2D().Flatten().Dense(2).Build(), "head")
            .Build(seed: 4);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            model.WriteArchitecture(writer);
        using var json = JsonDocument.Parse(stream.ToArray());
        var copy = SequentialNetwork.ReadArchitecture(json.RootElement);
        copy.LoadStateDict(model.StateDict());
        var x = Numbers.Normal((3, 2, 6, 6), 1, DType.Float32);
        Numbers.SameBits(model.Predict(x), copy.Predict(x));
    }

    [Fact]
    public void WriteArchitecture_UnknownLayerInsideABlock_Refused()
    {
        var model = Network.Input(4).Residual(b => b.Add(new Doubling(), "own")).Build();
        using var writer = new Utf8JsonWriter(new MemoryStream());
        Assert.StartsWith("The layer Doubling 'residual1.body.own' cannot be saved", Assert.Throws<NotSupportedException>(() => model.WriteArchitecture(writer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteArchitecture_LayerThatNoFileCanName_Refused()
    {
        var model = Network.Input(4).Add(new Doubling(), "own").Build();
        using var writer = new Utf8JsonWriter(new MemoryStream());
        Assert.Equal(
            "The layer Doubling 'own' cannot be saved in a model file, which names Glia's own layers only. Save its StateDict() and make the model in code.",
            Assert.Throws<NotSupportedException>(() => model.WriteArchitecture(writer)).Message);
    }

    [Theory]
    [InlineData("""{"version":2,"input":[4],"layers":[]}""", "The model's architecture has version 2, but this version of Glia reads version 1. Use a newer Glia.")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Nope","name":"a","settings":{}}]}""", "The model holds a layer 'Nope', which this version of Glia does not know.")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Dense","name":"a","settings":{}}]}""", "The model's layer 'Dense' lacks its setting 'units'.")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Dense","name":"a","settings":{"units":"x","useBias":true}}]}""", "The model's layer 'Dense' expects a whole number for 'units'.")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Dense","name":"a","settings":{"units":-1,"useBias":true}}]}""", "The model's layer 'Dense' cannot be made: ")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Conv2D","name":"a","settings":{}}]}""", "The model's ")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Residual","name":"a","settings":{"merge":"add","branches":[null,null]}}]}""", "The model's layer 'Residual' expects a body and a shortcut for 'branches'.")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Branches","name":"a","settings":{"merge":"sum","branches":[]}}]}""", "The model's layer 'Branches' expects 'concat' or 'add' for 'merge'.")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Branches","name":"a","settings":{"merge":"add","branches":[]}}]}""", "The model's layer 'Branches' cannot be made: Branches expects at least one branch")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"Branches","name":"a","settings":{"merge":"add","branches":[{}]}}]}""", "The model's architecture cannot be read: ")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"SequentialNetwork","name":"a","settings":{"layers":{}}}]}""", "The model's layer 'SequentialNetwork' expects a list of layers for 'layers'.")]
    [InlineData("""{"version":1,"input":[1,4],"layers":[{"kind":"Conv1D","name":"a","settings":{"filters":1,"kernelSize":[3,3],"stride":[1],"padding":[0],"useBias":true}}]}""", "The model's layer 'Conv1D' expects 1 whole numbers for 'kernelSize'.")]
    [InlineData("""{"version":1,"input":[1,4],"layers":[{"kind":"Conv1D","name":"a","settings":{"filters":1,"kernelSize":[3],"stride":[1],"padding":"most","useBias":true}}]}""", "The model's layer 'Conv1D' expects 'same', or one or two whole numbers per axis for 'padding'.")]
    [InlineData("""{"version":1,"input":[1,4],"layers":[{"kind":"LayerNorm","name":"a","settings":{"axes":3,"epsilon":1e-5,"affine":true}}]}""", "The model's layer 'LayerNorm' expects a number of axes from 1 to 2 for 'axes'.")]
    [InlineData("""{"version":1,"input":[1,4,4],"layers":[{"kind":"UpSample2D","name":"a","settings":{"scale":[2147483647,2147483647],"interpolation":"nearest"}}]}""", "The model's architecture cannot be read: ")]
    [InlineData("""{"version":1,"input":[],"layers":[{"kind":"Dense","name":"a","settings":{"units":1,"useBias":true}}]}""", "The model's ")]
    [InlineData("""{"version":1,"input":[99999,99999],"layers":[]}""", "The model's architecture cannot be read: ")]
    [InlineData("""{"version":1,"input":"x","layers":[]}""", "The model's architecture cannot be read: ")]
    [InlineData("""{"input":[4],"layers":[]}""", "The model's architecture cannot be read: ")]
    [InlineData("""[]""", "The model's architecture cannot be read: ")]
    [InlineData("""{"version":1.5,"input":[4],"layers":[]}""", "The model's architecture cannot be read: ")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"ReLU","name":"a","settings":{}},{"kind":"ReLU","name":"a","settings":{}}]}""", "The model's architecture cannot be read: ")]
    [InlineData("""{"version":1,"input":[4],"layers":[{"kind":"ReLU","name":"","settings":{}}]}""", "The model's architecture cannot be read: ")]
    public void ReadArchitecture_Malformed_IsAFormatExceptionThatSaysWhat(string text, string start)
    {
        using var json = JsonDocument.Parse(text);
        Assert.StartsWith(start, Assert.Throws<FormatException>(() => SequentialNetwork.ReadArchitecture(json.RootElement)).Message, StringComparison.Ordinal);
    }

    private sealed class Doubling : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override Tensor Forward(Tensor input, ForwardContext context) => input * 2;
    }

    [Fact]
    public void Builder_HasEveryActivationAndEveryPooling()
    {
        var model = Network.Input(4, 12).AdaptiveAvgPool1D(8).AdaptiveMaxPool1D(6)
            .ELU().GELU().HardSigmoid().HardSwish().HardTanh().LogSigmoid().Mish().ReLU6().SELU().Softsign().PReLU().PReLU(perChannel: true).GLU().LogSoftmax()
            .Build(seed: 1);
        Assert.Equal((2, 6), model.ResultShape);
        Assert.Equal(1 + 4, model.ParameterCount);
        Assert.Equal((1, 2, 3, 4), Network.Input(1, 8, 8, 8).AdaptiveMaxPool3D((4, 6, 8)).AdaptiveAvgPool3D((2, 3, 4)).Build().ResultShape);
    }
}
