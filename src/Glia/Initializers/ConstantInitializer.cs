namespace Glia.Initializers;

/// <summary>The same number everywhere.</summary>
internal sealed class ConstantInitializer(double value) : Initializer
{
    public override void Fill(Tensor tensor, Rng rng) => tensor.FillInPlace(value);
}

/// <summary>A multiple of the identity matrix.</summary>
internal sealed class IdentityInitializer(double gain) : Initializer
{
    private readonly double _gain = RequireScale(gain, nameof(gain));

    public override void Fill(Tensor tensor, Rng rng)
    {
        if (tensor.Rank != 2)
            throw ShapeException.Of(nameof(Identity), "a matrix", $"{tensor.Shape}");
        tensor.FillInPlace(0);
        for (var i = 0; i < Math.Min(tensor.Shape[0], tensor.Shape[1]); i++)
            tensor.SetFlat((i * tensor.Shape[1]) + i, _gain);
    }
}
