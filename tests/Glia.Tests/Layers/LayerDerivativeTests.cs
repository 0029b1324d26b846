using Glia.Autograd;
using Glia.Layers;

namespace Glia.Tests.Layers;

/// <summary>Forward mode and second derivatives of every layer, with respect to its input and parameters, over the rows of <see cref="LayerTable"/>.</summary>
public class LayerDerivativeTests
{
    private const double Step = 1e-6;

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void ForwardMode_EqualsTransposeOfReverseMode(string name)
    {
        foreach (var context in Contexts)
        {
            var (layer, input, x) = Create(name);
            var v = Directions(x);
            var (y, jv) = Along(layer, input, context, x, v);
            Numbers.Close(layer.Forward(input, context), y, 1e-12, 1e-12, name);
            var u = Numbers.Normal(y.Shape, 9);
            var forward = Numbers.Dot(u, jv);
            var reverse = Gradients.Of(layer.Forward(input, context), x, u).Zip(v, Numbers.Dot).Sum();
            Assert.True(Math.Abs(forward - reverse) <= 1e-9 * Math.Max(1, Math.Abs(forward)), $"{name}: ⟨u, Jv⟩ = {forward:R}, ⟨Jᵀu, v⟩ = {reverse:R}");
        }
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void ForwardMode_EqualsFiniteDifferences(string name)
    {
        foreach (var context in Contexts)
        {
            var (layer, input, x) = Create(name);
            var v = Directions(x);
            var (_, jv) = Along(layer, input, context, x, v);
            Tensor[] at = [.. x.Select(t => t.Clone())];
            var difference = (At(Step) - At(-Step)) * (1 / (2 * Step));
            Numbers.Close(difference, jv, 1e-4, 1e-6, $"{name}: J·v");

            Tensor At(double h)
            {
                using var noGrad = Gradients.NoGrad();
                for (var k = 0; k < x.Length; k++)
                    x[k].CopyFrom(at[k] + (v[k] * h));
                return layer.Forward(input, context).Clone();
            }
        }
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void GradientOfTheGradient_EqualsFiniteDifferences(string name)
    {
        var (layer, input, x) = Create(name);
        if (x.Length == 0)
            return;
        var v = Directions(x);
        var u = Numbers.Normal(layer.Forward(input, LayerHarness.Training).Shape, 9);
        Tensor[] First(bool createGraph) => Gradients.Of(layer.Forward(input, LayerHarness.Training), x, u, createGraph);

        var along = First(createGraph: true).Zip(v, (g, d) => (g * d).Sum()).Aggregate((a, b) => a + b);
        GradientCheck.Equal(_ => First(createGraph: false).Zip(v, Numbers.Dot).Sum(), x, Gradients.Of(along, x), name);
    }

    private static ForwardContext[] Contexts => [LayerHarness.Training, ForwardContext.Inference];

    /// <summary>A layer, its input, and what it is differentiated by: the input, unless it holds indices, and the parameters.</summary>
    private static (Layer Layer, Tensor Input, Tensor[] Variables) Create(string name)
    {
        var row = LayerHarness.Row(name);
        var layer = row.Create(DType.Float64);
        layer.Initialize(seed: 8);
        var input = LayerHarness.Input(row, DType.Float64);
        Tensor[] x = input.DType.IsFloatingPoint() ? [input, .. layer.Parameters] : [.. layer.Parameters];
        foreach (var variable in x)
            variable.RequiresGrad = true;
        return (layer, input, x);
    }

    private static Tensor[] Directions(Tensor[] x) => [.. x.Select((t, i) => Numbers.Normal(t.Shape, (ulong)(100 + i)))];

    /// <summary>The layer's tensors carry their tangents themselves, since the layer takes its parameters from where they are.</summary>
    private static (Tensor Value, Tensor Tangent) Along(Layer layer, Tensor input, ForwardContext context, Tensor[] x, Tensor[] v)
    {
        try
        {
            for (var k = 0; k < x.Length; k++)
                x[k].Tangent = v[k];
            return ForwardMode.JacobianVectorProduct(_ => layer.Forward(input, context), [], []);
        }
        finally
        {
            foreach (var variable in x)
                variable.Tangent = null;
        }
    }
}
