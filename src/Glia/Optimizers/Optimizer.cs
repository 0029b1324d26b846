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
/// </summary>
public abstract class Optimizer
{
    private readonly List<Slot> _slots = [];
    private double _learningRate;

    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>The step size α; it may be changed between steps.</summary>
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

    /// <summary>The number of steps made.</summary>
    public long StepCount { get; private set; }

    /// <summary>The name to show.</summary>
    public abstract string Name { get; }

    /// <summary>Takes charge of parameters, forgetting any before.</summary>
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

    /// <summary>Changes every attached parameter that has a gradient and is trainable.</summary>
    /// <exception cref="InvalidOperationException">No parameters are attached.</exception>
    public void Step()
    {
        if (_slots.Count == 0)
            throw new InvalidOperationException($"{Name} has no parameters. Call Attach(model.Parameters) first, or give the optimizer to a Trainer.");
        StepCount++;
        foreach (var slot in _slots)
        {
            if (slot.Parameter.Grad is { } gradient && slot.Parameter.IsTrainable)
                Update(slot, gradient);
        }
    }

    /// <summary>Forgets the gradients of the attached parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var slot in _slots)
            slot.Parameter.ZeroGrad();
    }

    /// <summary>The optimiser's memory, to be saved with a checkpoint: a copy under names made of the parameters' positions.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new SortedDictionary<string, Tensor>(StringComparer.Ordinal) { ["step"] = Tensor.Scalar(StepCount, DType.Int64).Clone() };
        for (var i = 0; i < _slots.Count; i++)
        {
            if (_slots[i].State1 is { } state1)
                state[$"{i}.state1"] = state1.Clone();
            if (_slots[i].State2 is { } state2)
                state[$"{i}.state2"] = state2.Clone();
        }
        return state;
    }

    /// <summary>Restores what <see cref="StateDict"/> gave, for the same parameters in the same order.</summary>
    /// <exception cref="ArgumentException">A key is missing or unexpected, or a shape differs.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGetValue("step", out var step))
            throw new ArgumentException("The optimizer's saved state lacks 'step'.");
        foreach (var key in state.Keys.Where(k => k != "step"))
        {
            var dot = key.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || !int.TryParse(key[..dot], out var index) || (uint)index >= (uint)_slots.Count || key[(dot + 1)..] is not ("state1" or "state2"))
                throw new ArgumentException($"The optimizer's saved state holds an unexpected '{key}'; {_slots.Count} parameters are attached.");
            var slot = _slots[index];
            if (state[key].Shape != slot.Parameter.Shape)
                throw ShapeException.Of($"The optimizer's state '{key}'", $"shape {slot.Parameter.Shape}", $"{state[key].Shape}");
        }
        StepCount = (long)step.Item();
        for (var i = 0; i < _slots.Count; i++)
        {
            _slots[i].State1 = state.TryGetValue($"{i}.state1", out var state1) ? state1.Detach().To(_slots[i].Parameter.DType).Clone() : null;
            _slots[i].State2 = state.TryGetValue($"{i}.state2", out var state2) ? state2.Detach().To(_slots[i].Parameter.DType).Clone() : null;
        }
    }

    private protected abstract void Update(Slot slot, Tensor gradient);

    /// <summary>A parameter and what the optimiser remembers of it.</summary>
    private protected sealed class Slot(Parameter parameter, bool decays)
    {
        public Parameter Parameter { get; } = parameter;

        public bool Decays { get; } = decays;

        public Tensor? State1 { get; set; }

        public Tensor? State2 { get; set; }

        public Tensor NeedState1() => State1 ??= NewState();

        public Tensor NeedState2() => State2 ??= NewState();

        private Tensor NewState()
        {
            var state = Tensor.AllocatePersistent(Parameter.Shape, Parameter.DType, Parameter.Device);
            state.FillInPlace(0);
            return state;
        }
    }
}
