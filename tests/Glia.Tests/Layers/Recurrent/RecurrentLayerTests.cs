using Glia.Layers;

namespace Glia.Tests.Layers.Recurrent;

/// <summary>Laws that every recurrent layer must hold, beyond the harness.</summary>
public class RecurrentLayerTests
{
    private const int Features = 3;
    private const int Hidden = 5;
    private const DType F64 = DType.Float64;

    private static readonly Dictionary<string, Func<RecurrentLayer>> Layers = new()
    {
        ["SimpleRnn"] = () => new SimpleRnn(Features, Hidden, new() { Outputs = 2, OutputActivation = new Sigmoid() }, F64),
        ["SimpleRnn of Softsign"] = () => new SimpleRnn(Features, Hidden, new() { Activation = new Softsign(), UseBias = false }, F64),
        ["Lstm"] = () => new Lstm(Features, Hidden, dtype: F64),
        ["Lstm of everything"] = () => new Lstm(Features, Hidden, new() { Peephole = true, LayerNorm = true, Projection = 4, Activation = new Sigmoid() }, F64),
        ["Gru"] = () => new Gru(Features, Hidden, dtype: F64),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    private static RecurrentLayer Create(string name)
    {
        var layer = Layers[name]();
        layer.Initialize(seed: 3);
        var k = 0UL;
        foreach (var parameter in layer.Parameters)
            parameter.CopyFrom(parameter.Detach() + (Numbers.Normal(parameter.Shape, 50 + k++) * 0.1));
        return layer;
    }

    private static Tensor Steps(Tensor x, int start, int count) => x.Slice(1, start, count);

    [Theory]
    [MemberData(nameof(Names))]
    public void PaddedBatch_WithLengths_EqualsEachSequenceAlone(string name)
    {
        var layer = Create(name);
        var both = new Bidirectional(Create(name));
        both.BackwardLayer.Initialize(seed: 9);
        long[] lengths = [2, 5, 3];
        var x = Numbers.Normal((3, 5, Features), 1);
        for (var b = 0; b < 3; b++)
        {
            for (var i = lengths[b] * Features; i < 5 * Features; i++)
                x.SetFlat((int)((b * 5 * Features) + i), double.NaN);
        }
        var context = ForwardContext.Inference.WithLengths(Tensor.From(lengths));
        var padded = layer.Run(x, context: context);
        var paddedBoth = both.Run(x, context: context);
        var loss = padded.Sequence.Square().Sum() + padded.Last.Sum() + paddedBoth.Sequence.Square().Sum() + paddedBoth.Last.Sum();
        Tensor[] parameters = [.. layer.Parameters, .. both.Parameters];
        var gradients = Gradients.Of(loss, parameters);
        var sum = Tensor.Scalar(0, F64);
        for (var b = 0; b < 3; b++)
        {
            var length = (int)lengths[b];
            var one = x.Slice(0, b, 1).Slice(1, 0, length).Clone();
            var (alone, aloneBoth) = (layer.Run(one), both.Run(one));
            void Equal(Tensor expected, Tensor actual) => Numbers.Close(expected, actual.Slice(0, b, 1), 1e-12, 1e-12, name);
            Equal(Padded(alone.Sequence), padded.Sequence);
            Equal(alone.Last, padded.Last);
            Equal(alone.State.Hidden, padded.State.Hidden);
            Equal(Padded(aloneBoth.Sequence), paddedBoth.Sequence);
            Equal(aloneBoth.Last, paddedBoth.Last);
            Equal(aloneBoth.BackwardState.Hidden, paddedBoth.BackwardState.Hidden);
            if (padded.State.Cell is { } cell)
                Equal(alone.State.Cell!, cell);
            sum += alone.Sequence.Square().Sum() + alone.Last.Sum() + aloneBoth.Sequence.Square().Sum() + aloneBoth.Last.Sum();
        }
        foreach (var (expected, actual) in Gradients.Of(sum, parameters).Zip(gradients))
            Numbers.Close(expected, actual, 1e-10, 1e-11, name);

        static Tensor Padded(Tensor y) => y.Shape[1] == 5 ? y : Tensor.Concat(1, y, Tensor.Zeros((1, 5 - y.Shape[1], y.Shape[2]), F64));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LengthsOfAllSteps_ChangeNothing(string name)
    {
        var layer = Create(name);
        var x = Numbers.Normal((2, 4, Features), 1);
        Numbers.SameBits(layer.Forward(x), layer.Forward(x, ForwardContext.Inference.WithLengths(Tensor.From([4L, 4]))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientOfOneParameter_OthersFrozen_IsAsWithAll(string name)
    {
        var layer = Create(name);
        var x = Numbers.Normal((3, 6, Features), 1);
        Tensor[] parameters = [.. layer.Parameters];
        var together = Gradients.Of(layer.Run(x).Sequence.Square().Sum(), parameters);
        for (var i = 0; i < parameters.Length; i++)
        {
            foreach (var parameter in parameters)
                parameter.RequiresGrad = ReferenceEquals(parameter, parameters[i]);
            Numbers.Close(together[i], Gradients.Of(layer.Run(x).Sequence.Square().Sum(), [parameters[i]])[0], 1e-12, 1e-12, name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TwoRuns_SecondFromTheStateOfTheFirst_EqualOneRunAndItsGradients(string name)
    {
        var layer = Create(name);
        var x = Numbers.Normal((2, 6, Features), 1);
        x.RequiresGrad = true;
        var whole = layer.Run(x);
        var first = layer.Run(Steps(x, 0, 2));
        var second = layer.Run(Steps(x, 2, 4), first.State);
        Numbers.Close(whole.Sequence, Tensor.Concat(1, first.Sequence, second.Sequence), 1e-12, 1e-13, name);
        Numbers.Close(whole.Last, second.Last, 1e-12, 1e-13, name);
        Tensor[] of = [x, .. layer.Parameters];
        foreach (var (e, a) in Gradients.Of(whole.Last.Square().Sum(), of).Zip(Gradients.Of(second.Last.Square().Sum(), of)))
            Numbers.Close(e, a, 1e-11, 1e-12, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stateful_Windows_EqualOneLongSequence_AndGradientsStopAtTheEdge(string name)
    {
        var layer = Create(name);
        var stateful = LayerWith(layer, new Dictionary<string, bool> { ["stateful"] = true, ["returnSequences"] = true });
        var x = Numbers.Normal((2, 6, Features), 1);
        var (one, two) = (Steps(x, 0, 3).Clone(), Steps(x, 3, 3).Clone());
        one.RequiresGrad = two.RequiresGrad = true;
        var before = stateful.Forward(one);
        var after = stateful.Forward(two);
        Numbers.Close(layer.Run(x).Sequence, Tensor.Concat(1, before, after), 1e-12, 1e-13, name);
        var (edge, within) = (Gradients.Of(after.Sum(), [one])[0], Gradients.Of(after.Sum(), [two])[0]);
        Assert.All(edge.ToDoubles(), g => Assert.Equal(0, g));
        Assert.Contains(within.ToDoubles(), g => g != 0);
        // The graph of the second window still has the state it began with, though another window has run since.
        var expected = Gradients.Of(layer.Run(two, layer.Run(one).State.Detach()).Sequence.Sum(), [two])[0];
        stateful.Forward(one);
        Numbers.Close(expected, Gradients.Of(after.Sum(), [two])[0], 1e-11, 1e-12, name);

        stateful.ResetState();
        Numbers.SameBits(before, stateful.Forward(one), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plain_StepByStep_EqualsTheFastPath(string name)
    {
        var layer = Create(name);
        var x = Numbers.Normal((3, 4, Features), 1);
        var context = ForwardContext.Inference.WithLengths(Tensor.From([4L, 1, 3]));
        var plain = layer.RunPlain(x, null, context, out _);
        var fast = layer.Run(x, context: context);
        Numbers.Close(plain.Final.Hidden, fast.State.Hidden, 1e-13, 1e-13, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OrderOfTheBatch_IsThatOfTheResults(string name)
    {
        var layer = Create(name);
        var x = Numbers.Normal((4, 5, Features), 1);
        long[] lengths = [5, 2, 4, 3];
        int[] order = [2, 0, 3, 1];
        Tensor Reordered(Tensor t) => Tensor.Concat(0, [.. order.Select(b => t.Slice(0, b, 1))]);
        var run = layer.Run(x, context: ForwardContext.Inference.WithLengths(Tensor.From(lengths)));
        var moved = layer.Run(Reordered(x), context: ForwardContext.Inference.WithLengths(Tensor.From([.. order.Select(b => lengths[b])])));
        Numbers.Close(Reordered(run.Sequence), moved.Sequence, 1e-13, 1e-14, name);
        Numbers.Close(Reordered(run.Last), moved.Last, 1e-13, 1e-14, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LaterInput_ChangesNoEarlierOutput(string name)
    {
        var layer = Create(name);
        var x = Numbers.Normal((2, 6, Features), 1);
        var before = layer.Run(x).Sequence;
        var after = layer.Run(Tensor.Concat(1, Steps(x, 0, 3), Numbers.Normal((2, 3, Features), 2))).Sequence;
        Numbers.Close(Steps(before, 0, 3), Steps(after, 0, 3), 1e-13, 1e-14, name);
        Assert.True((Steps(before, 3, 3) - Steps(after, 3, 3)).Abs().Max().Item() > 1e-3, name);
    }

    /// <summary>Weights are the same at every step: what happens does not depend on when, only on the state and on what is read.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void SameStateAndInputLater_GiveTheSameOutput(string name)
    {
        var layer = Create(name);
        var (first, then) = (Numbers.Normal((2, 4, Features), 1), Numbers.Normal((2, 3, Features), 3));
        var late = Steps(layer.Run(Tensor.Concat(1, first, then)).Sequence, 4, 3);
        Numbers.Close(layer.Run(then, layer.Run(first).State.Detach()).Sequence, late, 1e-12, 1e-13, name);
    }

    [Theory]
    [InlineData(0, 3, "a length of 0 for sequences of 4 steps. Each length must be from 1 to 4.")]
    [InlineData(5, 3, "a length of 5 for sequences of 4 steps. Each length must be from 1 to 4.")]
    public void Lengths_OutOfRange_Refused(long first, long second, string message) => Assert.Equal(
        "Lstm got " + message,
        Assert.Throws<ArgumentException>(() => new Lstm(3, 2).Forward(Tensor.Zeros((2, 4, 3)), ForwardContext.Inference.WithLengths(Tensor.From([first, second])))).Message);

    [Fact]
    public void Lengths_OfAnotherBatchOrType_Refused()
    {
        Assert.Equal(
            "Gru expects lengths of shape (2,), one per sequence, but got (3,).",
            Assert.Throws<ShapeException>(() => new Gru(3, 2).Forward(Tensor.Zeros((2, 4, 3)), ForwardContext.Inference.WithLengths(Tensor.From([1L, 2, 3])))).Message);
        Assert.Equal(
            "ForwardContext expects lengths of type Int64 but got Float32. Convert them with To(DType.Int64).",
            Assert.Throws<ArgumentException>(() => ForwardContext.Inference.WithLengths(Tensor.From([1f, 2]))).Message);
    }

    [Fact]
    public void Stateful_OtherBatchSize_Refused()
    {
        var model = Network.Input(4, 3).Lstm(2, options: new() { Stateful = true }).Build();
        model.Forward(Tensor.Zeros((5, 4, 3)));
        Assert.Equal(
            "Lstm 'lstm1' keeps the state of 5 sequences but got a batch of 2. Call ResetState() first, or make all batches of one size.",
            Assert.Throws<ArgumentException>(() => model.Forward(Tensor.Zeros((2, 4, 3)))).Message);
        model.ResetState();
        Assert.Equal((2, 2), model.Forward(Tensor.Zeros((2, 4, 3))).Shape);
    }

    [Fact]
    public void State_WrongShape_Refused()
    {
        var (lstm, x) = (new Lstm(3, 2), Tensor.Zeros((5, 4, 3)));
        Assert.Equal(
            "Lstm expects a hidden state of shape (5, 2) but got (4, 2).",
            Assert.Throws<ShapeException>(() => lstm.Run(x, new(Tensor.Zeros((4, 2))))).Message);
        Assert.Equal(
            "Lstm expects a state with a cell of shape (5, 2) but got a state without a cell.",
            Assert.Throws<ShapeException>(() => lstm.Run(x, new(Tensor.Zeros((5, 2))))).Message);
    }

    [Fact]
    public void InitialWeights_OrthogonalBlocksGlorotAndForgetBias()
    {
        var lstm = new Lstm(6, 8);
        lstm.Initialize(seed: 1);
        for (var gate = 0; gate < 4; gate++)
        {
            var block = lstm.WeightHh.Detach().Slice(0, gate * 8, 8);
            Numbers.Close(Tensor.From([.. Enumerable.Range(0, 64).Select(i => i % 9 == 0 ? 1f : 0)], (8, 8)), block.MatMul(block, transposeB: true), 0, 1e-5);
        }
        var bound = Math.Sqrt(6.0 / (6 + 32));
        Assert.All(lstm.WeightIh.ToDoubles(), w => Assert.InRange(w, -bound, bound));
        Assert.InRange(lstm.WeightIh.ToDoubles().Max(), 0.8 * bound, bound);
        Assert.Equal([.. Enumerable.Range(0, 32).Select(i => i is >= 8 and < 16 ? 1.0 : 0)], lstm.Bias!.ToDoubles());
    }

    [Fact]
    public void RecurrentDropout_SameMaskAtEveryStep_AndNoneInInference()
    {
        var layer = new SimpleRnn(1, 40, new() { ReturnSequences = true, RecurrentDropout = 0.5, UseBias = false, Activation = new HardTanh(-100, 100) }, F64);
        layer.WeightIh.FillInPlace(1);
        layer.WeightHh.CopyFrom(Tensor.From([.. Enumerable.Range(0, 1600).Select(i => i % 41 == 0 ? 1.0 : 0)], (40, 40)));
        var y = layer.Forward(Tensor.Ones((1, 4, 1), F64), ForwardContext.Training(new Rng(1)));
        // A unit that is dropped sees the input alone at every step; one that is kept doubles what it has.
        var kept = Enumerable.Range(0, 40).Where(k => y[0, 1, k] == 3).ToArray();
        Assert.InRange(kept.Length, 8, 32);
        for (var k = 0; k < 40; k++)
            Assert.Equal(kept.Contains(k) ? [1, 3, 7, 15] : new double[] { 1, 1, 1, 1 }, Enumerable.Range(0, 4).Select(t => y[0, t, k]).ToArray());
        Assert.Equal([4, 4], layer.Forward(Tensor.Ones((1, 4, 1), F64)).ToDoubles()[^2..]);
    }

    [Fact]
    public void Builder_StacksLayers_AndNamesWhatDoesNotFit()
    {
        var model = Network.Input(7, 3).Lstm(8, returnSequences: true).Bidirectional(b => b.Gru(4, returnSequences: true)).SimpleRnn(5).Dense(2).Build(seed: 1);
        Assert.Equal([(7, 8), (7, 8), 5, 2], model.LayerShapes);
        Assert.Equal((4, 2), model.Predict(Tensor.Zeros((4, 7, 3))).Shape);
        Assert.Contains("bidirectional1.backward.weight_hh", model.StateDict().Keys);
        Assert.Equal(
            "Gru 'gru1' expects samples (time, features) but got (8,). Does the layer before it return only its last step? Give it returnSequences: true.",
            Assert.Throws<ShapeException>(() => Network.Input(7, 3).Lstm(8).Gru(4)).Message);
        Assert.Equal(
            "Bidirectional expects one recurrent layer but got Dense. Add layers around it outside.",
            Assert.Throws<ArgumentException>(() => Network.Input(3).Bidirectional(b => b.Dense(4))).Message);
    }

    public static TheoryData<Func<object>> BadSettings =>
    [
        () => new Lstm(0, 1),
        () => new Lstm(1, 0),
        () => new Lstm(1, 2, new() { Projection = 0 }),
        () => new Lstm(1, 2, new() { ForgetBias = double.NaN }),
        () => new Gru(1, 2, new() { RecurrentDropout = 1 }),
        () => new SimpleRnn(1, 2, new() { RecurrentDropout = double.NaN }),
        () => new SimpleRnn(1, 2, new() { Outputs = 0 }),
        () => new SimpleRnn(1, 2, new() { OutputActivation = new Tanh() }),
        () => new Bidirectional(new Gru(1, 2), (BranchMerge)7),
    ];

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void SettingsOutOfRange_Refused(Func<object> action) => Assert.ThrowsAny<ArgumentException>(action);

    /// <summary>The same layer with other switches, by way of its written settings.</summary>
    private static RecurrentLayer LayerWith(RecurrentLayer layer, Dictionary<string, bool> switches)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
            LayerCatalog.Write(writer, layer);
        var json = System.Text.Json.Nodes.JsonNode.Parse(stream.ToArray())!;
        foreach (var (key, value) in switches)
            json["settings"]![key] = value;
        using var document = System.Text.Json.JsonDocument.Parse(json.ToJsonString());
        var copy = (RecurrentLayer)LayerCatalog.Read(document.RootElement, (6, Features), long.MaxValue);
        copy.LoadStateDict(layer.StateDict());
        Assert.True(copy.IsStateful && copy.ReturnSequences);
        return copy;
    }
}
