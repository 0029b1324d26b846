using Glia.Layers;
using Glia.Losses;
using TorchSharp;
using PeerModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Glia.Benchmarks.Peer;

/// <summary>A whole network with the same weights on both sides.</summary>
internal abstract class NetworkRow : Row
{
    private readonly Lazy<PeerModule> _peer;
    private readonly Lazy<torch.Tensor> _peerInput;

    protected NetworkRow(string name, Module network, Func<PeerModule> peer, Tensor input)
        : base(name)
    {
        Network = network;
        Input = input;
        // Made when first used: where Glia runs alone, libtorch is not even loaded.
        _peer = new(peer);
        _peerInput = new(() => ToPeer(input));
    }

    public Module Network { get; }

    /// <summary>Parameters that are the same on both sides.</summary>
    protected List<(Parameter Own, TorchSharp.Modules.Parameter Peer)> Pairs { get; } = [];

    protected PeerModule Peer => _peer.Value;

    protected Tensor Input { get; }

    protected torch.Tensor PeerInput => _peerInput.Value;

    public override void Dispose()
    {
        if (_peer.IsValueCreated)
            Peer.Dispose();
        if (_peerInput.IsValueCreated)
            PeerInput.Dispose();
    }

    /// <summary>Makes libtorch's part outside any scope that would dispose it.</summary>
    protected virtual void Prepare() => _ = (Peer, PeerInput);

    protected static torch.Tensor ToPeer(Tensor tensor) =>
        tensor.DType == DType.Float32 ? torch.tensor(tensor.ToArray<float>(), Sizes(tensor)) : torch.tensor(tensor.ToArray<long>(), Sizes(tensor));

    private static long[] Sizes(Tensor tensor) => [.. tensor.Shape.Sizes.ToArray().Select(size => (long)size)];

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
    private readonly TrainingStep _step;
    private readonly Lazy<torch.optim.Optimizer> _peerOptimizer;
    private readonly Tensor _target;
    private readonly Lazy<torch.Tensor> _peerTarget;

    public TrainingRow(string name, Module network, Func<PeerModule> peer, Tensor input, Tensor target, bool adam)
        : base(name, network, peer, input)
    {
        _target = target;
        var loss = target.DType == DType.Int64 ? new CrossEntropyLoss(classAxis: -1) : Loss.MeanSquaredError;
        _peerTarget = new(() => ToPeer(target));
        _step = new(network, loss, adam ? new Glia.Optimizers.Adam(1e-3) : new Glia.Optimizers.Sgd(1e-2), replayOwnModules: true);
        _peerOptimizer = new(() => adam ? torch.optim.Adam(Peer.parameters(), 1e-3) : torch.optim.SGD(Peer.parameters(), 1e-2));
    }

    // Rounding in the sums of a whole network's gradients.
    public override double Tolerance { get; init; } = 1e-3;

    public override void Glia() => _step.Run(Input, _target);

    public override void Torch()
    {
        Prepare();
        using var recording = torch.enable_grad();
        using var scope = torch.NewDisposeScope();
        PeerStep();
    }

    /// <summary>Between the gradients of one step; the optimisers are compared elsewhere.</summary>
    public override double Difference()
    {
        Prepare();
        using var recording = torch.enable_grad();
        using var scope = torch.NewDisposeScope();
        Glia();
        PeerStep();
        CopyWeights();
        _step.ComputeGradients(new(Input, _target), 1);
        PeerStep(update: false);
        return Pairs.Max(pair => Difference(pair.Peer.grad!.data<float>().ToArray(), pair.Own.Grad!.ToArray<float>()));
    }

    public override void Dispose()
    {
        if (_peerOptimizer.IsValueCreated)
            _peerOptimizer.Value.Dispose();
        if (_peerTarget.IsValueCreated)
            _peerTarget.Value.Dispose();
        base.Dispose();
    }

    protected override void Prepare()
    {
        base.Prepare();
        _ = (_peerTarget.Value, _peerOptimizer.Value);
    }

    private void PeerStep(bool update = true)
    {
        _peerOptimizer.Value.zero_grad();
        var output = Peer.forward(PeerInput);
        var loss = _target.DType == DType.Int64 ? torch.nn.functional.cross_entropy(output, _peerTarget.Value) : torch.nn.functional.mse_loss(output, _peerTarget.Value);
        loss.backward();
        if (update)
            _peerOptimizer.Value.step();
        loss.item<float>();
    }
}

/// <summary>The output of a network, without gradients.</summary>
internal sealed class InferenceRow : NetworkRow
{
    private readonly Predictor _predictor;
    private readonly float[] _input;
    private readonly float[] _output;

    public InferenceRow(string name, Module network, Func<PeerModule> peer, Tensor input)
        : base(name, network, peer, input)
    {
        _predictor = new(network);
        _input = input.ToArray<float>();
        _output = new float[_predictor.Predict(input).Count];
    }

    public override void Glia() => _predictor.Predict(_input, _output);

    public override void Torch()
    {
        Prepare();
        using var scope = torch.NewDisposeScope();
        Peer.forward(PeerInput);
    }

    public override double Difference()
    {
        CopyWeights();
        Peer.eval();
        Glia();
        return Difference(Peer.forward(PeerInput).contiguous().data<float>().ToArray(), _output);
    }
}
