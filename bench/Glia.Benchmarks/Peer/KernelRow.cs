using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>One kernel, its results in arrays.</summary>
internal sealed class KernelRow(string name, Action glia, Func<torch.Tensor[]> peer, float[][] results, torch.Tensor[] operands) : Row(name)
{
    public override void Glia() => glia();

    public override void Torch()
    {
        foreach (var tensor in peer())
            tensor.Dispose();
    }

    public override double Difference()
    {
        glia();
        var tensors = peer();
        var worst = 0.0;
        for (var i = 0; i < results.Length; i++)
            worst = Math.Max(worst, Difference(tensors[i].contiguous().data<float>().ToArray(), results[i]));
        foreach (var tensor in tensors)
            tensor.Dispose();
        return worst;
    }

    public override void Dispose()
    {
        foreach (var tensor in operands)
            tensor.Dispose();
    }
}
