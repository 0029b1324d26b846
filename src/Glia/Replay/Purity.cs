using Glia.Layers;

namespace Glia.Replay;

/// <summary>
/// Whether a computation is the same each time but for its numbers. Glia's own modules are, or refuse to be recorded; a module written by somebody else may
/// count its calls or draw lots.
/// </summary>
internal static class Purity
{
    public static bool IsKnown(Module module)
    {
        if (!IsOwn(module))
            return false;
        foreach (var (_, child) in module.Children)
        {
            if (!IsKnown(child))
                return false;
        }
        return true;
    }

    public static bool IsOwn(object part) => part is IPure || part.GetType().Assembly == typeof(Purity).Assembly;
}

/// <summary>A module of Glia's in another assembly, whose computation is the same each time or refuses to be recorded.</summary>
internal interface IPure;
