using Glia.Layers;
using Glia.Losses;
using TorchSharp;
using GliaOptimizer = Glia.Optimizers.Optimizer;
using PeerModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Glia.Benchmarks.Peer;

/// <summary>A whole network with the same weights on both sides.</summary>
internal abstract class NetworkRow : Row
{
    protected NetworkRow(string name, Module network, PeerModule peer, Tensor input)
        : base(name)
    {
        Network = network;
        Peer = peer;
        Input = input;
        PeerInput = input.DType == DType.Float32 ? torch.tensor(input.ToArray<float>(), Sizes(input)) : torch.tensor(input.ToArray<long>(), Sizes(input));
        CopyWeights();
    }

    public Module Network { get; }

    /// <summary>Parameters that are the same on both sides.</summary>
    protected List<(Parameter Own, TorchSharp.Modules.Parameter Peer)> Pairs { get; } = [];

    protected PeerModule Peer { get; }

    protected Tensor Input { get; }

    protected torch.Tensor PeerInput { get; }

    public override void Dispose()
    {
        Peer.Dispose();
        PeerInput.Dispose();
    }

    protected static long[] Sizes(Tensor tensor) => [.. tensor.Shape.Sizes.ToArray().Select(size => (long)size)];

    // Both name their parameters in the same order; libtorch's recurrent cells have a second bias, of which Glia keeps what cannot be part of the first.
    protected void CopyWeights()
    {
        using var noGradients = torch.no_grad();
        Pairs.Clear();
        var own = new Queue<Parameter>(Network.Parameters);
        foreach (var (name, parameter) in Peer.named_parameters())
        {
            if (name.Contains("bias_hh", StringComparison.Ordinal))
            {
                parameter.zero_();
                if (own.TryPeek(out var next) && next.Name == "bias_hh_n")
                    parameter.slice(0, 2 * next.Count, 3 * next.Count, 1).copy_(torch.tensor(own.Dequeue().ToArray<float>()));
                continue;
            }
            var from = own.Dequeue();
            if (from.Count != parameter.numel())
                throw new InvalidOperationException($"{Name}: libtorch's '{name}' has {parameter.numel()} numbers, Glia's '{from.Name}' {from.Count}.");
            parameter.copy_(torch.tensor(from.ToArray<float>()).reshape(parameter.shape));
            Pairs.Add((from, parameter));
        }
        if (own.Count > 0)
            throw new InvalidOperationException($"{Name}: {own.Count} of Glia's parameters have no counterpart.");
    }
}

/// <summary>A training step: gradients to zero, forward, loss, backward, optimiser.</summary>
internal sealed class TrainingRow : NetworkRow
{
    private readonly Loss _loss;
    private readonly GliaOptimizer _optimizer;
    private readonly torch.optim.Optimizer _peerOptimizer;
    private readonly Tensor _target;
    private readonly torch.Tensor _peerTarget;

    public TrainingRow(string name, Module network, PeerModule peer, Tensor input, Tensor target, bool adam)
        : base(name, network, peer, input)
    {
        _target = target;
        _loss = target.DType == DType.Int64 ? new CrossEntropyLoss(classAxis: -1) : Loss.MeanSquaredError;
        _peerTarget = target.DType == DType.Int64 ? torch.tensor(target.ToArray<long>(), Sizes(target)) : torch.tensor(target.ToArray<float>(), Sizes(target));
        _optimizer = adam ? new Glia.Optimizers.Adam(1e-3) : new Glia.Optimizers.Sgd(1e-2);
        _optimizer.Attach(network.Parameters);
        _peerOptimizer = adam ? torch.optim.Adam(peer.parameters(), 1e-3) : torch.optim.SGD(peer.parameters(), 1e-2);
        peer.train();
    }

    // Rounding in the sums of a whole network's gradients.
    public override double Tolerance => 1e-3;

    public override void Glia() => Step();

    public override void Torch()
    {
        using var recording = torch.enable_grad();
        using var scope = torch.NewDisposeScope();
        PeerStep();
    }

    /// <summary>Between the gradients of one step; the optimisers are compared elsewhere.</summary>
    public override double Difference()
    {
        using var recording = torch.enable_grad();
        using var scope = torch.NewDisposeScope();
        Step();
        PeerStep();
        CopyWeights();
        Step(update: false);
        PeerStep(update: false);
        return Pairs.Max(pair => Difference(pair.Peer.grad!.data<float>().ToArray(), pair.Own.Grad!.ToArray<float>()));
    }

    public override void Dispose()
    {
        _peerOptimizer.Dispose();
        _peerTarget.Dispose();
        base.Dispose();
    }

    private void Step(bool update = true)
    {
        using var scope = new TensorScope();
        _optimizer.ZeroGrad();
        var loss = _loss.Compute(Network.Forward(Input, ForwardContext.Training(new Rng(1))), _target);
        loss.Backward();
        if (update)
            _optimizer.Step();
        loss.Item();
    }

    private void PeerStep(bool update = true)
    {
        _peerOptimizer.zero_grad();
        var output = Peer.forward(PeerInput);
        var loss = _target.DType == DType.Int64 ? torch.nn.functional.cross_entropy(output, _peerTarget) : torch.nn.functional.mse_loss(output, _peerTarget);
        loss.backward();
        if (update)
            _peerOptimizer.step();
        loss.item<float>();
    }
}

/// <summary>The output of a network, without gradients.</summary>
internal sealed class InferenceRow : NetworkRow
{
    public InferenceRow(string name, Module network, PeerModule peer, Tensor input)
        : base(name, network, peer, input) => peer.eval();

    public override void Glia() => Network.Predict(Input);

    public override void Torch()
    {
        using var scope = torch.NewDisposeScope();
        Peer.forward(PeerInput);
    }

    public override double Difference() => Difference(Peer.forward(PeerInput).contiguous().data<float>().ToArray(), Network.Predict(Input).ToArray<float>());
}
