using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Tests.Optimizers;

public class OptimizerTests
{
    public static TheoryData<Func<Optimizer>> Optimizers =>
    [
        () => new Sgd(0.1),
        () => new Sgd(0.1, momentum: 0.9),
        () => new Sgd(0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true),
        () => new Adam(0.1),
        () => new Adam(0.1, weightDecay: 0.01),
        () => new AdamW(0.1),
    ];

    private static Parameter At(double value, bool decays = true)
    {
        var p = new Parameter(1, DType.Float64, decays: decays);
        p.AsWritableSpan<double>()[0] = value;
        return p;
    }

    /// <summary>The parameter after steps with given gradients.</summary>
    private static double After(Optimizer optimizer, Parameter p, params double[] gradients)
    {
        optimizer.Attach([p], decayAll: false);
        foreach (var g in gradients)
        {
            optimizer.ZeroGrad();
            (p * g).Backward(Tensor.Ones(1, DType.Float64));
            optimizer.Step();
        }
        return p.Item();
    }

    [Fact]
    public void Sgd_Steps_FollowTheFormula()
    {
        Assert.Equal(1 - (0.1 * 2), After(new Sgd(0.1), At(1), 2), 1e-12);
        Assert.Equal(1 - (0.1 * (2 + 0.5)), After(new Sgd(0.1, weightDecay: 0.5), At(1), 2), 1e-12);
        // b₁ = 2, b₂ = 0.9·2 + 3
        Assert.Equal(1 - 0.2 - (0.1 * 4.8), After(new Sgd(0.1, momentum: 0.9), At(1), 2, 3), 1e-12);
        // g + 0.9·b
        Assert.Equal(1 - (0.1 * (2 + 1.8)) - (0.1 * (3 + (0.9 * 4.8))), After(new Sgd(0.1, momentum: 0.9, nesterov: true), At(1), 2, 3), 1e-12);
    }

    [Fact]
    public void Adam_FirstStep_IsTheLearningRate()
    {
        Assert.Equal(1 - (0.1 * 2 / (2 + 1e-8)), After(new Adam(0.1), At(1), 2), 1e-12);
        Assert.Equal(1 + (0.1 * 5 / (5 + 1e-8)), After(new Adam(0.1), At(1), -5), 1e-12);
        Assert.Equal(1 - (0.1 * 2.5 / (2.5 + 1e-8)), After(new Adam(0.1, weightDecay: 0.5), At(1), 2), 1e-12);
    }

    [Fact]
    public void Adam_SecondStep_FollowsTheFormula()
    {
        var m = (0.9 * 0.1 * 2) + (0.1 * 3);
        var v = (0.999 * 0.001 * 4) + (0.001 * 9);
        var step = 0.1 * (m / (1 - 0.81)) / (Math.Sqrt(v / (1 - (0.999 * 0.999))) + 1e-8);
        Assert.Equal(1 - (0.1 * 2 / (2 + 1e-8)) - step, After(new Adam(0.1), At(1), 2, 3), 1e-12);
    }

    [Fact]
    public void AdamW_DecaysWeightsOnly_BesideTheStep()
    {
        var step = 0.1 * 2 / (2 + 1e-8);
        Assert.Equal(3 * (1 - (0.1 * 0.01)) - step, After(new AdamW(0.1), At(3), 2), 1e-12);
        Assert.Equal(3 - step, After(new AdamW(0.1), At(3, decays: false), 2), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Step_OnAParabola_ComesToItsMinimum(Func<Optimizer> create)
    {
        var p = At(4);
        var optimizer = create().Attach([p]);
        for (var i = 0; i < 300; i++)
        {
            optimizer.ZeroGrad();
            (p - 1).Square().Backward();
            optimizer.Step();
        }
        Assert.Equal(1, p.Item(), 0.05);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void StateDict_RestoredIntoAnother_ContinuesWithTheSameBits(Func<Optimizer> create)
    {
        var whole = Parameters();
        var halves = Parameters();
        var first = create().Attach(halves);
        var straight = create().Attach(whole);
        Train(straight, whole, 0, 10);
        Train(first, halves, 0, 5);
        var second = create().Attach(halves);
        second.LoadStateDict(first.StateDict());
        Assert.Equal(5, second.StepCount);
        Train(second, halves, 5, 10);
        for (var i = 0; i < whole.Length; i++)
            Numbers.SameBits(whole[i], halves[i]);

        static Parameter[] Parameters()
        {
            Parameter[] parameters = [new((3, 5)), new(7)];
            for (var i = 0; i < parameters.Length; i++)
                parameters[i].CopyFrom(Numbers.Normal(parameters[i].Shape, (ulong)i, DType.Float32));
            return parameters;
        }

        static void Train(Optimizer optimizer, Parameter[] parameters, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                optimizer.ZeroGrad();
                foreach (var p in parameters)
                    (p.Square() * Numbers.Normal(p.Shape, (ulong)step, DType.Float32)).Sum().Backward();
                optimizer.Step();
            }
        }
    }

    [Fact]
    public void StateDict_IsACopy()
    {
        var p = At(1);
        var optimizer = new Adam();
        After(optimizer, p, 2);
        var state = optimizer.StateDict();
        var before = state["0.state1"].Item();
        (p * 5).Backward(Tensor.Ones(1, DType.Float64));
        optimizer.Step();
        Assert.Equal(before, state["0.state1"].Item());
    }

    [Fact]
    public void LoadStateDict_DoesNotFit_SaysWhatAndChangesNothing()
    {
        var optimizer = new Adam();
        After(optimizer, At(1), 2, 3);
        void Refused(string message, params (string Key, Tensor Value)[] state) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => optimizer.LoadStateDict(state.ToDictionary(s => s.Key, s => s.Value))).Message);

        const string Start = "The saved state does not fit Adam with 1 parameters: ";
        (string, Tensor) step = ("step", Tensor.Scalar(7, DType.Int64)), rate = ("learningRate", Tensor.Scalar(1));
        (string, Tensor) step0 = ("0.step", Tensor.Scalar(7, DType.Int64)), state1 = ("0.state1", Tensor.Zeros(1)), state2 = ("0.state2", Tensor.Zeros(1));
        Refused(Start + "missing 'step'; missing 'learningRate'.");
        Refused(Start + "unexpected '1.state1'.", step, rate, step0, state1, state2, ("1.state1", Tensor.Zeros(1)));
        Refused(Start + "unexpected 'x'.", step, rate, ("x", Tensor.Zeros(1)));
        Refused(Start + "missing '0.state2'; '0.state1' expects (1,) but got (2,).", step, rate, step0, ("0.state1", Tensor.Zeros(2)));
        Assert.Equal(2, optimizer.StepCount);
    }

    [Fact]
    public void LoadStateDict_OtherType_IsConverted()
    {
        var (optimizer, p) = (new Adam(0.1), At(1));
        After(optimizer, p, 2);
        optimizer.LoadStateDict(optimizer.StateDict().ToDictionary(s => s.Key, s => s.Value.Rank == 0 ? s.Value : s.Value.To(DType.Float32)));
        optimizer.Step();
        Assert.True(p.Item() < 0.9);
    }

    [Fact]
    public void Step_ParametersWithoutGradientOrFixed_StayAsTheyAre()
    {
        var (none, frozen, moved) = (At(1), At(1), At(1));
        var optimizer = new Sgd(0.1).Attach([none, frozen, moved]);
        (frozen * moved).Backward();
        frozen.IsTrainable = false;
        optimizer.Step();
        Assert.Equal((1, 1, 0.9), (none.Item(), frozen.Item(), moved.Item()));
    }

    [Fact]
    public void Step_NothingAttached_SaysToAttach() => Assert.Equal(
        "Adam has no parameters. Call Attach(model.Parameters) first, or give the optimizer to a Trainer.",
        Assert.Throws<InvalidOperationException>(() => new Adam().Step()).Message);

    public static TheoryData<Func<object>> BadSettings =>
    [
        () => new Sgd(-0.1),
        () => new Sgd(double.NaN),
        () => new Sgd(double.PositiveInfinity),
        () => new Sgd(momentum: 1),
        () => new Sgd(momentum: -0.1),
        () => new Sgd(weightDecay: -1),
        () => new Sgd(nesterov: true),
        () => new Adam(beta1: 1),
        () => new Adam(beta2: double.NaN),
        () => new Adam(epsilon: -1),
        () => new AdamW(weightDecay: -1),
        () => new Adam().LearningRate = -1,
    ];

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void SettingsOutOfRange_Refused(Func<object> action) => Assert.ThrowsAny<ArgumentException>(action);
}
