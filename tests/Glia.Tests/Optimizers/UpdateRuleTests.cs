using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Tests.Optimizers;

public class UpdateRuleTests
{
    internal static readonly Dictionary<string, Func<bool, Optimizer>> All = new()
    {
        ["sgd"] = m => new Sgd(0.1, maximize: m),
        ["sgd with everything"] = m => new Sgd(0.1, 0.9, 0.01, nesterov: false, 0.3, m),
        ["nesterov"] = m => new Sgd(0.1, 0.9, nesterov: true, maximize: m),
        ["adam"] = m => new Adam(0.01, maximize: m),
        ["amsgrad"] = m => new Adam(0.01, weightDecay: 0.1, amsGrad: true, maximize: m),
        ["adamw"] = m => new AdamW(0.01, maximize: m),
        ["nadam"] = m => new NAdam(0.01, maximize: m),
        ["adamax"] = m => new Adamax(0.01, maximize: m),
        ["adagrad"] = m => new Adagrad(0.1, 0.1, initialAccumulator: 0.5, maximize: m),
        ["adadelta"] = m => new Adadelta(maximize: m),
        ["rmsprop"] = m => new RMSprop(0.01, momentum: 0.5, maximize: m),
        ["centered rmsprop"] = m => new RMSprop(0.01, centered: true, maximize: m),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RestoredState_GoesOnBitForBit(string name)
    {
        var whole = Fit(name, steps: 10, out _);
        Fit(name, steps: 6, out var first);
        var (model, optimizer) = Start(name);
        model.LoadStateDict(first.Model.StateDict().ToDictionary(p => p.Key, p => p.Value.Clone()));
        optimizer.LearningRate *= 3;
        optimizer.LoadStateDict(first.Optimizer.StateDict());
        Run(model, optimizer, 6, 10);

        foreach (var (key, tensor) in whole.StateDict())
            Numbers.SameBits(tensor, model.StateDict()[key], $"{name}: {key}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Maximize_IsDescentAlongTheOppositeGradient(string name)
    {
        var (up, down) = (Parameter(1, -2, 0.5), Parameter(1, -2, 0.5));
        var (climb, descend) = (All[name](true).Attach([up]), All[name](false).Attach([down]));
        for (var step = 0; step < 5; step++)
        {
            Step(climb, up, 1 + step, -2, 3);
            Step(descend, down, -1 - step, 2, -3);
        }
        Numbers.SameBits(down, up, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LossOfASmallFit_Falls(string name)
    {
        var (model, optimizer) = Start(name);
        var before = Loss(model).Item();
        Run(model, optimizer, 0, 30);
        Assert.True(Loss(model).Item() < before, $"{name}: {Loss(model).Item()} after {before}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ReferenceDevice_AgreesWithTheCpu(string name)
    {
        var (fast, plain) = (Parameter(1, -2, 0.5), Parameter(1, -2, 0.5).On(Device.Reference));
        var (optimizer, reference) = (All[name](false).Attach([fast]), All[name](false).Attach([plain]));
        for (var step = 0; step < 5; step++)
        {
            Step(optimizer, fast, 1 + step, -2, 0);
            Step(reference, plain, 1 + step, -2, 0);
        }
        Numbers.Close(plain, fast, 1e-12, 1e-12, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ZeroGradient_MakesNoNaN(string name)
    {
        var parameter = Parameter(1, -2, 0.5);
        var optimizer = All[name](false).Attach([parameter]);
        for (var step = 0; step < 3; step++)
            Step(optimizer, parameter, 0, 0, 0);
        Assert.All(parameter.ToDoubles(), p => Assert.True(double.IsFinite(p)));
    }

    [Fact]
    public void CentredRmsProp_StaysFiniteWhenTheGradientIsConstant()
    {
        var parameter = Parameter(DType.Float32, 1);
        var optimizer = new RMSprop(1e-3, centered: true, epsilon: 1e-3).Attach([parameter]);
        for (var step = 0; step < 1000; step++)
            Step(optimizer, parameter, 0.1);
        Assert.True(float.IsFinite(parameter.AsSpan<float>()[0]));
    }

    [Fact]
    public void FrozenParameter_StartsItsBiasCorrectionWhenItIsThawed()
    {
        var (early, late) = (Parameter(1), Parameter(1));
        late.IsTrainable = false;
        var optimizer = new Adam(0.1).Attach([early, late]);
        for (var step = 0; step < 50; step++)
        {
            (early * 2).Sum().Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        }
        late.IsTrainable = true;
        Step(optimizer, late, 7);

        Assert.Equal(0.9, late.Item(), 6);
    }

    [Fact]
    public void Group_HasItsOwnRateAndDecay_AndKeepsItsProportion()
    {
        var (backbone, head, rest) = (Parameter(1), Parameter(1), Parameter(1));
        var optimizer = new Sgd(0.1, weightDecay: 0.5).AddGroup([backbone], learningRate: 0.01, weightDecay: 0).AddGroup([head], learningRate: 1).Attach([backbone, head, rest]);
        StepAll();
        Assert.Equal(1 - 0.01, backbone.Item(), 12);
        Assert.Equal(1 - (1 * 1.5), head.Item(), 12);
        Assert.Equal(1 - (0.1 * 1.5), rest.Item(), 12);

        optimizer.LearningRate = 0.2;
        var before = backbone.Item();
        StepAll();
        Assert.Equal(before - 0.02, backbone.Item(), 12);

        void StepAll()
        {
            (backbone + head + rest).Sum().Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }

    [Fact]
    public void Groups_AloneAreEnoughToStep()
    {
        var (a, b) = (Parameter(1), Parameter(1));
        var optimizer = new Sgd(0.1).AddGroup([a]).AddGroup([b], learningRate: 0.2);
        (a + b).Sum().Backward();
        optimizer.Step();
        Assert.Equal(0.9, a.Item(), 12);
        Assert.Equal(0.8, b.Item(), 12);
    }

    [Fact]
    public void GroupDecay_HoldsAlsoForBiases()
    {
        var bias = new Parameter(1, DType.Float64, decays: false);
        bias.CopyFrom(Tensor.Ones(1, DType.Float64));
        var optimizer = new AdamW(1, weightDecay: 0.1).AddGroup([bias], weightDecay: 0.25).Attach([bias], decayAll: false);
        Step(optimizer, bias, 0);
        Assert.Equal(0.75, bias.Item(), 12);
    }

    [Fact]
    public void ParameterInTwoGroups_IsRefused()
    {
        var parameter = Parameter(1);
        var optimizer = new Sgd().AddGroup([parameter]);
        var error = Assert.Throws<ArgumentException>(() => optimizer.AddGroup([parameter]));
        Assert.Equal("The parameter 'parameter' (1,) is in a group already. Each can be in one only.", error.Message);
    }

    [Fact]
    public void GroupRateBesideARateOfZero_IsRefused() =>
        Assert.StartsWith(
            "A group's rate keeps its proportion to the optimizer's, which is 0.",
            Assert.Throws<ArgumentException>(() => new Sgd(0).AddGroup([Parameter(1)], learningRate: 0.1)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void StateOfAnotherOptimizer_IsRefusedWithEveryProblem_AndChangesNothing()
    {
        Fit("adam", 3, out var adam);
        var (_, sgd) = Start("sgd with everything");
        var error = Assert.Throws<ArgumentException>(() => sgd.LoadStateDict(adam.Optimizer.StateDict()));
        Assert.Equal("The saved state does not fit SGD with momentum 0.9 with 2 parameters: unexpected '0.state2'; unexpected '1.state2'.", error.Message);
        Assert.Equal(0, sgd.StepCount);

        var (_, other) = Start("amsgrad");
        Assert.Contains("missing '0.state3'", Assert.Throws<ArgumentException>(() => other.LoadStateDict(adam.Optimizer.StateDict())).Message, StringComparison.Ordinal);
        var small = new Adam().Attach([Parameter(1), Parameter(1)]);
        Assert.Contains("'0.state1' expects (1,) but got (4, 3)", Assert.Throws<ArgumentException>(() => small.LoadStateDict(adam.Optimizer.StateDict())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(dampening: 1.5));
        Assert.Throws<ArgumentException>(() => new Sgd(momentum: 0.9, nesterov: true, dampening: 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NAdam(momentumDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(rateDecay: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adadelta(rho: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RMSprop(momentum: -0.1));
    }

    private static Dense Fit(string name, int steps, out (Dense Model, Optimizer Optimizer) made)
    {
        made = Start(name);
        Run(made.Model, made.Optimizer, 0, steps);
        return made.Model;
    }

    private static (Dense Model, Optimizer Optimizer) Start(string name)
    {
        var model = new Dense(3, 4);
        model.Initialize(5);
        return (model, All[name](false).Attach(model.Parameters));
    }

    private static void Run(Dense model, Optimizer optimizer, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            Loss(model).Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }

    private static Tensor Loss(Dense model) =>
        Glia.Loss.MeanSquaredError.Compute(model.Forward(Numbers.Normal((8, 3), 1, DType.Float32)), Numbers.Normal((8, 4), 2, DType.Float32));

    private static void Step(Optimizer optimizer, Parameter parameter, params double[] gradient)
    {
        parameter.ZeroGrad();
        (parameter * Tensor.From(gradient).To(parameter.DType).To(parameter.Device)).Sum().Backward();
        optimizer.Step();
    }

    private static Parameter Parameter(params double[] values) => Parameter(DType.Float64, values);

    private static Parameter Parameter(DType dtype, params double[] values)
    {
        var parameter = new Parameter(values.Length, dtype);
        parameter.CopyFrom(Tensor.From(values).To(dtype));
        return parameter;
    }
}

internal static class ParameterExtensions
{
    public static Parameter On(this Parameter parameter, Device device)
    {
        var copy = new Parameter(parameter.Shape, parameter.DType, device);
        copy.CopyFrom(parameter.Detach());
        return copy;
    }
}
