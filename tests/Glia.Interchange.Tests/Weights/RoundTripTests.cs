using FsCheck.Fluent;
using FsCheck.Xunit;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Tests.Layers;

namespace Glia.Interchange.Tests.Weights;

/// <summary>What is written comes back to the bit, by every format.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Layers => LayerTable.Names;

    private static byte[] BytesOf(Tensor tensor) => SafetensorsTensors.BytesOf(tensor).ToArray();

    private void ComesBack(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var name in (string[])["s.safetensors", "s.npz"])
        {
            ModuleWeights.Save(state, _folder[name]);
            Check(_folder[name]);
        }
        var shards = new ShardedSafetensorsWriter(maxShardBytes: 40);
        foreach (var (name, tensor) in state)
            shards.Add(name, tensor);
        Check(shards.Save(_folder["s.safetensors.index.json"])[^1]);

        void Check(string path)
        {
            using var file = WeightFile.Open(path);
            Assert.Equal(state.Keys.Order(StringComparer.Ordinal), file.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
            foreach (var (name, tensor) in state)
            {
                var read = file.ReadTensor(name);
                Assert.Equal((tensor.DType, tensor.Shape), (read.DType, read.Shape));
                Assert.Equal(BytesOf(tensor), BytesOf(read));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryLayer_ComesBack(string name)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var layer = LayerTable.Rows[name].Create(dtype);
            layer.Initialize(3);
            if (layer.StateDict().Count > 0)
                ComesBack(layer.StateDict());
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryLayerInAModelFile_ComesBack(string name)
    {
        var row = LayerTable.Rows[name];
        var layer = row.Create(DType.Float32);
        if (layer is SequentialNetwork)
            return;
        layer.Initialize(3);
        var model = Network.Input(row.Sample.Sizes).Add(layer).Build(3);
        new ModelFile(model).Save(_folder["m.safetensors"]);
        var read = ModelFile.Load(_folder["m.safetensors"]).Network;
        Assert.All(model.StateDict(), s => Assert.Equal(BytesOf(s.Value), BytesOf(read.StateDict()[s.Key])));
        using var file = WeightFile.Open(_folder["m.safetensors"]);
        read.Initialize(4);
        read.LoadWeights(file);
        Assert.All(model.StateDict(), s => Assert.Equal(BytesOf(s.Value), BytesOf(read.StateDict()[s.Key])));
    }

    [Property(MaxTest = 60)]
    public void AnyTensor_ComesBack(int seed)
    {
        var random = new Random(seed);
        var state = new Dictionary<string, Tensor>();
        foreach (var dtype in Enum.GetValues<DType>())
        {
            var shape = new Shape([.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(5))]);
            var tensor = Tensor.Zeros(shape, dtype);
            // Any bits, also NaNs with something in them, for floating point.
            var bytes = new byte[BytesOf(tensor).Length];
            random.NextBytes(bytes);
            state[$"{dtype}.übung {random.Next()}"] = dtype switch
            {
                DType.Float32 => Tensor.From(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes), shape),
                DType.Float64 => Tensor.From(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes), shape),
                DType.Int32 => Tensor.From(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes), shape),
                DType.Int64 => Tensor.From(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes), shape),
                _ => Tensor.From([.. bytes.Select(b => (b & 1) == 1)], shape),
            };
        }
        ComesBack(state);
    }

    public static TheoryData<string> Optimizers => ["sgd", "momentum", "adam", "amsgrad", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OptimizerState_ComesBack(string name)
    {
        var model = Network.Input(3).Dense(4).Tanh().Dense(2).Build(1);
        Optimizer optimizer = name switch
        {
            "sgd" => new Sgd(0.1),
            "momentum" => new Sgd(0.1, momentum: 0.9),
            "adam" => new Adam(0.1),
            "amsgrad" => new Adam(0.1, amsGrad: true),
            "adamw" => new AdamW(0.1),
            "rmsprop" => new RMSprop(0.1),
            "adagrad" => new Adagrad(0.1),
            "adadelta" => new Adadelta(),
            "adamax" => new Adamax(0.1),
            _ => new NAdam(0.1),
        };
        optimizer.Attach(model.Parameters);
        for (var step = 0; step < 3; step++)
        {
            model.ZeroGrad();
            model.Forward(Tensor.Normal(new Rng((ulong)step), (5, 3))).Square().Mean().Backward();
            optimizer.Step();
        }
        ComesBack(optimizer.StateDict());
    }
}
