using System.Runtime.CompilerServices;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Optimizers;

/// <summary>
/// Changes parameters by their gradients. A trainer attaches the model's parameters by itself; in a loop of your own:
/// <code>
/// var optimizer = new Adam(1e-3).Attach(model.Parameters);
/// loss.Backward();
/// optimizer.Step();
/// optimizer.ZeroGrad();
/// </code>
/// Parameters that need settings of their own form groups, see <see cref="AddGroup"/>.
/// </summary>
public abstract class Optimizer
{
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<Parameter, Group> _groups = new(ReferenceEqualityComparer.Instance);
    private double _learningRate;

    private protected Optimizer(double learningRate, double weightDecay, bool maximize)
    {
        LearningRate = InitialLearningRate = learningRate;
        WeightDecay = NotNegative(weightDecay, nameof(weightDecay));
        Maximize = maximize;
    }

    /// <summary>The step size α; it may be changed between steps. Groups with a rate of their own keep their proportion to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive finite number, or 0.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set
        {
            if (!double.IsFinite(value) || value < 0)
                throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate must be 0 or a positive finite number.");
            _learningRate = value;
        }
    }

    /// <summary>The learning rate that the optimiser was created with.</summary>
    public double InitialLearningRate { get; }

    /// <summary>
    /// All settings that decide, beside gradients and memory, what a step does, by name: those of the constructor, and those of groups by the positions of their parameters.
    /// Two optimisers of one type with the same settings make the same steps.
    /// </summary>
    public IReadOnlyDictionary<string, double> Settings
    {
        get
        {
            var settings = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["learningRate"] = InitialLearningRate,
                ["weightDecay"] = WeightDecay,
                ["maximize"] = Maximize ? 1 : 0,
            };
            foreach (var (name, value) in OwnSettings)
                settings[name] = value;
            for (var i = 0; i < _slots.Count; i++)
            {
                if (!_groups.TryGetValue(_slots[i].Parameter, out var group))
                    continue;
                settings[$"{i}.rateFactor"] = group.RateFactor;
                if (group.WeightDecay is { } decay)
                    settings[$"{i}.weightDecay"] = decay;
            }
            return settings;
        }
    }

    /// <summary>The weight decay: a penalty ½·weightDecay·p² on the parameters, added to the gradient unless the optimiser says otherwise.</summary>
    public double WeightDecay { get; }

    /// <summary>Whether the loss is made large instead of small: the gradient changes its sign, the weight decay does not.</summary>
    public bool Maximize { get; }

    /// <summary>The number of steps made.</summary>
    public long StepCount { get; private set; }

    /// <summary>The parameters it is in charge of.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _slots.Select(s => s.Parameter)];

    /// <summary>The name to show.</summary>
    public abstract string Name { get; }

    /// <summary>How many numbers are remembered for each element of a parameter.</summary>
    private protected abstract int StateCount { get; }

    /// <summary>What the remembered numbers are at first.</summary>
    private protected virtual double InitialState => 0;

    /// <summary>The settings of this kind of optimiser.</summary>
    private protected abstract IEnumerable<(string Name, double Value)> OwnSettings { get; }

    /// <summary>Whether weight decay acts beside the gradient rather than through it.</summary>
    private protected virtual bool IsDecayDecoupled => false;

    /// <summary>Whether it has parameters.</summary>
    internal bool IsAttached => _slots.Count > 0;

    /// <summary>Takes charge of parameters, forgetting any before. Those in a group keep its settings.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="decayAll">
    /// Whether decoupled weight decay applies to every parameter (the default), or only to those whose <see cref="Parameter.Decays"/> says so, which
    /// leaves out biases and normalisations; a trainer chooses the latter.
    /// </param>
    /// <returns>The optimiser itself.</returns>
    public Optimizer Attach(IEnumerable<Parameter> parameters, bool decayAll = true)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _slots.Clear();
        StepCount = 0;
        foreach (var parameter in parameters)
            _slots.Add(new Slot(parameter, decayAll || parameter.Decays));
        return this;
    }

    /// <summary>
    /// Gives some parameters settings of their own, and takes charge of them if that is not so already:
    /// <code>
    /// var optimizer = new Sgd(0.1).AddGroup(backbone.Parameters, learningRate: 0.001).AddGroup(head.Parameters);
    /// </code>
    /// Groups made before a trainer gets the optimiser stay as they are; the model's other parameters take the optimiser's settings.
    /// </summary>
    /// <param name="parameters">The parameters of the group; none may be in another one.</param>
    /// <param name="learningRate">Their rate; it keeps its proportion when the optimiser's changes. The optimiser's by default.</param>
    /// <param name="weightDecay">Their weight decay, applied to all of them; the optimiser's by default.</param>
    /// <returns>The optimiser itself.</returns>
    /// <exception cref="ArgumentException">A parameter is in a group already, or the optimiser's rate is 0, to which no other has a proportion.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is negative or not finite.</exception>
    public Optimizer AddGroup(IEnumerable<Parameter> parameters, double? learningRate = null, double? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (learningRate is { } rate)
            NotNegative(rate, nameof(learningRate));
        if (weightDecay is { } decay)
            NotNegative(decay, nameof(weightDecay));
        if (learningRate is not null && LearningRate == 0)
            throw new ArgumentException("A group's rate keeps its proportion to the optimizer's, which is 0. Create the optimizer with a positive rate.");
        var group = new Group(learningRate is null ? 1 : learningRate.Value / LearningRate, weightDecay);
        foreach (var parameter in parameters)
        {
            if (!_groups.TryAdd(parameter, group))
                throw new ArgumentException($"The parameter '{parameter.Name}' {parameter.Shape} is in a group already. Each can be in one only.");
            if (!_slots.Exists(s => s.Parameter == parameter))
                _slots.Add(new Slot(parameter, decays: true));
        }
        return this;
    }

    /// <summary>Changes every attached parameter that has a gradient and is trainable.</summary>
    /// <exception cref="InvalidOperationException">No parameters are attached.</exception>
    public void Step()
    {
        if (_slots.Count == 0)
            throw new InvalidOperationException($"{Name} has no parameters. Call Attach(model.Parameters) first, or give the optimizer to a Trainer.");
        StepCount++;
        foreach (var slot in _slots)
        {
            if (slot.Parameter.Grad is not { } gradient || !slot.Parameter.IsTrainable)
                continue;
            slot.Steps++;
            var group = _groups.GetValueOrDefault(slot.Parameter);
            var decay = group?.WeightDecay ?? (IsDecayDecoupled && !slot.Decays ? 0 : WeightDecay);
            Update(new Change(this, slot, gradient, LearningRate * (group?.RateFactor ?? 1), decay));
        }
    }

    /// <summary>Forgets the gradients of the attached parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var slot in _slots)
            slot.Parameter.ZeroGrad();
    }

    /// <summary>
    /// The optimiser's memory and its learning rate, to be saved with a checkpoint: a copy under names made of the parameters' positions.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new SortedDictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["step"] = Tensor.Scalar(StepCount, DType.Int64).Clone(),
            ["learningRate"] = Tensor.Scalar(LearningRate, DType.Float64).Clone(),
        };
        for (var i = 0; i < _slots.Count; i++)
        {
            if (_slots[i].Steps == 0)
                continue;
            state[$"{i}.step"] = Tensor.Scalar(_slots[i].Steps, DType.Int64).Clone();
            for (var k = 0; k < StateCount; k++)
                state[$"{i}.state{k + 1}"] = _slots[i].States[k].Clone();
        }
        return state;
    }

    /// <summary>
    /// Restores what <see cref="StateDict"/> gave, for the same parameters in the same order: training goes on bit for bit as if it had not been
    /// interrupted. If anything does not fit, nothing is changed.
    /// </summary>
    /// <exception cref="ArgumentException">Keys are missing, unexpected or misshapen; all of them are listed.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var expected = new Dictionary<string, Shape>(StringComparer.Ordinal) { ["step"] = Shape.Scalar, ["learningRate"] = Shape.Scalar };
        for (var i = 0; i < _slots.Count; i++)
        {
            if (!state.ContainsKey($"{i}.step") && !state.ContainsKey($"{i}.state1"))
                continue;
            expected[$"{i}.step"] = Shape.Scalar;
            for (var k = 0; k < StateCount; k++)
                expected[$"{i}.state{k + 1}"] = _slots[i].Parameter.Shape;
        }
        var problems = expected.Keys.Where(k => !state.ContainsKey(k)).Select(k => $"missing '{k}'")
            .Concat(state.Keys.Where(k => !expected.ContainsKey(k)).Order(StringComparer.Ordinal).Select(k => $"unexpected '{k}'"))
            .Concat(expected.Where(p => state.TryGetValue(p.Key, out var t) && t.Shape != p.Value).Select(p => $"'{p.Key}' expects {p.Value} but got {state[p.Key].Shape}"))
            .ToArray();
        if (problems.Length > 0)
            throw new ArgumentException($"The saved state does not fit {Name} with {_slots.Count} parameters: {string.Join("; ", problems)}.");
        StepCount = (long)state["step"].Item();
        LearningRate = state["learningRate"].Item();
        for (var i = 0; i < _slots.Count; i++)
        {
            var slot = _slots[i];
            slot.Steps = state.TryGetValue($"{i}.step", out var steps) ? (long)steps.Item() : 0;
            slot.States = slot.Steps == 0 ? [] : [.. Enumerable.Range(1, StateCount).Select(k => state[$"{i}.state{k}"].Detach().To(slot.Parameter.DType).Clone())];
        }
    }

    private protected abstract void Update(Change change);

    private protected static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or a positive finite number.");

    private protected static double Fraction(double value, string name) => value >= 0 && value < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be in [0, 1).");

    /// <summary>Settings of some parameters; the rate as a multiple of the optimiser's.</summary>
    private sealed record Group(double RateFactor, double? WeightDecay);

    /// <summary>A parameter and what the optimiser remembers of it.</summary>
    private protected sealed class Slot(Parameter parameter, bool decays)
    {
        public Parameter Parameter { get; } = parameter;

        public bool Decays { get; } = decays;

        /// <summary>How often it was changed: fewer than the optimiser's steps when it was frozen for a while.</summary>
        public long Steps { get; set; }

        public Tensor[] States { get; set; } = [];
    }

    /// <summary>One step of one parameter, with the settings of its group.</summary>
    private protected readonly struct Change(Optimizer optimizer, Slot slot, Tensor gradient, double learningRate, double decay)
    {
        /// <summary>The number of this parameter's step, from 1.</summary>
        public long Step => slot.Steps;

        public double LearningRate => learningRate;

        public double Decay => decay;

        /// <summary>The gradient with the coupled weight decay, or without any when it acts beside the gradient.</summary>
        public PenalizedGradient Gradient => new(optimizer.IsDecayDecoupled ? 0 : decay, optimizer.Maximize);

        public void Apply<TRule>(TRule rule)
            where TRule : struct, IUpdateRule
        {
            if (slot.States.Length < optimizer.StateCount)
                slot.States = NewStates(slot.Parameter, optimizer.StateCount, optimizer.InitialState);
            var states = slot.States;
            slot.Parameter.Device.Backend.Update(
                rule, slot.Parameter, gradient, states.ElementAtOrDefault(0), states.ElementAtOrDefault(1), states.ElementAtOrDefault(2));
        }

        private static Tensor[] NewStates(Parameter parameter, int count, double initial)
        {
            var states = new Tensor[count];
            for (var k = 0; k < count; k++)
            {
                states[k] = Tensor.AllocatePersistent(parameter.Shape, parameter.DType, parameter.Device);
                states[k].FillInPlace(initial);
            }
            return states;
        }
    }
}

/// <summary>The gradient as an update rule sees it: turned around to maximise, and with the derivative of the weight penalty.</summary>
internal readonly struct PenalizedGradient(double penalty, bool maximize)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T gradient, T parameter)
        where T : struct, IReal<T>
    {
        if (maximize)
            gradient = -gradient;
        return penalty == 0 ? gradient : gradient + (T.Constant(penalty) * parameter);
    }
}
