using Glia.Initializers;

namespace Glia.Layers;

/// <summary>A tensor that training changes: a weight or a bias of a layer.</summary>
public sealed class Parameter : Tensor
{
    /// <summary>A parameter of zeros.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="dtype">Its type; Float32 by default.</param>
    /// <param name="device">Where it lives; the CPU by default.</param>
    /// <param name="decays">Whether weight decay applies when the trainer groups parameters: true for weights, false for biases and norms.</param>
    public Parameter(Shape shape, DType dtype = DType.Float32, Device? device = null, bool decays = true)
        : base(NewPersistentBlock(shape, dtype), 0, shape, dtype, device ?? Device.Cpu)
    {
        Bytes().Clear();
        RequiresGrad = true;
        Decays = decays;
    }

    /// <summary>The name within its layer, such as <c>weight</c>.</summary>
    public string Name { get; internal set; } = "parameter";

    /// <summary>Whether weight decay applies to it when the trainer groups parameters.</summary>
    public bool Decays { get; }

    /// <summary>
    /// What <see cref="Module.Initialize(ulong)"/> and <see cref="Network.Build"/> fill it with in place of the layer's own choice; null, the default, leaves the choice to
    /// the layer. Setting it changes no number yet.
    /// </summary>
    public Initializer? Initializer { get; set; }

    /// <summary>Whether training changes it; the same as <see cref="Tensor.RequiresGrad"/>.</summary>
    public bool IsTrainable
    {
        get => RequiresGrad;
        set => RequiresGrad = value;
    }
}
