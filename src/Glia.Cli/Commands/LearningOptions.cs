using System.CommandLine;

namespace Glia.Cli.Commands;

/// <summary>The options of training for those who want to say how exactly weights change and how much they are held back.</summary>
internal sealed class LearningOptions
{
    private readonly Option<ScheduleKind?> _schedule = CommonOptions.Choice<ScheduleKind>("--schedule", "How the learning rate changes over all epochs: constant by default; cosine falls to 0; one-cycle rises first.", NameOf);
    private readonly Option<double?> _momentum = CommonOptions.Number("--momentum", null, "How slowly the direction of steps changes: momentum of sgd, beta1 of adam and adamw; 0.9 by default.", "share", 0.0, below: 1.0);
    private readonly Option<double?> _weightDecay = CommonOptions.Number("--weight-decay", null, "How strongly weights are drawn to 0; by default 0, with adamw by the number of samples.", "number", 0.0);
    private readonly Option<double?> _clipNorm = CommonOptions.Number("--clip-norm", null, "The largest norm of all gradients together; by default 5 for texts and videos, 1 for series and sequences, otherwise none.", "norm", 0.0, isAbove: true);
    private readonly Option<double?> _dropout = CommonOptions.Number("--dropout", null, "The share of numbers between layers that are dropped at random in training; by default 0.3 for cnn, 0.1 for transformer, otherwise 0.", "share", 0.0, below: 1.0);
    private readonly Option<ActivationKind?> _activation = CommonOptions.Choice<ActivationKind>("--activation", "The activation of mlp and cnn; relu by default.", NameOf);
    private readonly Option<int?> _patience = CommonOptions.Number("--patience", null, "Epochs without improvement after which training ends; by default by the kind and size of the data.", "n", 1);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_schedule, _momentum, _weightDecay, _clipNorm, _dropout, _activation, _patience])
            command.Add(option);
    }

    public TrainOptions Read(ParseResult parsed, TrainOptions options) => options with
    {
        Schedule = parsed.GetValue(_schedule),
        Momentum = parsed.GetValue(_momentum),
        WeightDecay = parsed.GetValue(_weightDecay),
        ClipNorm = parsed.GetValue(_clipNorm),
        Dropout = parsed.GetValue(_dropout),
        Activation = parsed.GetValue(_activation),
        Patience = parsed.GetValue(_patience),
    };

    /// <summary>LeakyReLU is leaky-relu, OneCycle is one-cycle.</summary>
    private static string NameOf<T>(T value)
        where T : struct, Enum => value switch
        {
            ActivationKind.LeakyReLU => "leaky-relu",
            ScheduleKind.OneCycle => "one-cycle",
            _ => value.ToString().ToLowerInvariant(),
        };
}
