namespace Glia.Layers;

/// <summary>
/// A part of a model: parameters, buffers (numbers kept but not trained, such as running statistics) and modules inside it. Write a
/// free-form model by subclassing:
/// <code>
/// sealed class Mlp : Module
/// {
///     private readonly Dense _hidden, _output;
///     public Mlp()
///     {
///         _hidden = Add("hidden", new Dense(4, 16));
///         _output = Add("output", new Dense(16, 3));
///     }
///     public override Tensor Forward(Tensor input, ForwardContext context) =>
///         _output.Forward(_hidden.Forward(input, context).ReLU(), context);
/// }
/// </code>
/// </summary>
public abstract class Module
{
    private readonly List<(string Name, Module Module)> _children = [];
    private readonly List<Parameter> _parameters = [];
    private readonly List<(string Name, Tensor Tensor)> _buffers = [];
    private Module? _parent;

    /// <summary>The name given by the module that contains this one; empty before.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The names from the outermost module to this one, joined by dots.</summary>
    public string Path => _parent is null || _parent.Path.Length == 0 ? Name : $"{_parent.Path}.{Name}";

    /// <summary>The modules directly inside this one, with their names.</summary>
    public IReadOnlyList<(string Name, Module Module)> Children => _children;

    /// <summary>Every parameter of this module and of those inside it.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _parameters, .. _children.SelectMany(c => c.Module.Parameters)];

    /// <summary>The number of trainable and fixed parameters.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Count);

    /// <summary>Computes the output. Operations are recorded for gradients unless under <see cref="Gradients.NoGrad"/>.</summary>
    /// <param name="input">The input; the first axis is the batch.</param>
    /// <param name="context">Training or inference.</param>
    public abstract Tensor Forward(Tensor input, ForwardContext context);

    /// <summary>Computes the output for inference (recorded for gradients like any operation).</summary>
    public Tensor Forward(Tensor input) => Forward(input, ForwardContext.Inference);

    /// <summary>
    /// The output for inference, without recording gradients; the memory of everything in between is given back at once.
    /// </summary>
    public Tensor Predict(Tensor input) => Predict(input, ForwardContext.Inference);

    /// <summary>The same for samples of which only the first time steps are valid.</summary>
    /// <param name="input">The input, (batch, time, …).</param>
    /// <param name="lengths">The number of valid time steps of each sample, (batch,) Int64.</param>
    public Tensor Predict(Tensor input, Tensor lengths) => Predict(input, ForwardContext.Inference.WithLengths(lengths));

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters)
            parameter.ZeroGrad();
    }

    /// <summary>Sets the state that stateful recurrent layers keep back to zeros, in this module and in those inside it.</summary>
    public void ResetState()
    {
        ForgetState();
        foreach (var (_, module) in _children)
            module.ResetState();
    }

    /// <summary>Draws new initial values for every parameter, the same for the same seed: by its <see cref="Parameter.Initializer"/>, else as its layer chooses.</summary>
    public void Initialize(ulong seed)
    {
        var rng = new Rng(seed);
        Initialize(rng);
        foreach (var (name, tensor) in StateDict())
        {
            if (tensor is Parameter { Initializer: { } initializer })
                initializer.Fill(tensor, rng.Split(name));
        }
    }

    /// <summary>Every parameter and buffer under its full name, such as <c>fc1.weight</c>. The tensors are the live ones.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        Collect(state, "");
        return state;
    }

    /// <summary>Copies values into the parameters and buffers. Names and shapes must fit exactly; else nothing is changed.</summary>
    /// <exception cref="ArgumentException">Keys are missing, unexpected or misshapen; all of them are listed.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = StateDict();
        var problems = new List<string>();
        problems.AddRange(own.Keys.Where(k => !state.ContainsKey(k)).Select(k => $"missing '{k}' {own[k].Shape}"));
        problems.AddRange(state.Keys.Where(k => !own.ContainsKey(k)).Select(k => $"unexpected '{k}' {state[k].Shape}"));
        problems.AddRange(own.Where(p => state.TryGetValue(p.Key, out var t) && t.Shape != p.Value.Shape)
            .Select(p => $"'{p.Key}' expects {p.Value.Shape} but got {state[p.Key].Shape}"));
        if (problems.Count > 0)
            throw new ArgumentException($"The saved state does not fit the model: {string.Join("; ", problems)}.");
        foreach (var (key, tensor) in own)
            tensor.CopyFrom(state[key].Detach().To(tensor.DType));
    }

    /// <summary>Makes a module part of this one under a name, and returns it.</summary>
    /// <exception cref="ArgumentException">The name is taken or holds a dot, or the module is part of another one already.</exception>
    protected T Add<T>(string name, T module)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        CheckName(name);
        if (module._parent is not null)
            throw new ArgumentException($"The module '{module.Path}' is part of another one already; it cannot be added again as '{name}'.");
        module._parent = this;
        module.Name = name;
        _children.Add((name, module));
        return module;
    }

    /// <summary>Registers a parameter under a name, and returns it.</summary>
    /// <exception cref="ArgumentException">The name is taken or holds a dot.</exception>
    protected Parameter Add(string name, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckName(name);
        parameter.Name = name;
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Registers numbers that are saved with the model but not trained, and returns a tensor that no scope gives back.</summary>
    /// <exception cref="ArgumentException">The name is taken or holds a dot.</exception>
    protected Tensor AddBuffer(string name, Tensor initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        CheckName(name);
        var buffer = initial.Clone();
        _buffers.Add((name, buffer));
        return buffer;
    }

    /// <summary>Draws initial values for this module's own parameters and those inside it.</summary>
    private protected virtual void Initialize(Rng rng)
    {
        foreach (var (name, module) in _children)
            module.Initialize(rng.Split(name));
    }

    /// <summary>Forgets what this module itself keeps from one call to the next.</summary>
    private protected virtual void ForgetState()
    {
    }

    /// <summary>How errors name this module: <c>Dense 'fc1'</c>.</summary>
    internal string Describe() => Path.Length == 0 ? GetType().Name : $"{GetType().Name} '{Path}'";

    private Tensor Predict(Tensor input, ForwardContext context)
    {
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        return Forward(input, context).Clone();
    }

    private void Collect(SortedDictionary<string, Tensor> state, string prefix)
    {
        foreach (var parameter in _parameters)
            state.Add(prefix + parameter.Name, parameter);
        foreach (var (name, buffer) in _buffers)
            state.Add(prefix + name, buffer);
        foreach (var (name, module) in _children)
            module.Collect(state, $"{prefix}{name}.");
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"The name '{name}' must not hold a dot, which separates the parts of a path.");
        if (_children.Exists(c => c.Name == name) || _parameters.Exists(p => p.Name == name) || _buffers.Exists(b => b.Name == name))
            throw new ArgumentException($"The name '{name}' is taken in {Describe()}. Choose another.");
    }
}
