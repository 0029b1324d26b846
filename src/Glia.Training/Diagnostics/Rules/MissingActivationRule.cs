using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Weighted layers one after the other with nothing to bend the signal between them.</summary>
internal sealed class MissingActivationRule : Rule
{
    public override Symptom Symptom => Symptom.MissingActivation;

    public override Finding? Examine(RunRecord run)
    {
        LayerProfile? before = null;
        foreach (var layer in run.Model.Layers)
        {
            if (!layer.IsInChain)
            {
                before = null;
                continue;
            }
            if (layer.Role is LayerRole.Passive or LayerRole.Normalization)
                continue;
            if (layer.Role == LayerRole.Linear && before is not null && layer.Type != "SeparableConv2D" && !IsFactor(before))
            {
                return Found(
                    Severity.Warning,
                    "layers without an activation between them",
                    $"'{before.Name}' is followed by '{layer.Name}' with nothing to bend the signal",
                    "Two weighted sums one after the other are one weighted sum: the second layer adds nothing.",
                    new(Setting.Activation, $"Put an activation between '{before.Name}' and '{layer.Name}'.", ".ReLU()")) with
                { Layer = before.Name };
            }
            before = layer.Role == LayerRole.Linear ? layer : null;
        }
        return null;
    }

    /// <summary>A depthwise convolution before a pointwise one is a factor of a convolution, and meant so.</summary>
    private static bool IsFactor(LayerProfile layer) => layer.Type == "DepthwiseConv2D";
}
