using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using Glia.Losses;

namespace Glia.Cli.Problems;

/// <summary>Built-in sequences, which are numbers already; the answer is a class or a number for each sequence, or a class for each step.</summary>
internal sealed class SequencePreparation : Preparation
{
    private const string SequencesKey = "glia.sequences";
    private const string Format = "glia.sequences";

    private readonly BuiltInDataset _set;
    private readonly bool _isPerStep;

    public SequencePreparation(BuiltInDataset set, Shape input, bool isPerStep, DataSource source)
        : base(source) => (_set, InputShape, _isPerStep) = (set, input, isPerStep);

    private bool IsRegression => _set.Task == TaskKind.Regression;

    public override string Task => IsRegression ? "regression" : "classification";

    public override IReadOnlyList<string> Classes => _set.Classes;

    public override Loss Loss => IsRegression ? Loss.MeanSquaredError : new CrossEntropyLoss(classAxis: -1);

    public override Measure Measure => IsRegression ? Measure.Error(_set.Target, 1) : Measure.Accuracy;

    public override string Expects => $"sequences as in the built-in set '{_set.Name}': (time, {string.Join(", ", InputShape.From(1).Sizes.ToArray())})";

    public override Shape InputShape { get; }

    public override Shape ResultShape => IsRegression ? 1 : _isPerStep ? (InputShape[0], Classes.Count) : Classes.Count;

    /// <summary>Whether there is an answer for each step.</summary>
    public bool IsPerStep => _isPerStep;

    protected override IEnumerable<(string Key, string Text)> Parts => [(SequencesKey, JsonNode.Write(Format, 1, writer =>
    {
        writer.WriteString("set", _set.Name);
        writer.WriteBoolean("perStep", _isPerStep);
    }))];

    public static SequencePreparation? Read(IReadOnlyDictionary<string, string> metadata, DataSource source, string path) =>
        !metadata.TryGetValue(SequencesKey, out var text) ? null : JsonNode.Read(text, path, Format, 1, root =>
        {
            var set = BuiltInDatasets.Find(root.Text("set"));
            return set is { Kind: DataKind.Sequences }
                ? new SequencePreparation(set, BuiltInDatasets.LoadSequences(set.Name).InputShape, root.Flag("perStep"), source)
                : throw root.Error("set", "a built-in set of sequences");
        });

    public override string Predicts(SequentialNetwork network) => IsRegression
        ? $"{_set.Target}, a number"
        : $"{(_isPerStep ? "for each step " : "")}one of {Classes.Count} classes: {ClosestName.List(Classes)}";

    public override Evaluation Evaluate(SequentialNetwork network, Dataset data) => IsRegression
        ? NumberEvaluation.Of(network, data, 1, value => value)
        : ClassEvaluation.Of(network, data, this);

    public override (Dataset Samples, string Part) Open(string data, bool all)
    {
        var location = DataLocation.Find(data);
        if (location.Form != DataForm.BuiltIn || location.Path != _set.Name)
            throw new UserException($"{data}: the model was trained on the built-in sequences '{_set.Name}', and no file of the program's holds such. Measure it with: {CommandLine.Name} evaluate <model> {_set.Name}");
        var set = BuiltInDatasets.LoadSequences(_set.Name);
        return all ? (set, Everything) : (set.Subset(SequenceProblem.Parts(set, Source.Seed)[Split.Test]), HeldOut);
    }
}
