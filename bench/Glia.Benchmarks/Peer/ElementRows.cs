using TorchSharp;
using static TorchSharp.torch;

namespace Glia.Benchmarks.Peer;

/// <summary>Passes over memory: functions, softmax, the optimiser.</summary>
internal static class ElementRows
{
    public static IEnumerable<Func<Row>> All()
    {
        yield return () => Function("exp of 2²⁰", [1 << 20], x => x.Exp(), x => x.exp());
        yield return () => Function("softmax 4096 × 256", [4096, 256], x => x.Softmax(), x => x.softmax(-1));
        yield return () => new AdamRow(10_000_000);
    }

    private static FunctionRow Function(string name, long[] shape, Func<Tensor, Tensor> glia, Func<torch.Tensor, torch.Tensor> peer) => new(name, shape, glia, peer) { Goal = 1.2 };

    private sealed class FunctionRow : Row
    {
        private readonly Func<Tensor, Tensor> _glia;
        private readonly Func<torch.Tensor, torch.Tensor> _peer;
        private readonly Tensor _x;
        private readonly torch.Tensor _peerX;

        public FunctionRow(string name, long[] shape, Func<Tensor, Tensor> glia, Func<torch.Tensor, torch.Tensor> peer)
            : base(name)
        {
            (_glia, _peer) = (glia, peer);
            _x = Tensor.Normal(new Rng(1), new Shape([.. shape.Select(s => (int)s)]));
            _peerX = tensor(_x.ToArray<float>(), shape);
            Bytes = 8.0 * _x.Count;
        }

        public override void Glia()
        {
            using var scope = new TensorScope();
            _glia(_x);
        }

        public override void Torch() => _peer(_peerX).Dispose();

        public override double Difference() => Difference(_peer(_peerX).data<float>().ToArray(), _glia(_x).ToArray<float>());

        public override void Dispose() => _peerX.Dispose();
    }

    private sealed class AdamRow : Row
    {
        private readonly Glia.Layers.Parameter _own;
        private readonly Glia.Optimizers.Optimizer _optimizer;
        private readonly torch.Tensor _peer;
        private readonly optim.Optimizer _peerOptimizer;

        public AdamRow(int count)
            : base("Adam on 10⁷ parameters")
        {
            _own = new(count);
            _own.CopyFrom(Tensor.Normal(new Rng(1), count));
            _optimizer = new Glia.Optimizers.Adam(1e-3).Attach([_own]);
            _peer = new TorchSharp.Modules.Parameter(tensor(_own.ToArray<float>()), requires_grad: true);
            _peerOptimizer = optim.Adam([(TorchSharp.Modules.Parameter)_peer], 1e-3);
            using (enable_grad())
                (_peer * _peer).sum().backward();
            (_own * _own).Sum().Backward();
            Bytes = 28.0 * count;
        }

        public override void Glia() => _optimizer.Step();

        public override void Torch() => _peerOptimizer.step();

        public override double Difference()
        {
            Glia();
            Torch();
            return Difference(_peer.detach().data<float>().ToArray(), _own.ToArray<float>());
        }

        public override void Dispose()
        {
            _peerOptimizer.Dispose();
            _peer.Dispose();
        }
    }
}
