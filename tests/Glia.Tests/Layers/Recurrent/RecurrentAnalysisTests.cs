using System.Numerics;
using Glia.Initializers;
using Glia.Layers;

namespace Glia.Tests.Layers.Recurrent;

public class RecurrentAnalysisTests
{
    private static void Equal(IEnumerable<Complex> expected, Tensor matrix, double tolerance)
    {
        var left = RecurrentAnalysis.Eigenvalues(matrix).ToList();
        foreach (var value in expected)
        {
            var nearest = left.MinBy(v => (v - value).Magnitude);
            Assert.True((nearest - value).Magnitude <= tolerance, $"{value} is not among the eigenvalues {string.Join(", ", left)}");
            left.Remove(nearest);
        }
        Assert.Empty(left);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(41)]
    public void Eigenvalues_KnownSpectrumInARandomBasis_AreFound(int size)
    {
        // Q·T·Qᵀ with T triangular but for blocks (a, b; −b, a) on its diagonal, whose eigenvalues are a ± bi.
        var q = Tensor.Zeros((size, size), DType.Float64);
        Initializer.Orthogonal().Fill(q, new Rng(4));
        var t = Numbers.Normal((size, size), 5) * 0.3;
        var expected = new List<Complex>();
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < row; column++)
                t.SetFlat((row * size) + column, 0);
            t.SetFlat((row * size) + row, 1 - (row * 0.07));
        }
        for (var row = 0; row < size; row++)
        {
            if (row % 3 == 0 && row + 1 < size)
            {
                var (a, b) = (0.5 - (row * 0.04), 0.3 + (row * 0.02));
                t.SetFlat((row * size) + row, a);
                t.SetFlat(((row + 1) * size) + row + 1, a);
                t.SetFlat((row * size) + row + 1, b);
                t.SetFlat(((row + 1) * size) + row, -b);
                expected.AddRange(new Complex(a, b), new Complex(a, -b));
                row++;
            }
            else
            {
                expected.Add(t[row, row]);
            }
        }
        Equal(expected, q.MatMul(t).MatMul(q, transposeB: true), 1e-10);
    }

    [Fact]
    public void Eigenvalues_CyclicPermutation_AreTheRootsOfUnity()
    {
        const int Size = 12;
        var matrix = Tensor.From([.. Enumerable.Range(0, Size * Size).Select(i => i % Size == ((i / Size) + 1) % Size ? 1.0 : 0)], (Size, Size));
        Equal(Enumerable.Range(0, Size).Select(k => Complex.FromPolarCoordinates(1, 2 * Math.PI * k / Size)), matrix, 1e-12);
    }

    [Fact]
    public void Eigenvalues_CompanionMatrix_AreTheRootsOfItsPolynomial() =>
        // (x − 1)(x − 2)(x − 3)(x + 4) = x⁴ − 2x³ − 13x² + 38x − 24
        Equal([1, 2, 3, -4], Tensor.From(new[,] { { 2.0, 13, -38, 24 }, { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } }), 1e-12);

    [Fact]
    public void Eigenvalues_ZerosAndTriangles_AreOnTheDiagonal()
    {
        Equal([0, 0, 0], Tensor.Zeros((3, 3), DType.Float64), 0);
        Equal([2, 2, 2], Tensor.From(new[,] { { 2.0, 1, 0 }, { 0, 2, 1 }, { 0, 0, 2 } }), 1e-12);
        Equal([0, 0, 0], Tensor.From(new[,] { { 0.0, 1, 0 }, { 0, 0, 1 }, { 0, 0, 0 } }), 1e-12);
        Equal([1e200, -1e-200], Tensor.From(new[,] { { 1e200, 0.0 }, { 0, -1e-200 } }), 1e185);
    }

    [Fact]
    public void Eigenvalues_NoSquareMatrixOrNaN_Refused()
    {
        Assert.Equal("Eigenvalues expects a square matrix but got (2, 3).", Assert.Throws<ShapeException>(() => RecurrentAnalysis.Eigenvalues(Tensor.Zeros((2, 3)))).Message);
        Assert.ThrowsAny<ArgumentException>(() => RecurrentAnalysis.Eigenvalues(Tensor.Full((2, 2), double.NaN)));
    }

    [Fact]
    public void SpectralRadius_UntrainedLayers_IsOne()
    {
        foreach (var layer in new RecurrentLayer[] { new SimpleRnn(3, 20), new Lstm(3, 20), new Gru(3, 20) })
        {
            foreach (var gate in layer.Gates)
                Assert.Equal(1, RecurrentAnalysis.SpectralRadius(layer, gate), 1e-5);
        }
        Assert.Equal(
            "Gru has no gate Forget. It has Reset, Update, Proposal. (Parameter 'gate')",
            Assert.Throws<ArgumentException>(() => RecurrentAnalysis.SpectralRadius(new Gru(2, 3), RecurrentGate.Forget)).Message);
    }

    [Fact]
    public void RecurrentMatrix_ProjectedLstm_IsSquare()
    {
        var lstm = new Lstm(2, 4, new() { Projection = 3 }, DType.Float64);
        var expected = lstm.WeightHh.Slice(0, 8, 4).MatMul(lstm.WeightHr!);
        Numbers.Close(expected, RecurrentAnalysis.RecurrentMatrix(lstm), 1e-14, 1e-14);
        Assert.Equal(4, RecurrentAnalysis.Eigenvalues(lstm).Count);
    }

    [Fact]
    public void PowerNorms_ScaledRotation_AreItsPowers()
    {
        var layer = new SimpleRnn(1, 2, dtype: DType.Float64);
        layer.WeightHh.CopyFrom(Tensor.From(new[,] { { 0.3, 0.4 }, { -0.4, 0.3 } }));
        var norms = RecurrentAnalysis.PowerNorms(layer, 30);
        for (var t = 0; t < 30; t++)
            Assert.Equal(1, norms[t] / Math.Pow(0.5, t + 1), 1e-10);
    }

    [Fact]
    public void PowerNorms_NonNormalMatrix_GrowBeforeTheyVanish()
    {
        var layer = new SimpleRnn(1, 2, dtype: DType.Float64);
        layer.WeightHh.CopyFrom(Tensor.From(new[,] { { 0.5, 4 }, { 0, 0.5 } }));
        var norms = RecurrentAnalysis.PowerNorms(layer, 40);
        // The square is (0.25, 4; 0, 0.25), whose largest singular value is (2 + √(4 + 0.25²)).
        Assert.Equal(2 + Math.Sqrt(4 + 0.0625), norms[1], 1e-10);
        Assert.True(norms[39] < 1e-8);
    }

    [Fact]
    public void GradientNorms_OneUnit_AreTheProductOfSlopes()
    {
        var layer = new SimpleRnn(1, 1, dtype: DType.Float64);
        layer.WeightHh.FillInPlace(0.7);
        var x = Numbers.Normal((1, 5, 1), 3);
        var h = layer.Trace(x).Hidden.ToDoubles();
        var norms = RecurrentAnalysis.GradientNorms(layer, x, run => run.Last.Sum());
        for (var t = 0; t < 5; t++)
            Assert.Equal(Enumerable.Range(t + 1, 4 - t).Aggregate(1.0, (p, s) => p * 0.7 * (1 - (h[s] * h[s]))), norms[t], 1e-12);
        Assert.All(layer.Parameters, p => Assert.Null(p.Grad));
    }

    [Fact]
    public void GradientNorms_Lengths_AreZeroBeyondThem()
    {
        var norms = RecurrentAnalysis.GradientNorms(
            new Lstm(2, 3), Tensor.Ones((1, 4, 2)), run => run.Last.Sum(), ForwardContext.Inference.WithLengths(Tensor.From([2L])));
        Assert.True(norms[0] > 0 && norms[1] > 0);
        Assert.Equal([0, 0], norms.Skip(2));
    }

    [Fact]
    public void GradientNormsByLayer_StackedAndBidirectional_AreThoseOfTheStates()
    {
        var model = Network.Input(6, 2).Add(new SimpleRnn(2, 4, new() { ReturnSequences = true }, DType.Float64))
            .Add(new Bidirectional(new Lstm(4, 3, new() { ReturnSequences = true }, DType.Float64)))
            .Add(new Gru(6, 5, new() { Stateful = true }, DType.Float64)).Add(new Dense(5, 1, dtype: DType.Float64)).Build(seed: 2);
        var x = Numbers.Normal((3, 6, 2), 1);
        var context = ForwardContext.Inference.WithLengths(Tensor.From([6L, 4, 5]));
        var norms = RecurrentAnalysis.GradientNormsByLayer(model, x, y => y.Square().Sum(), context);

        Assert.Equal(["rnn", "forward", "backward", "gru"], norms.Keys.Select(Kind));
        Assert.Equal(norms.Keys.Order(), RecurrentAnalysis.LayersOf(model).Keys.Order());
        foreach (var (name, own) in norms)
        {
            Assert.Equal(6, own.Count);
            Assert.All(own.Take(4), n => Assert.True(double.IsFinite(n) && n > 0, name));
        }
        // Only the longest sequence has a last step.
        var longest = RecurrentAnalysis.GradientNormsByLayer(model, x.Slice(0, 0, 1).Clone(), y => y.Square().Sum());
        foreach (var name in norms.Keys)
            Assert.Equal(longest[name][5], norms[name][5], 1e-12);
        // The kept state was neither used nor left behind, so that another batch size is no error.
        Assert.Equal((1, 1), model.Predict(x.Slice(0, 0, 1)).Shape);

        static string Kind(string name) => name.Split('.')[^1].StartsWith("simplernn", StringComparison.OrdinalIgnoreCase) ? "rnn" : name.Split('.')[^1].TrimEnd('1');
    }

    public static TheoryData<string> Cells => ["SimpleRnn", "Lstm", "Gru", "Lstm of everything"];

    [Theory]
    [MemberData(nameof(Cells))]
    public void GradientNorms_EveryCell_AreFiniteDifferencesOfTheStates(string cell)
    {
        RecurrentLayer layer = cell switch
        {
            "SimpleRnn" => new SimpleRnn(2, 3, dtype: DType.Float64),
            "Gru" => new Gru(2, 3, dtype: DType.Float64),
            "Lstm" => new Lstm(2, 3, dtype: DType.Float64),
            _ => new Lstm(2, 3, new() { Peephole = true, LayerNorm = true, Projection = 2 }, DType.Float64),
        };
        layer.Initialize(seed: 4);
        var x = Numbers.Normal((1, 5, 2), 1);
        var norms = RecurrentAnalysis.GradientNorms(layer, x, run => run.Last.Square().Sum());
        const double Step = 1e-6;
        for (var t = 0; t < 4; t++)
        {
            var state = layer.Run(x.Slice(1, 0, t + 1)).State.Copy();
            var rest = x.Slice(1, t + 1, 4 - t);
            var sum = 0.0;
            for (var i = 0; i < state.Hidden.Count; i++)
            {
                double Loss(double by)
                {
                    var moved = state.Hidden.Clone();
                    moved.SetFlat(i, moved.ToDoubles()[i] + by);
                    return layer.Run(rest, new(moved, state.Cell)).Last.Square().Sum().Item();
                }
                sum += Math.Pow((Loss(Step) - Loss(-Step)) / (2 * Step), 2);
            }
            Assert.Equal(1, norms[t] / Math.Sqrt(sum), 1e-6);
        }
        Assert.Equal(norms, RecurrentAnalysis.GradientNormsByLayer(layer, x, y => y.Square().Sum()).Single().Value);
    }

    [Fact]
    public void GradientNormsByLayer_NoRecurrentLayer_Refused() => Assert.Equal(
        "SequentialNetwork ran no recurrent layer. Give a model with a SimpleRnn, an Lstm or a Gru. (Parameter 'model')",
        Assert.Throws<ArgumentException>(() => RecurrentAnalysis.GradientNormsByLayer(Network.Input(3).Dense(1).Build(), Tensor.Ones((1, 3)), y => y.Sum())).Message);
}
