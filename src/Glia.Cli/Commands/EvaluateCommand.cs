using System.CommandLine;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;

namespace Glia.Cli.Commands;

/// <summary><c>glia evaluate</c>: a trained model on data whose truth is known.</summary>
internal static class EvaluateCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "Data of the same kind as the model was trained on, with the true answers." };
        var all = new Option<bool>("--all") { Description = "Use every sample, even those that the model was trained on." };
        var json = CommonOptions.Json();
        var quiet = CommonOptions.Quiet("the accuracy, or the RMSE of a regression");
        var command = new HelpfulCommand(
            "evaluate",
            "Measure a trained model on data whose truth is known. On the data it was trained on, only the held-out test part counts.",
            """
              glia evaluate runs/digits digits
              glia evaluate runs/houses new-houses.csv --json
            """)
        { model, data, all, json, quiet };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(all),
            new Terminal(output, error, parsed.GetValue(json), parsed.GetValue(quiet))));
        return command;
    }

    private static int Run(string path, string data, bool all, Terminal terminal)
    {
        var model = TrainedModel.Load(path);
        var (samples, what) = Load(model, data, all);
        if (samples.Count == 0)
            throw new UserException($"{data}: there are no samples to evaluate on.");
        var result = Evaluation.Of(model.Network, samples, model.Preprocessing);
        if (terminal.Json)
        {
            var json = RunSummary.ToJson(result);
            json.Insert(0, "data", data);
            json.Insert(1, "part", what);
            terminal.Out.WriteLine(RunSummary.ToText(json));
            return ExitCode.Success;
        }
        if (terminal.Quiet)
        {
            terminal.Out.WriteLine(result.Confusion is { } confusion
                ? FormattableString.Invariant($"accuracy {confusion.Accuracy:P2}")
                : FormattableString.Invariant($"rmse {result.Rmse:G6}"));
            return ExitCode.Success;
        }
        terminal.Line($"{data}: {ModelSummary.Number(samples.Count)} samples, {what}");
        EvaluationReport.Print(terminal, result);
        return ExitCode.Success;
    }

    private static (Dataset Samples, string What) Load(TrainedModel model, string data, bool all)
    {
        const string Held = "the held-out test part of the data the model was trained on";
        const string Everything = "all of the data";
        var location = DataLocation.Find(data);
        var trained = model.Preprocessing.Source;
        if (model.Preprocessing.Images is { } images)
        {
            var set = location.Form switch
            {
                DataForm.Folder => ImageData.Open(location.Path, new ImageFolderOptions { Size = (images.Height, images.Width), Channels = images.Channels }),
                DataForm.BuiltIn => new ImageData(BuiltInDatasets.LoadImages(location.Path), null, null),
                _ => throw new UserException($"{data}: the model classifies images. Give a folder with one sub-folder of images per class."),
            };
            RequireClasses(set.Train.ClassNames, images.ClassNames, data);
            if (!all && ProblemLoader.SourceOf(location, null, trained.Seed, 0).Fingerprint == trained.Fingerprint)
                return (ImageProblem.TestPart(set, images, trained.Seed), Held);
            return (new JoinedDataset(ImageProblem.AllParts(set, images)), Everything);
        }
        if (location.Form is DataForm.Folder or DataForm.ImageFile)
            throw new UserException($"{data}: the model was trained on a table. Give a CSV file with the columns {string.Join(", ", model.Preprocessing.Features!.ColumnsNeeded)} and {trained.Target}.");
        if (location.Form == DataForm.Csv && (trained.IsStreamed || new FileInfo(location.Path).Length > ProblemLoader.StreamingBytes))
        {
            var stream = ProblemLoader.OpenCsv(location, model.Preprocessing);
            var isSame = trained.IsStreamed && ProblemLoader.SourceOf(location, trained.Target, trained.Seed, stream.RowCount).IsSameDataAs(trained);
            return !all && isSame
                ? (StreamedProblem.EncodeTest(stream, model.Preprocessing), Held)
                : (StreamedProblem.EncodeAll(stream, model.Preprocessing), Everything);
        }
        var target = model.Preprocessing.Target!;
        var table = ProblemLoader.ReadTable(location, model.Preprocessing);
        if (!all && ProblemLoader.SourceOf(location, trained.Target, trained.Seed, table.RowCount).IsSameDataAs(trained))
            return (TableProblem.Encode(table.Select(TableProblem.Parts(table, target, trained.Seed)[Split.Test]), model.Preprocessing), Held);
        return (TableProblem.Encode(table, model.Preprocessing), Everything);
    }

    private static void RequireClasses(IReadOnlyList<string> found, IReadOnlyList<string> expected, string data)
    {
        if (!found.SequenceEqual(expected, StringComparer.Ordinal))
            throw new UserException($"{data}: the classes are {ClosestName.List(found)}, but the model knows {ClosestName.List(expected)}.");
    }
}
