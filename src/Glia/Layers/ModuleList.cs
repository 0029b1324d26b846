using System.Globalization;

namespace Glia.Layers;

/// <summary>Modules named 0, 1, 2, …, one after the other.</summary>
internal sealed class ModuleList<T> : Module
    where T : Module
{
    public ModuleList(int count, Func<T> create)
    {
        Items = new T[count];
        for (var i = 0; i < count; i++)
            Items[i] = Add(i.ToString(CultureInfo.InvariantCulture), create());
    }

    public T[] Items { get; }

    public override Tensor Forward(Tensor input, ForwardContext context) => Items.Aggregate(input, (x, module) => module.Forward(x, context));
}
