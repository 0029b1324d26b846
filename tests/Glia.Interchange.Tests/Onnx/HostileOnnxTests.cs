using Glia.Interchange.Onnx.Proto;
using Glia.Interchange.Protobuf;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>Files that mean harm: they are refused with the documented exception, and cost no more memory than their size explains.</summary>
public class HostileOnnxTests
{
    private const long FewMegabytes = 8 << 20;

    [Fact]
    public void CutAndDamagedFiles_AreRefusedOrStillModels()
    {
        var whole = Whole().ToBytes();
        for (var length = 0; length < whole.Length; length++)
            Tolerates(whole[..length]);
        var rng = new Rng(5);
        for (var i = 0; i < 3000; i++)
        {
            var damaged = whole.ToArray();
            for (var flips = 1 + rng.NextInt(3); flips > 0; flips--)
                damaged[rng.NextInt(damaged.Length)] ^= (byte)(1 + rng.NextInt(255));
            Tolerates(damaged);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x3a, 0xff, 0xff, 0xff, 0xff, 0x07 }, "should be 2147483647 bytes long but only 0 follow")]
    [InlineData(new byte[] { 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 }, "should be 18446744073709551615 bytes long")]
    [InlineData(new byte[] { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, "longer than 64 bits")]
    [InlineData(new byte[] { 0x03 }, "has no number")]
    [InlineData(new byte[] { 0x0b }, "unknown wire type 3")]
    [InlineData(new byte[] { 0x3d, 1, 2, 3, 4 }, "has the wire type Fixed32 where Bytes was expected")]
    public void Lengths_AreComparedWithWhatIsThere(byte[] bytes, string expected) =>
        Assert.Contains(expected, Assert.Throws<OnnxException>(() => OnnxModel.Read(bytes)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    public void TensorsWithoutTheirNumbers_AreRefusedBeforeTheyAreMade(long size)
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 1).Node("Relu", ["x"], ["y"]).Output("y");
        var tensor = new TensorProto { Name = "w", Type = OnnxElementType.Float };
        tensor.Dims.Add(size);
        file.Graph.Initializers.Add(tensor);

        Assert.Throws<OnnxException>(() => Measured(() => file.Read()));
    }

    [Fact]
    public void MessagesInsideMessages_AreLimitedInDepth()
    {
        var graph = new GraphProto();
        for (var depth = 0; depth < 100; depth++)
        {
            var outer = new GraphProto();
            outer.Nodes.Add(OnnxFile.NodeOf("If", ["c"], ["y"], ("then_branch", graph)));
            graph = outer;
        }
        var file = new OnnxFile().Input("c", OnnxElementType.Bool);
        file.Graph.Nodes.AddRange(graph.Nodes);

        Assert.Contains("nested more than 64 deep", Assert.Throws<OnnxException>(() => file.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConstantsThatGrow_AreNotComputedBeforehand()
    {
        var doubling = new OnnxFile().Input("x", OnnxElementType.Float, "N").Weight("c0", Tensor.Ones(64));
        var squares = new OnnxFile().Input("x", OnnxElementType.Float, "N").Weight("c0", Tensor.Ones(64)).Weight("axis", Tensor.From<long>([1]));
        for (var i = 0; i < 40; i++)
            doubling.Node("Concat", [$"c{i}", $"c{i}"], [$"c{i + 1}"], ("axis", 0));
        for (var i = 0; i < 6; i++)
            squares.Node("Unsqueeze", [$"c{i}", "axis"], [$"u{i}"]).Node("Add", [$"c{i}", $"u{i}"], [$"c{i + 1}"]);
        var filled = new OnnxFile().Input("x", OnnxElementType.Float, "N").Weight("shape", Tensor.From<long>([1 << 30])).Node("ConstantOfShape", ["shape"], ["c1"]).Node("Add", ["x", "c1"], ["y"]).Output("y");
        doubling.Node("Add", ["x", "c40"], ["y"]).Output("y");
        squares.Node("Add", ["x", "c6"], ["y"]).Output("y");

        foreach (var file in (OnnxFile[])[doubling, squares, filled])
            Measured(() => _ = new OnnxPredictor(file.Module()));
    }

    [Theory]
    [InlineData("/etc/passwd", "only files beside the model")]
    [InlineData("../w.bin", "only files beside the model")]
    [InlineData("a/../../w.bin", "only files beside the model")]
    [InlineData("C:\\w.bin", "only files beside the model")]
    [InlineData("..\\w.bin", "only files beside the model")]
    [InlineData("", "only files beside the model")]
    [InlineData("link.bin", "reached by a link")]
    [InlineData("links/w.bin", "reached by a link")]
    [InlineData("none.bin", "there is no such file")]
    [InlineData("short.bin", "should be bytes 0 to 16")]
    public void ExternalNumbers_LieBesideTheModelOnly(string location, string expected)
    {
        using var folder = new TemporaryFolder();
        var inside = Directory.CreateDirectory(folder["model"]).FullName;
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        File.WriteAllBytes(Path.Combine(inside, "short.bin"), new byte[15]);
        File.CreateSymbolicLink(Path.Combine(inside, "link.bin"), folder["w.bin"]);
        Directory.CreateSymbolicLink(Path.Combine(inside, "links"), folder.Path);
        File.WriteAllBytes(Path.Combine(inside, "m.onnx"), External(location).ToBytes());

        Assert.Contains(expected, Assert.Throws<OnnxException>(() => OnnxModel.Load(Path.Combine(inside, "m.onnx"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset", "9", "should be bytes 9 to 25")]
    [InlineData("offset", "9223372036854775807", "should be bytes 9223372036854775807 to")]
    [InlineData("offset", "-4", "which is no number")]
    [InlineData("length", "8", "needs 16 bytes but its part of 'w.bin' has 8")]
    public void ExternalNumbers_LieInsideTheirFile(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[24]);
        var file = External("w.bin");
        file.Graph.Initializers[0].External!.Add(new EntryProto { Key = key, Value = value });
        File.WriteAllBytes(folder["m.onnx"], file.ToBytes());

        Assert.Contains(expected, Assert.Throws<OnnxException>(() => OnnxModel.Load(folder["m.onnx"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExternalNumbers_AreReadFromBelowTheModelsFolder_AndSavedInside()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["data"]);
        var bytes = new byte[24];
        BitConverter.TryWriteBytes(bytes.AsSpan(4), 1.5f);
        File.WriteAllBytes(folder["data/w.bin"], bytes);
        var file = External("data/w.bin");
        file.Graph.Initializers[0].External!.Add(new EntryProto { Key = "offset", Value = "4" });
        File.WriteAllBytes(folder["m.onnx"], file.ToBytes());

        var module = OnnxModule.Load(folder["m.onnx"]);
        module.Save(folder["whole.onnx"]);
        Directory.Delete(folder["data"], recursive: true);

        Assert.Equal([2.5f, 1f, 1f, 1f], OnnxModule.Load(folder["whole.onnx"]).Predict(Tensor.Ones(4)).ToArray<float>());
    }

    private static OnnxFile External(string location)
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 4).Node("Add", ["x", "w"], ["y"]).Output("y");
        // The list of places and the mark are read-only, as nothing but tests writes them.
        var (mark, entry) = (new ProtoWriter(), new ProtoWriter());
        entry.Text(1, "location");
        entry.Text(2, location);
        mark.Bytes(13, entry.Written);
        mark.Int64(14, 1);
        var tensor = new TensorProto { Name = "w", Type = OnnxElementType.Float };
        tensor.Read(mark.Written.ToArray(), 0);
        tensor.Dims.Add(4);
        file.Graph.Initializers.Add(tensor);
        return file;
    }

    private static OnnxFile Whole() => new OnnxFile().Input("x", OnnxElementType.Float, "N", 3).Weight("w", Tensor.Ones((3, 2))).Weight("shape", Tensor.From<long>([-1, 1, 2]))
        .Node("MatMul", ["x", "w"], ["a"]).Node("Softmax", ["a"], ["b"], ("axis", -1)).Node("Reshape", ["b", "shape"], ["y"]).Output("y");

    private static void Tolerates(byte[] bytes)
    {
        try
        {
            Measured(() =>
            {
                var model = OnnxModel.Read(bytes);
                if (model.Missing.Count == 0)
                    _ = new OnnxPredictor(model.ToModule());
                _ = model.Nodes.Count + model.Tensors.Count;
            });
        }
        catch (OnnxException)
        {
        }
    }

    private static void Measured(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            action();
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FewMegabytes);
        }
    }
}
