using Glia.Layers;

namespace Glia.Training;

/// <summary>The layers of a model that go on from the state of the batch before.</summary>
internal static class StatefulLayers
{
    public static RecurrentLayer[] Of(Module model) => [.. RecurrentAnalysis.LayersOf(model).Values.Where(layer => layer.IsStateful)];

    public static bool AreIn(Module model) => Of(model).Length > 0;
}
