using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using PeerModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Glia.Benchmarks.Peer;

/// <summary>Networks of libtorch that are no plain row of its modules.</summary>
internal static class PeerModules
{
    public static PeerModule Chain(params PeerModule[] modules) => Sequential(modules);

    /// <summary>A recurrent layer and a dense one, on its last output or on all of them as rows.</summary>
    public sealed class Recurrent : Module<torch.Tensor, torch.Tensor>
    {
        private readonly PeerModule? _embedding;
        private readonly nn.Module _layer;
        private readonly PeerModule _head;
        private readonly bool _every;

        public Recurrent(string kind, int inputs, int units, int classes, bool every = false, PeerModule? embedding = null)
            : base("recurrent")
        {
            (_embedding, _every) = (embedding, every);
            _layer = kind switch
            {
                "LSTM" => LSTM(inputs, units, batchFirst: true),
                "GRU" => GRU(inputs, units, batchFirst: true),
                _ => RNN(inputs, units, batchFirst: true),
            };
            _head = Linear(units, classes);
            if (embedding is not null)
                register_module("embedding", embedding);
            register_module("layer", _layer);
            register_module("head", _head);
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            if (_embedding is not null)
                input = _embedding.forward(input);
            var sequence = _layer switch
            {
                TorchSharp.Modules.LSTM lstm => lstm.forward(input).Item1,
                TorchSharp.Modules.GRU gru => gru.forward(input).Item1,
                TorchSharp.Modules.RNN rnn => rnn.forward(input, null).Item1,
                _ => throw new InvalidOperationException(),
            };
            return _every ? _head.forward(sequence).transpose(1, 2) : _head.forward(sequence.select(1, -1));
        }
    }

    /// <summary>ResNet-18 as in torchvision.</summary>
    public static PeerModule ResNet18()
    {
        var modules = new List<PeerModule> { Conv(3, 64, 7, 2), BatchNorm2d(64), ReLU(), MaxPool2d(3, 2, 1) };
        var channels = 64L;
        foreach (var filters in new long[] { 64, 128, 256, 512 })
        {
            modules.Add(new Block(channels, filters));
            modules.Add(new Block(filters, filters));
            channels = filters;
        }
        return Chain([.. modules, AdaptiveAvgPool2d(1), Flatten(), Linear(512, 1000)]);
    }

    /// <summary>LayerNorm and self-attention with a residual connection.</summary>
    public sealed class AttentionBlock : Module<torch.Tensor, torch.Tensor>
    {
        private readonly TorchSharp.Modules.LayerNorm _norm;
        private readonly TorchSharp.Modules.MultiheadAttention _attention;

        public AttentionBlock(int size, int heads)
            : base("block")
        {
            _norm = LayerNorm(size);
            _attention = MultiheadAttention(size, heads);
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            // TorchSharp's module takes time first.
            var x = _norm.forward(input).transpose(0, 1);
            return input + _attention.forward(x, x, x, null, need_weights: false, null).Item1.transpose(0, 1);
        }
    }

    /// <summary>A layer of a Transformer's encoder, batch first.</summary>
    public sealed class EncoderLayer : Module<torch.Tensor, torch.Tensor>
    {
        private readonly TorchSharp.Modules.TransformerEncoderLayer _layer;

        public EncoderLayer(int size, int heads, int feedForward)
            : base("encoder")
        {
            _layer = TransformerEncoderLayer(size, heads, feedForward, dropout: 0);
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input) => _layer.call(input.transpose(0, 1), null!, null!).transpose(0, 1);
    }

    /// <summary>The embedding's rows as channels of a one-dimensional convolution.</summary>
    public sealed class TextConv : Module<torch.Tensor, torch.Tensor>
    {
        private readonly PeerModule _embedding;
        private readonly PeerModule _conv;
        private readonly PeerModule _head;

        public TextConv(int words, int features, int filters, int classes)
            : base("text")
        {
            _embedding = Embedding(words, features);
            _conv = Conv1d(features, filters, 5, padding: 2L);
            _head = Linear(filters, classes);
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input) =>
            _head.forward(functional.relu(_conv.forward(_embedding.forward(input).transpose(1, 2))).amax([2]));
    }

    /// <summary>The mean over time, then a dense layer.</summary>
    public sealed class Mean : Module<torch.Tensor, torch.Tensor>
    {
        public Mean()
            : base("mean") => RegisterComponents();

        public override torch.Tensor forward(torch.Tensor input) => input.mean([1]);
    }

    private static TorchSharp.Modules.Conv2d Conv(long inputs, long outputs, long kernel, long stride) => Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, bias: false);

    private sealed class Block : Module<torch.Tensor, torch.Tensor>
    {
        private readonly PeerModule _body;
        private readonly PeerModule? _shortcut;

        public Block(long inputs, long outputs)
            : base("block")
        {
            var stride = inputs == outputs ? 1 : 2;
            _body = Chain(Conv(inputs, outputs, 3, stride), BatchNorm2d(outputs), ReLU(), Conv(outputs, outputs, 3, 1), BatchNorm2d(outputs));
            _shortcut = stride == 1 ? null : Chain(Conv(inputs, outputs, 1, stride), BatchNorm2d(outputs));
            register_module("body", _body);
            if (_shortcut is not null)
                register_module("shortcut", _shortcut);
        }

        public override torch.Tensor forward(torch.Tensor input) => functional.relu(_body.forward(input) + (_shortcut?.forward(input) ?? input));
    }
}
