using Glia.Layers;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>Numbers that a program writes: what was used before it is refused, what is used after it is a constant.</summary>
public class ExportWritesTests
{
    [Fact]
    public void NumbersWrittenIntoAUsedTensor_AreRefused()
    {
        AssertRefused("a tensor that operations have used before is written to", x =>
        {
            var table = Tensor.Zeros(6).Reshape(2, 3);
            table.AsWritableSpan<float>().Fill(2);
            return x + table;
        });
        AssertRefused("a tensor that operations have used before is written to", x =>
        {
            var scratch = Tensor.Zeros((2, 3));
            var first = x + scratch;
            scratch.AsWritableSpan<float>().Fill(2);
            return first * scratch;
        });
        AssertRefused("a tensor computed by Scale is written to", x =>
        {
            var y = x * 2;
            y.CopyFrom(Tensor.Ones(y.Shape));
            return y;
        });
        AssertRefused("is written to", x =>
        {
            var y = Tensor.Zeros((2, x.Shape[0], 3));
            for (var i = 0; i < 2; i++)
                y.Slice(0, i, 1).CopyFrom((x.Slice(1, i, 1) * (i + 1)).Reshape(1, x.Shape[0], 3));
            return y.Transpose(0, 1);
        });
    }

    [Fact]
    public void BufferThatIsWritten_IsRefusedByName()
    {
        foreach (var write in (ReadOnlySpan<Action<Tensor>>)
            [b => b.AsWritableSpan<float>()[0]++, b => b.Slice(0, 1, 1).CopyFrom(Tensor.Ones(1)), b => b.Reshape(3, 1).AsWritableSpan<float>().Fill(1), b => b.CopyFrom(Tensor.Ones(3))])
        {
            var error = Assert.Throws<OnnxException>(() => OnnxExport.Of(new Counter(write), 3));
            Assert.Contains("'counts' is written to, which a file cannot do", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NumbersWrittenBeforeTheirUse_AreAConstant()
    {
        var scratch = Tensor.Zeros((2, 3));
        ExportCheck.Holds("filled first", new Computation(x =>
        {
            scratch.AsWritableSpan<float>().Fill(3);
            var copy = Tensor.Zeros((2, 3));
            copy.CopyFrom(scratch);
            var mine = Tensor.Zeros(x.Shape);
            mine.CopyFrom(x);
            return (x * scratch) + copy + mine;
        }), (2, 3), options: new() { SequenceName = null });
    }

    [Fact]
    public void TensorMadeOnce_IsAConstant_AlsoForComputationsOfSeveralInputs()
    {
        Tensor? mask = null;
        IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> x) => [x[0] * (mask ??= Tensor.Ones((2, 3)) * 0.5)];
        var export = OnnxExport.Of(new Counter(_ => { }), [new("x", (2, 3))], Compute, ["y"]);
        ExportCheck.Holds("made once", export, [[Tensor.Normal(new Rng(1), (4, 2, 3))]], Compute);

        Tensor? other = null;
        ExportCheck.Holds("made once, type given", new Computation(x => x * (other ??= Tensor.Ones(3) * 0.5)), 3, dtype: DType.Float32);
    }

    [Fact]
    public void ConstantThatIsUsedTwice_IsWrittenOnce()
    {
        var table = Tensor.Normal(new Rng(1), (64, 64));
        var export = ExportCheck.Holds("used twice", new Computation(x => x.MatMul(table) + x.MatMul(table.Square()) + x.MatMul(table, transposeB: true)), (3, 64));
        Assert.InRange(export.ToArray().Length, table.Count * sizeof(float), table.Count * sizeof(float) * 3 / 2);
    }

    private static void AssertRefused(string reason, Func<Tensor, Tensor> compute)
    {
        var error = Assert.Throws<OnnxException>(() => OnnxExport.Of(new Computation(compute), (2, 3), options: new() { SequenceName = null }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private sealed class Computation(Func<Tensor, Tensor> compute) : Module
    {
        public override Tensor Forward(Tensor input, ForwardContext context) => compute(input);
    }

    private sealed class Counter : Module
    {
        private readonly Tensor _counts;
        private readonly Action<Tensor> _write;

        public Counter(Action<Tensor> write)
        {
            _write = write;
            _counts = AddBuffer("counts", Tensor.Zeros(3));
        }

        public override Tensor Forward(Tensor input, ForwardContext context)
        {
            var y = input + _counts;
            _write(_counts);
            return y;
        }
    }
}
