using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Interchange;

namespace Glia.Cli.Commands;

/// <summary><c>glia predict</c>: what a trained model makes of new data.</summary>
internal static class PredictCommand
{
    private const int BatchSize = 1024;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "A CSV file with the model's columns; or an image, or a folder of images." };
        var file = new Option<string?>("--out", "-o") { Description = "Write the predictions to a file instead of the screen.", HelpName = "file" };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "predict",
            "Predict with a trained model. Prints CSV: for a table its row and prediction, for images the file; classes come with their probability.",
            """
              glia predict runs/iris flowers.csv
              glia predict runs/digits photo.png
              glia predict runs/houses houses.csv --out prices.csv
            """)
        { model, data, file, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(file), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, string data, string? file, Terminal terminal)
    {
        var model = TrainedModel.Load(path);
        Prediction[] predictions = [.. Predict(model, data)];
        var text = terminal.Json ? RunSummary.ToText(ToJson(model, predictions)) + "\n" : ToCsv(model, predictions);
        if (file is null)
            terminal.Out.Write(text);
        else
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        return ExitCode.Success;
    }

    private static IEnumerable<Prediction> Predict(TrainedModel model, string data)
    {
        var location = DataLocation.Find(data);
        if (model.Preprocessing.Images is not null)
            return PredictImages(model, location);
        if (location.Form is DataForm.ImageFile or DataForm.Folder)
            throw new UserException($"{data}: the model was trained on a table. Give a CSV file with the columns {ClosestName.List(model.Preprocessing.Features!.ColumnsNeeded)}.");
        return PredictRows(model, location);
    }

    /// <summary>Rows are read and predicted piece by piece, so that the file may be larger than memory.</summary>
    private static IEnumerable<Prediction> PredictRows(TrainedModel model, DataLocation location)
    {
        var tables = location.Form == DataForm.BuiltIn
            ? [BuiltInDatasets.Load(location.Path)]
            : ProblemLoader.OpenCsv(location, model.Preprocessing).ReadChunks(BatchSize);
        var row = 0L;
        foreach (var table in tables)
        {
            foreach (var prediction in Predict(model, model.Preprocessing.Features!.Transform(table), table.RowCount))
                yield return prediction with { Sample = (++row).ToString(CultureInfo.InvariantCulture) };
        }
    }

    private static IEnumerable<Prediction> PredictImages(TrainedModel model, DataLocation location)
    {
        var data = location.Path;
        if (location.Form == DataForm.BuiltIn)
            throw new UserException($"'{data}' is a built-in data set. Predict on image files, or measure with: {CommandLine.Name} evaluate {model.Path} {data}");
        if (location.Form == DataForm.Csv)
            throw new UserException($"{data}: the model classifies images (PNG, JPEG, BMP), and this file is none.");
        string[] files = location.Form == DataForm.ImageFile ? [data] : [.. Directory.EnumerateFiles(data).Where(ImageFile.HasKnownExtension).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new UserException($"The folder '{data}' holds no images (PNG, JPEG, BMP). Give an image, or a folder that holds images itself, not in sub-folders.");
        foreach (var file in files)
        {
            foreach (var prediction in Predict(model, model.Preprocessing.Images!.ReadFile(file), 1))
                yield return prediction with { Sample = file };
        }
    }

    private static IEnumerable<Prediction> Predict(TrainedModel model, float[] inputs, int samples)
    {
        var preprocessing = model.Preprocessing;
        var all = Tensor.From(inputs, model.Network.InputShape.Prepend(samples));
        for (var start = 0; start < samples; start += BatchSize)
        {
            var outputs = model.Network.Predict(all.Slice(0, start, Math.Min(BatchSize, samples - start)));
            if (preprocessing.Task == TaskKind.Regression)
            {
                foreach (var value in outputs.ToArray<float>())
                    yield return new Prediction("", null, preprocessing.Target!.Decode(value));
                continue;
            }
            if (model.DecidesBySign)
            {
                var norm = SignDecision.Norm(model.Network);
                foreach (var value in outputs.ToArray<float>())
                    yield return new Prediction("", preprocessing.Classes[SignDecision.Class(value)], value / norm);
                continue;
            }
            var probabilities = outputs.Softmax().ToArray<float>();
            foreach (var one in probabilities.Chunk(outputs.Shape[-1]))
            {
                var best = TensorPrimitives.IndexOfMax<float>(one);
                yield return new Prediction("", preprocessing.Classes[best], one[best]);
            }
        }
    }

    private static string ToCsv(TrainedModel model, Prediction[] predictions)
    {
        var isClassification = model.Preprocessing.Task == TaskKind.Classification;
        var text = new StringBuilder();
        text.Append(model.Preprocessing.Images is null ? "row" : "file");
        text.Append(isClassification ? $",prediction,{ValueName(model)}\n" : $",{CsvText.Quote(model.Preprocessing.Target!.ColumnName)}\n");
        foreach (var (sample, name, value) in predictions)
        {
            text.Append(CsvText.Quote(sample)).Append(',');
            if (isClassification)
                text.Append(CsvText.Quote(name!)).Append(',').Append(value.ToString("F4", CultureInfo.InvariantCulture));
            else
                text.Append(value.ToString("G7", CultureInfo.InvariantCulture));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>What stands beside a class.</summary>
    private static string ValueName(TrainedModel model) => model.DecidesBySign ? "distance" : "probability";

    private static JsonArray ToJson(TrainedModel model, Prediction[] predictions) => new([.. predictions.Select(p => p.Class is null
        ? new JsonObject { ["sample"] = p.Sample, ["prediction"] = RunSummary.Finite(p.Value) }
        : new JsonObject { ["sample"] = p.Sample, ["prediction"] = p.Class, [ValueName(model)] = RunSummary.Finite(Math.Round(p.Value, 6)) })]);

    /// <summary>For a row or file, a class with its probability (or, of a perceptron, the signed distance from the hyperplane), or a number.</summary>
    private sealed record Prediction(string Sample, string? Class, double Value);
}
