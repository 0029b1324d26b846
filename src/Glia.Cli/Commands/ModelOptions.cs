using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Glia.Cli.Problems;

namespace Glia.Cli.Commands;

/// <summary>The options of commands that train, which say what the model is and how a step is made, but for the learning rate.</summary>
internal sealed class ModelOptions
{
    private readonly Option<FamilyKind?> _family = CommonOptions.Choice<FamilyKind>("--family", "The kind of model; by default mlp for tables, cnn for images, cnn-lstm for videos, lstm for texts, time series and sequences.", Families.NameOf);
    private readonly Option<int[]?> _hidden = new("--hidden") { Description = "Neurons of the hidden layers, such as 64,32; 0 for none.", HelpName = "sizes", CustomParser = ParseSizes };
    private readonly Option<OptimizerKind?> _optimizer = CommonOptions.Choice<OptimizerKind>("--optimizer", "How weights are changed: AdamW by default (the fewer samples, the more weight decay); sgd has momentum 0.9.");
    private readonly Option<int?> _batchSize = CommonOptions.Number("--batch-size", "-b", "Samples per step.", "n", 1);
    private readonly Option<AugmentKind?> _augment = CommonOptions.Choice<AugmentKind>("--augment", "Change training images at random: light moves, turns and zooms a little; flip mirrors them too; strong also changes brightness and contrast and blots out a square.");
    private readonly Option<ulong?> _seed = CommonOptions.Number("--seed", "-s", "The same seed gives the same split, weights and result; 0 by default.", "n", 0UL);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_family, _hidden, _optimizer, _batchSize, _augment, _seed])
            command.Add(option);
    }

    public TrainOptions Read(ParseResult parsed, TrainOptions data) => data with
    {
        Family = parsed.GetValue(_family),
        Hidden = parsed.GetResult(_hidden) is null ? null : parsed.GetValue(_hidden),
        Optimizer = parsed.GetValue(_optimizer),
        BatchSize = parsed.GetValue(_batchSize),
        Augment = parsed.GetValue(_augment) ?? AugmentKind.None,
        Seed = parsed.GetValue(_seed) ?? 0,
    };

    private static int[]? ParseSizes(ArgumentResult result)
    {
        var parts = result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        if (parts is ["0"])
            return [];
        var sizes = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] is < 1 or > 65536)
            {
                result.AddError($"--hidden expects sizes from 1 to 65536 separated by commas, such as 64,32, but got '{parts[i]}'.");
                return null;
            }
        }
        return sizes;
    }
}
