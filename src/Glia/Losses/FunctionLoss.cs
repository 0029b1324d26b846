namespace Glia.Losses;

/// <summary>A user's function with a number per element or sample, made with <see cref="Loss.FromElements"/>.</summary>
internal sealed class FunctionLoss(Func<Tensor, Tensor, Tensor> function, string name, LossReduction reduction) : ElementLoss(reduction)
{
    public override string Name => name;

    internal override bool IsPure => false;

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        var losses = function(prediction, target);
        return losses.Rank > 0 && prediction.Rank > 0 && losses.Shape[0] == prediction.Shape[0]
            ? (losses, null)
            : throw ShapeException.Of(Name, $"a function that gives a number per sample, ({(prediction.Rank > 0 ? prediction.Shape[0] : 1)}, …),", $"{losses.Shape}", "Leave the reduction to the loss, or use Loss.From.");
    }
}
