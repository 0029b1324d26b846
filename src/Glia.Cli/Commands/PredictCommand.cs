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
    private const string NoSeries = "--horizon is for models of a time series, but this is none. Leave it out.";

    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "A table (CSV, Parquet or Arrow) with the model's columns; or an image, or a folder of images; or a table with the time series up to now; or arrays (.npz, .npy) for an ONNX model of another program." };
        var file = new Option<string?>("--out", "-o") { Description = "Write the predictions to a file instead of the screen.", HelpName = "file" };
        var horizon = CommonOptions.Number("--horizon", null, "How many values of a time series to forecast; those beyond the model's horizon are made from forecasts.", "n", 1);
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "predict",
            "Predict with a trained model. Prints CSV: for a table its row and prediction, for images the file, for a time series the next steps; classes come with their probability.",
            """
              glia predict runs/iris flowers.csv
              glia predict runs/digits photo.png
              glia predict runs/houses houses.csv --out prices.csv
              glia predict runs/sales sales.csv --horizon 30
              glia predict resnet.onnx images.npz --out scores.npz
            """)
        { model, data, horizon, file, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(horizon), parsed.GetValue(file), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, string data, int? horizon, string? file, Terminal terminal)
    {
        var onnx = OnnxReport.IsOnnx(path) && File.Exists(path) ? OnnxModel.Load(path) : null;
        var own = onnx is null ? null : ModelFile.FromOnnx(onnx);
        if (onnx is not null && own is null)
            return OnnxPrediction.Run(onnx, data, horizon is null ? file : throw new UserException(NoSeries), terminal);
        var model = own is null ? TrainedModel.Load(path) : TrainedModel.Of(path, own);
        Prediction[] predictions = [.. Predict(model, data, horizon)];
        var text = terminal.Json ? RunSummary.ToText(ToJson(model, predictions)) + "\n" : ToCsv(model, predictions);
        Write(text, file, terminal);
        return ExitCode.Success;
    }

    /// <summary>Writes results to a file, or to the screen if there is none.</summary>
    public static void Write(string text, string? file, Terminal terminal)
    {
        if (file is null)
            terminal.Out.Write(text);
        else
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static IEnumerable<Prediction> Predict(TrainedModel model, string data, int? horizon)
    {
        if (horizon is not null && model.Preparation is not SeriesPreparation)
            throw new UserException(NoSeries);
        var location = DataLocation.Find(data);
        switch (model.Preparation)
        {
            case ImagePreparation images:
                return PredictImages(model, images, location);
            case TablePreparation table:
                location = location.AsTable();
                return location.Form is DataForm.ImageFile or DataForm.Folder
                    ? throw new UserException($"{data}: the model was trained on a table. Give a table (CSV, Parquet or Arrow) with the columns {ClosestName.List(table.Features.ColumnsNeeded)}.")
                    : PredictRows(model, table, location);
            case SeriesPreparation series:
                return PredictSeries(model, series, location, horizon ?? series.Encoder.Horizon);
            case TextPreparation:
                throw new UserException($"{model.Path}: this model writes text. Use: {CommandLine.Name} generate {model.Path} --prompt \"…\"");
            default:
                throw new UserException($"{model.Path}: this model was trained on built-in sequences, and no file of the program's holds such. Measure it with: {CommandLine.Name} evaluate {model.Path} {model.Preparation.Source.Data}");
        }
    }

    private static IEnumerable<Prediction> PredictSeries(TrainedModel model, SeriesPreparation series, DataLocation location, int count)
    {
        const int MostSteps = 100_000;
        var known = SeriesProblem.ReadColumn(location, series.Encoder.Column);
        if (known.Length < series.Encoder.Lookback)
            throw new UserException($"{location.Path}: the series has {known.Length} values, but a forecast is made from the last {series.Encoder.Lookback}.");
        if (count > MostSteps)
            throw new UserException($"--horizon is {count}, but {MostSteps} steps at most are forecast.");
        return series.Forecast(model.Network, known, count).Select((value, i) => new Prediction((i + 1).ToString(CultureInfo.InvariantCulture), null, value));
    }

    /// <summary>Rows are read and predicted piece by piece, so that the file may be larger than memory.</summary>
    private static IEnumerable<Prediction> PredictRows(TrainedModel model, TablePreparation preparation, DataLocation location)
    {
        var tables = location.Form == DataForm.BuiltIn
            ? [BuiltInDatasets.Load(location.Path)]
            : ProblemLoader.OpenTable(location, preparation).ReadChunks(BatchSize);
        var row = 0L;
        foreach (var table in tables)
        {
            foreach (var prediction in Predict(model, preparation.Features.Transform(table), table.RowCount))
                yield return prediction with { Sample = (++row).ToString(CultureInfo.InvariantCulture) };
        }
    }

    private static IEnumerable<Prediction> PredictImages(TrainedModel model, ImagePreparation preparation, DataLocation location)
    {
        var data = location.Path;
        if (location.Form == DataForm.BuiltIn)
            throw new UserException($"'{data}' is a built-in data set. Predict on image files, or measure with: {CommandLine.Name} evaluate {model.Path} {data}");
        if (location.Form is DataForm.Table or DataForm.Text)
            throw new UserException($"{data}: the model classifies images (PNG, JPEG, BMP), and this file is none.");
        string[] files = location.Form == DataForm.ImageFile ? [data] : [.. Directory.EnumerateFiles(data).Where(ImageFile.HasKnownExtension).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new UserException($"The folder '{data}' holds no images (PNG, JPEG, BMP). Give an image, or a folder that holds images itself, not in sub-folders.");
        foreach (var file in files)
        {
            foreach (var prediction in Predict(model, preparation.Images.ReadFile(file), 1))
                yield return prediction with { Sample = file };
        }
    }

    private static IEnumerable<Prediction> Predict(TrainedModel model, float[] inputs, int samples)
    {
        var preparation = model.Preparation;
        var all = Tensor.From(inputs, model.Network.InputShape.Prepend(samples));
        for (var start = 0; start < samples; start += BatchSize)
        {
            var outputs = model.Network.Predict(all.Slice(0, start, Math.Min(BatchSize, samples - start)));
            if (preparation is TablePreparation { IsRegression: true } regression)
            {
                foreach (var value in outputs.ToArray<float>())
                    yield return new Prediction("", null, regression.Target.Decode(value));
                continue;
            }
            if (model.DecidesBySign)
            {
                var norm = SignDecision.Norm(model.Network);
                foreach (var value in outputs.ToArray<float>())
                    yield return new Prediction("", preparation.Classes[SignDecision.Class(value)], value / norm);
                continue;
            }
            var probabilities = outputs.Softmax().ToArray<float>();
            foreach (var one in probabilities.Chunk(outputs.Shape[-1]))
            {
                var best = TensorPrimitives.IndexOfMax<float>(one);
                yield return new Prediction("", preparation.Classes[best], one[best]);
            }
        }
    }

    private static string ToCsv(TrainedModel model, Prediction[] predictions)
    {
        var isClassification = model.Preparation.Classes.Count > 0;
        var text = new StringBuilder();
        text.Append(model.Preparation switch { ImagePreparation => "file", SeriesPreparation => "step", _ => "row" });
        text.Append(isClassification ? $",prediction,{ValueName(model)}\n" : $",{CsvText.Quote(model.Preparation.Source.Target!)}\n");
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
