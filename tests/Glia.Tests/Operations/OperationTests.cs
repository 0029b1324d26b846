using Glia.Autograd;
using Glia.Kernels;

namespace Glia.Tests.Operations;

/// <summary>What every operation must hold, over the rows of <see cref="OperationTable"/>.</summary>
public class OperationTests
{
    private static OperationRow Row(string name) => OperationTable.Rows[name];

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void Forward_EveryInstructionSet_EqualsReference(string name)
    {
        var row = Row(name);
        EqualsReference(row, row.Shapes, DType.Float64, rtol: 1e-12, atol: 1e-12);
        EqualsReference(row, row.Shapes, DType.Float32, rtol: 1.3e-6, atol: 1e-5);
        if (row.Large is not { } large)
            return;
        // Long sums of both signs cancel, so that their error is absolute.
        EqualsReference(row, large, DType.Float64, rtol: 1e-12, atol: 1e-11);
        EqualsReference(row, large, DType.Float32, rtol: 1.3e-6, atol: 1e-4);
    }

    private static void EqualsReference(OperationRow row, Shape[] shapes, DType dtype, double rtol, double atol)
    {
        var expected = row.Function(row.Inputs(dtype, Device.Reference, shapes));
        foreach (var isa in Numbers.Isas)
        {
            using (IsaSupport.Use(isa))
                Numbers.Close(expected, row.Function(row.Inputs(dtype, shapes: shapes)), rtol, atol, $"{row.Name} {dtype} on {isa}");
        }
    }

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void ValueAndGradients_OneOrTwoThreads_SameBits(string name)
    {
        var row = Row(name);
        var one = ValueAndGradients(1);
        var two = ValueAndGradients(2);
        for (var i = 0; i < one.Length; i++)
            Numbers.SameBits(one[i], two[i], $"{name} {i}");

        Tensor[] ValueAndGradients(int threads)
        {
            using var _ = new ThreadsScope(threads);
            var x = Leaves(row.Inputs(DType.Float32, shapes: row.Large ?? row.Shapes));
            var y = row.Function(x);
            return [y, .. Gradients.Of(y, x, Numbers.Normal(y.Shape, 5, DType.Float32))];
        }
    }

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void Gradients_Reference_EqualCpu(string name)
    {
        var row = Row(name);
        var expected = On(Device.Reference);
        var actual = On(Device.Cpu);
        for (var i = 0; i < expected.Length; i++)
            Numbers.Close(expected[i], actual[i], 1e-12, 1e-12, $"{name} gradient {i}");

        Tensor[] On(Device device)
        {
            var x = Leaves(row.Inputs(device: device));
            var y = row.Function(x);
            return Gradients.Of(y, x, Numbers.Normal(y.Shape, 5).To(device));
        }
    }

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void Gradients_ReverseMode_EqualFiniteDifferences(string name) =>
        GradientCheck.Holds(Row(name).Function, Row(name).Inputs(), name, Row(name).Step);

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void ForwardMode_EqualsTransposeOfReverseMode(string name)
    {
        var row = Row(name);
        var x = Leaves(row.Inputs());
        var v = Directions(x);
        var (y, jv) = ForwardMode.JacobianVectorProduct(t => row.Function([.. t]), x, v);
        var u = Numbers.Normal(y.Shape, 9);
        var gradients = Gradients.Of(row.Function(x), x, u);
        Numbers.SameBits(row.Function(x), y, name);
        var forward = Numbers.Dot(u, jv);
        var reverse = gradients.Zip(v, Numbers.Dot).Sum();
        Assert.True(Math.Abs(forward - reverse) <= row.AdjointTolerance * Math.Max(1, Math.Abs(forward)), $"{name}: ⟨u, Jv⟩ = {forward:R}, ⟨Jᵀu, v⟩ = {reverse:R}");
    }

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void ForwardMode_OneInputConstant_EqualsTransposeOfReverseMode(string name)
    {
        var row = Row(name);
        var x = Leaves(row.Inputs());
        for (var k = 0; k < x.Length; k++)
        {
            var v = Directions(x).Select((d, i) => i == k ? d : null).ToArray();
            var (y, jv) = ForwardMode.JacobianVectorProduct(t => row.Function([.. t]), x, v);
            var u = Numbers.Normal(y.Shape, 9);
            var reverse = Numbers.Dot(Gradients.Of(y, [x[k]], u)[0], v[k]!);
            Assert.Equal(reverse, Numbers.Dot(u, jv), row.AdjointTolerance * Math.Max(1, Math.Abs(reverse)));
        }
    }

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void SecondOrder_GradientOfGradient_EqualsFiniteDifferences(string name)
    {
        var row = Row(name);
        var x = Leaves(row.Inputs());
        var v = Directions(x);
        var u = Numbers.Normal(row.Function(x).Shape, 9);
        Tensor[] First(Tensor[] t, bool createGraph) => Gradients.Of(row.Function(t), t, u, createGraph);

        var terms = First(x, createGraph: true).Zip(v, (g, d) => (g * d).Sum()).ToArray();
        var sum = terms.Aggregate((a, b) => a + b);
        GradientCheck.Equal(t => First(t, createGraph: false).Zip(v, Numbers.Dot).Sum(), x, Gradients.Of(sum, x), name, row.Step);
    }

    [Theory]
    [MemberData(nameof(OperationTable.FusedNames), MemberType = typeof(OperationTable))]
    public void Fused_ValueAndGradients_EqualDecomposition(string name)
    {
        var row = Row(name);
        var x = Leaves(row.Inputs());
        var y = row.Function(x);
        var labels = name == "SoftmaxCrossEntropy" ? [OperationTable.Labels(x[0])] : Array.Empty<Tensor>();
        var plain = row.Fused!().Decompose([.. x, .. labels])!;
        Numbers.Close(plain, y, 1e-12, 1e-12, name);
        var u = Numbers.Normal(y.Shape, 9);
        foreach (var (expected, actual) in Gradients.Of(plain, x, u).Zip(Gradients.Of(y, x, u)))
            Numbers.Close(expected, actual, 1e-11, 1e-12, $"{name} gradient");
    }

    [Theory]
    [MemberData(nameof(OperationTable.EmptyNames), MemberType = typeof(OperationTable))]
    public void EmptyInputs_GiveShapesOfReferenceAndGradients(string name)
    {
        var row = Row(name);
        var expected = row.Function(row.Inputs(device: Device.Reference, shapes: row.Empty));
        var x = Leaves(row.Inputs(shapes: row.Empty));
        var y = row.Function(x);
        Numbers.Close(expected, y, 0, 0, name);
        foreach (var createGraph in new[] { false, true })
        {
            foreach (var (input, gradient) in x.Zip(Gradients.Of(y, x, createGraph: createGraph)))
                Assert.Equal(input.Shape, gradient.Shape);
        }
        var (_, tangent) = ForwardMode.JacobianVectorProduct(t => row.Function([.. t]), x, Directions(x));
        Assert.Equal(y.Shape, tangent.Shape);
    }

    [Theory]
    [MemberData(nameof(OperationTable.Names), MemberType = typeof(OperationTable))]
    public void NaNAndInfinity_EveryInstructionSet_ShowLikeReference(string name)
    {
        var row = Row(name);
        foreach (var special in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (var k in row.SpecialInputs)
            {
                for (var i = 0; i < row.Shapes[k].Count; i++)
                    ShowsLikeReference(row, k, i, special);
            }
        }
    }

    private static void ShowsLikeReference(OperationRow row, int input, int at, double special)
    {
        var expected = row.Function(WithSpecial(DType.Float64, Device.Reference));
        if (double.IsNaN(special) && row.ShowsNaN)
            Assert.Contains(expected.ToDoubles(), double.IsNaN);
        foreach (var isa in Numbers.Isas)
        {
            using var _ = IsaSupport.Use(isa);
            foreach (var dtype in new[] { DType.Float32, DType.Float64 })
                Numbers.Close(expected, row.Function(WithSpecial(dtype, Device.Cpu)).To(DType.Float64), 1e-5, 1e-5, $"{row.Name} {dtype} on {isa}, {special} in input {input} at {at}");
        }

        Tensor[] WithSpecial(DType dtype, Device device)
        {
            var x = row.Inputs(dtype, device);
            x[input].SetFlat(at, special);
            return x;
        }
    }

    private static Tensor[] Leaves(Tensor[] x)
    {
        foreach (var input in x)
            input.RequiresGrad = true;
        return x;
    }

    private static Tensor[] Directions(Tensor[] x) => [.. x.Select((t, i) => Numbers.Normal(t.Shape, (ulong)(100 + i)))];
}
