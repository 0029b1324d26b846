using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Plots;
using Glia.Training;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Runs;

/// <summary>Which classes were taken for which.</summary>
internal sealed class ClassEvaluation : Evaluation
{
    public required IReadOnlyList<string> Classes { get; init; }

    public required ConfusionMatrix Confusion { get; init; }

    public override string Short => FormattableString.Invariant($"accuracy {Confusion.Accuracy:P2}");

    public static ClassEvaluation Of(SequentialNetwork network, Dataset data, Preparation preparation)
    {
        var confusion = new ConfusionMatrix(preparation.Classes.Count);
        var isSign = SignDecision.Applies(network, preparation);
        var (loss, count) = (isSign ? double.NaN : 0.0, 0L);
        ForEachBatch(network, data, (prediction, target) =>
        {
            count += target.Count;
            if (isSign)
            {
                confusion.Update(SignDecision.Scores(prediction), target);
                return;
            }
            confusion.Update(prediction, target);
            loss += preparation.Loss.Compute(prediction, target).Item() * target.Count;
        });
        return new ClassEvaluation { Samples = data.Count, Classes = preparation.Classes, Loss = loss / count, Confusion = confusion };
    }

    public override void Print(Terminal terminal) => EvaluationReport.Print(terminal, this);

    public override IEnumerable<(string File, Chart Chart)> Charts(Problem problem) =>
        [("confusion", Chart.ConfusionMatrix($"{problem.Name}: test data", Classes, EvaluationReport.Counts(Confusion)))];

    protected override void AddTo(JsonObject json)
    {
        json["accuracy"] = RunSummary.Finite(Confusion.Accuracy);
        json["macroF1"] = RunSummary.Finite(Confusion.MacroF1);
        json["classes"] = new JsonArray([.. Classes.Select((name, c) => new JsonObject
        {
            ["name"] = name,
            ["precision"] = Confusion.Precision(c),
            ["recall"] = Confusion.Recall(c),
            ["f1"] = Confusion.F1(c),
            ["samples"] = Confusion.Support(c),
        })]);
        json["confusion"] = new JsonArray([.. Enumerable.Range(0, Confusion.ClassCount).Select(a =>
            (JsonNode)new JsonArray([.. Enumerable.Range(0, Confusion.ClassCount).Select(p => (JsonNode)Confusion[a, p])]))]);
    }
}
