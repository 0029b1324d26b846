using Glia.Layers;

namespace Glia.Tests.Layers;

public class ModuleTests
{
    private sealed class Mlp : Module
    {
        public Mlp(int hidden = 3)
        {
            Hidden = Add("hidden", new Dense(2, hidden));
            Norm = Add("norm", new BatchNorm(hidden));
            Scale = Add("scale", new Parameter(1));
        }

        public Dense Hidden { get; }

        public BatchNorm Norm { get; }

        public Parameter Scale { get; }

        public override Tensor Forward(Tensor input, ForwardContext context) => Norm.Forward(Hidden.Forward(input, context), context) * Scale;

        public void AddAgain(string name, Module module) => Add(name, module);
    }

    private static Dictionary<string, Tensor> Copy(Module module) => module.StateDict().ToDictionary(p => p.Key, p => p.Value.Clone());

    [Fact]
    public void StateDict_NamesParametersAndBuffersByPath()
    {
        string[] expected = ["hidden.bias", "hidden.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.weight", "scale"];
        var module = new Mlp();
        Assert.Equal(expected, module.StateDict().Keys);
        Assert.Equal(9 + 6 + 1, module.ParameterCount);
        Assert.Equal(("hidden", "hidden"), (module.Hidden.Name, module.Hidden.Path));
        Assert.Same(module.Hidden.Weight, module.StateDict()["hidden.weight"]);
    }

    [Fact]
    public void LoadStateDict_SameKeys_CopiesAndConverts()
    {
        var (from, to) = (new Mlp(), new Mlp());
        from.Norm.RunningMean.AsWritableSpan<float>().Fill(0.5f);
        to.LoadStateDict(from.StateDict().ToDictionary(p => p.Key, p => p.Value.Detach().To(DType.Float64)));
        foreach (var (key, tensor) in from.StateDict())
            Numbers.SameBits(tensor, to.StateDict()[key], key);
    }

    [Fact]
    public void LoadStateDict_DoesNotFit_ListsEveryProblemAndChangesNothing()
    {
        var module = new Mlp();
        var before = Copy(module);
        var state = Copy(new Mlp());
        state.Remove("hidden.bias");
        state["extra"] = Tensor.Zeros(4);
        state["scale"] = Tensor.Zeros((2, 2));
        Assert.Equal(
            "The saved state does not fit the model: missing 'hidden.bias' (3,); unexpected 'extra' (4,); 'scale' expects (1,) but got (2, 2).",
            Assert.Throws<ArgumentException>(() => module.LoadStateDict(state)).Message);
        foreach (var (key, tensor) in before)
            Numbers.SameBits(tensor, module.StateDict()[key], key);
    }

    [Fact]
    public void Add_NameTakenDottedOrModuleUsedTwice_Refused()
    {
        var module = new Mlp();
        Assert.Equal("The name 'norm' is taken in Mlp. Choose another.", Assert.Throws<ArgumentException>(() => module.AddAgain("norm", new ReLU())).Message);
        Assert.Equal("The name 'scale' is taken in Mlp. Choose another.", Assert.Throws<ArgumentException>(() => module.AddAgain("scale", new ReLU())).Message);
        Assert.Equal("The name 'a.b' must not hold a dot, which separates the parts of a path.", Assert.Throws<ArgumentException>(() => module.AddAgain("a.b", new ReLU())).Message);
        Assert.Equal(
            "The module 'hidden' is part of another one already; it cannot be added again as 'again'.", Assert.Throws<ArgumentException>(() => module.AddAgain("again", module.Hidden)).Message);
        Assert.Throws<ArgumentException>(() => module.AddAgain(" ", new ReLU()));
    }

    [Fact]
    public void Predict_RecordsNothing_AndItsResultOutlivesItsScope()
    {
        var module = new Mlp();
        var y = module.Predict(Tensor.Ones((4, 2)));
        Assert.False(y.RequiresGrad);
        Assert.Equal(12, y.ToDoubles().Length);
        Assert.True(module.Forward(Tensor.Ones((4, 2))).RequiresGrad);
    }

    [Fact]
    public void ZeroGradAndIsTrainable_ReachEveryParameter()
    {
        var module = new Mlp();
        module.Hidden.Weight.IsTrainable = false;
        module.Forward(Tensor.Arange(8).Reshape(4, 2), ForwardContext.Training(new Rng(1))).Square().Sum().Backward();
        Assert.Null(module.Hidden.Weight.Grad);
        Assert.NotNull(module.Hidden.Bias!.Grad);
        module.ZeroGrad();
        Assert.All(module.Parameters, p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Initialize_SameSeed_SameValues_IndependentOfOtherLayers()
    {
        var (a, b) = (new Mlp(), new Mlp());
        a.Initialize(seed: 4);
        b.Initialize(seed: 4);
        Numbers.SameBits(a.Hidden.Weight, b.Hidden.Weight);
        Assert.NotEqual(new Dense(3, 3).Weight.ToDoubles(), new Dense(3, 3).Weight.ToDoubles());
    }

    [Fact]
    public void ForwardContext_InferenceHasNoRandomNumbers() =>
        Assert.Throws<InvalidOperationException>(() => ForwardContext.Inference.RngFor(new ReLU()));
}
