using System.CommandLine;
using System.Globalization;
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
    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "A CSV file with the model's columns; or an image, or a folder of images." };
        var file = new Option<string?>("--out", "-o") { Description = "Write the predictions to a CSV file instead of the screen.", HelpName = "file" };
        var json = CommonOptions.Json();
        var command = new Command("predict", """
            Predict with a trained model. Prints CSV: for a table its row and prediction, for images the file; classes come with their probability.

            Examples:
              glia predict runs/iris flowers.csv
              glia predict runs/digits photo.png
              glia predict runs/houses houses.csv --out prices.csv
            """) { model, data, file, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(file), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, string data, string? file, Terminal terminal)
    {
        var model = TrainedModel.Load(path);
        var (labels, inputs) = Load(model, data);
        var predictions = Predict(model, inputs);
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(ToJson(labels, predictions)));
            return ExitCode.Success;
        }
        var csv = ToCsv(model, labels, predictions);
        if (file is null)
            terminal.Out.Write(csv);
        else
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(csv)));
        return ExitCode.Success;
    }

    /// <summary>What each sample is called (its row or file), and all samples as one batch.</summary>
    private static (string[] Labels, Tensor Inputs) Load(TrainedModel model, string data)
    {
        var location = DataLocation.Find(data);
        if (model.Preprocessing.Images is { } images)
        {
            if (location.Form == DataForm.BuiltIn)
                throw new UserException($"'{data}' is a built-in data set. Predict on image files, or measure with: glia evaluate {model.Path} {data}");
            if (location.Form == DataForm.Csv)
                throw new UserException($"{data}: the model classifies images (PNG, JPEG, BMP), and this file is none.");
            string[] files = location.Form == DataForm.ImageFile ? [data] : [.. Directory.EnumerateFiles(data).Where(ImageFile.HasKnownExtension).Order(StringComparer.Ordinal)];
            if (files.Length == 0)
                throw new UserException($"The folder '{data}' holds no images (PNG, JPEG, BMP).");
            var pixels = files.SelectMany(images.ReadFile).ToArray();
            return (files, Tensor.From(pixels, model.Network.InputShape.Prepend(files.Length)));
        }
        if (location.Form is DataForm.ImageFile or DataForm.Folder)
            throw new UserException($"{data}: the model was trained on a table. Give a CSV file with the columns {string.Join(", ", model.Preprocessing.Features!.ColumnsNeeded)}.");
        var table = ProblemLoader.ReadTable(location, model.Preprocessing);
        var features = model.Preprocessing.Features!.Transform(table);
        string[] rows = [.. Enumerable.Range(1, table.RowCount).Select(r => r.ToString(CultureInfo.InvariantCulture))];
        return (rows, Tensor.From(features, (table.RowCount, model.Network.InputShape.Count)));
    }

    private static Prediction[] Predict(TrainedModel model, Tensor inputs)
    {
        const int BatchSize = 1024;
        var results = new List<Prediction>(inputs.Shape[0]);
        for (var start = 0; start < inputs.Shape[0]; start += BatchSize)
        {
            var outputs = model.Network.Predict(inputs.Slice(0, start, Math.Min(BatchSize, inputs.Shape[0] - start)));
            var width = outputs.Shape[-1];
            if (model.Preprocessing.Task == TaskKind.Regression)
            {
                results.AddRange(outputs.ToArray<float>().Select(v => new Prediction(null, model.Preprocessing.Target!.Decode(v))));
                continue;
            }
            var probabilities = outputs.Softmax().ToArray<float>();
            for (var row = 0; row < outputs.Shape[0]; row++)
            {
                var one = probabilities.AsSpan(row * width, width);
                var best = one.IndexOfAnyExcept(float.NaN) < 0 ? 0 : System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(one);
                results.Add(new Prediction(model.Preprocessing.Classes[best], one[best]));
            }
        }
        return [.. results];
    }

    private static string ToCsv(TrainedModel model, string[] labels, Prediction[] predictions)
    {
        var isClassification = model.Preprocessing.Task == TaskKind.Classification;
        var text = new StringBuilder();
        text.Append(model.Preprocessing.Images is null ? "row" : "file");
        text.Append(isClassification ? ",prediction,probability\n" : $",{Quote(model.Preprocessing.Target!.ColumnName)}\n");
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(Quote(labels[i])).Append(',');
            if (isClassification)
                text.Append(Quote(predictions[i].Class!)).Append(',').Append(predictions[i].Value.ToString("F4", CultureInfo.InvariantCulture));
            else
                text.Append(predictions[i].Value.ToString("G7", CultureInfo.InvariantCulture));
            text.Append('\n');
        }
        return text.ToString();
    }

    private static JsonArray ToJson(string[] labels, Prediction[] predictions) => new([.. predictions.Select((p, i) => p.Class is null
        ? new JsonObject { ["sample"] = labels[i], ["prediction"] = p.Value }
        : new JsonObject { ["sample"] = labels[i], ["prediction"] = p.Class, ["probability"] = Math.Round(p.Value, 6) })]);

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    /// <summary>A class with its probability, or a number.</summary>
    private sealed record Prediction(string? Class, double Value);
}
