using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>Columns of a table become features; the answer is a class or a number.</summary>
internal sealed class TablePreparation(TableEncoder features, TargetEncoder target, DataSource source) : Preparation(source)
{
    private const string FeaturesKey = "glia.features";
    private const string TargetKey = "glia.target";

    /// <summary>How columns become features.</summary>
    public TableEncoder Features { get; } = features;

    /// <summary>How the target column becomes classes or normalised numbers, and back.</summary>
    public TargetEncoder Target { get; } = target;

    public bool IsRegression => Target.Task == TaskKind.Regression;

    public override string Task => IsRegression ? "regression" : "classification";

    public override IReadOnlyList<string> Classes => Target.Classes;

    public override Loss Loss => IsRegression ? Loss.MeanSquaredError : Loss.CrossEntropy;

    public override Measure Measure => IsRegression ? Measure.Error(Target.ColumnName, Target.Std) : Measure.Accuracy;

    public override string Expects => $"a table with columns: {string.Join(", ", Features.ColumnsNeeded)}";

    public override Shape InputShape => Features.FeatureNames.Count;

    public override Shape ResultShape => IsRegression ? 1 : Classes.Count;

    protected override IEnumerable<(string Key, string Text)> Parts => [(FeaturesKey, Features.ToJson()), (TargetKey, Target.ToJson())];

    public static TablePreparation? Read(IReadOnlyDictionary<string, string> metadata, DataSource source, string path) =>
        metadata.TryGetValue(FeaturesKey, out var features) && metadata.TryGetValue(TargetKey, out var target)
            ? new(TableEncoder.FromJson(features, path), TargetEncoder.FromJson(target, path), source)
            : null;

    public override string Predicts(SequentialNetwork network) => IsRegression ? $"{Target.ColumnName}, a number" : SignDecision.Describe(network, Classes);

    public override Evaluation Evaluate(SequentialNetwork network, Dataset data) => IsRegression
        ? NumberEvaluation.Of(network, data, Target.Std, Target.Decode)
        : ClassEvaluation.Of(network, data, this);

    public override (Dataset Samples, string Part) Open(string data, bool all)
    {
        var location = DataLocation.Find(data).AsTable();
        if (location.Form is DataForm.Folder or DataForm.ImageFile)
            throw new UserException($"{data}: the model was trained on a table. Give a table (CSV, Parquet or Arrow) with the columns {string.Join(", ", Features.ColumnsNeeded)} and {Source.Target}.");
        if (location.Form == DataForm.Table && (Source.IsStreamed || TableStream.IsLarger(location.Path, ProblemLoader.StreamingBytes)))
        {
            var stream = ProblemLoader.OpenTable(location, this);
            var isSame = Source.IsStreamed && ProblemLoader.SourceOf(location, Source.Target, Source.Seed, stream.RowCount).IsSameDataAs(Source);
            return !all && isSame
                ? (StreamedProblem.EncodeTest(stream, this), HeldOut)
                : (StreamedProblem.EncodeAll(stream, this), Everything);
        }
        var table = ProblemLoader.ReadTable(location, this);
        if (!all && ProblemLoader.SourceOf(location, Source.Target, Source.Seed, table.RowCount).IsSameDataAs(Source))
            return (TableProblem.Encode(table.Select(TableProblem.Parts(table, Target, Source.Seed)[Split.Test]), this), HeldOut);
        return (TableProblem.Encode(table, this), Everything);
    }

    protected override bool Fits(SequentialNetwork network) =>
        network.InputShape == InputShape && (network.ResultShape == ResultShape || (Classes.Count == 2 && SignDecision.Applies(network, this)));
}
