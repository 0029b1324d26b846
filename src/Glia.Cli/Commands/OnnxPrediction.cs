using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Interchange;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Commands;

/// <summary>An ONNX model of another program, run on arrays or on a table of numbers; it says nothing of preprocessing, so numbers go in and come out as they are.</summary>
internal static class OnnxPrediction
{
    private static readonly string[] ArrayExtensions = [".npz", ".npy", ".safetensors"];

    public static int Run(OnnxModel model, string data, string? file, Terminal terminal)
    {
        var predictor = new OnnxPredictor(model.ToModule());
        var outputs = ArrayExtensions.Contains(Path.GetExtension(data), StringComparer.OrdinalIgnoreCase) && File.Exists(data)
            ? predictor.Run(ReadArrays(model, data))
            : RunTable(model, predictor, data);
        if (file is not null && ModuleWeights.CanWrite(file))
            ModuleWeights.Save(outputs, file);
        else if (file is not null && Path.GetExtension(file).Equals(".npy", StringComparison.OrdinalIgnoreCase))
            NpzWriter.SaveArray(file, outputs.Count == 1 ? outputs.Values.First() : throw new UserException($"'{file}' holds one array, but the model gives {Names(outputs.Keys)}. Write a .npz file."));
        else
            PredictCommand.Write(terminal.Json ? RunSummary.ToText(ToJson(outputs)) + "\n" : ToCsv(model, outputs), file, terminal);
        return ExitCode.Success;
    }

    /// <summary>Arrays by the names of the inputs; the only one of a file may have any name where the model takes one.</summary>
    private static Dictionary<string, Tensor> ReadArrays(OnnxModel model, string data)
    {
        using var file = WeightFile.Open(data);
        if (model.Inputs is [var only] && file.Entries is [var entry])
            return new(StringComparer.Ordinal) { [only.Name] = Fitting(file, entry.Name, only) };
        var missing = model.Inputs.Where(i => !file.Contains(i.Name)).Select(i => i.Name).ToArray();
        return missing.Length == 0
            ? model.Inputs.ToDictionary(i => i.Name, i => Fitting(file, i.Name, i), StringComparer.Ordinal)
            : throw new UserException($"{data} holds no array {Names(missing)}, but {Names(file.Entries.Select(e => e.Name))}. {Wanted(model)}");
    }

    // NumPy's numbers are 64 bits wide unless one says otherwise.
    private static Tensor Fitting(WeightFile file, string name, OnnxTensorInfo input)
    {
        var tensor = file.ReadTensor(name);
        var wanted = input.DType ?? tensor.DType;
        if (tensor.DType.IsFloatingPoint() && !wanted.IsFloatingPoint())
            throw new UserException($"{file.Source}: array '{name}' is {tensor.DType}, but the model takes {input}. Round it before, if that is meant.");
        return tensor.To(wanted);
    }

    /// <summary>A model of one input (samples, numbers) takes the columns of a table in their order; where its batch is fixed, that many rows at a time.</summary>
    private static Dictionary<string, Tensor> RunTable(OnnxModel model, OnnxPredictor predictor, string data)
    {
        var location = DataLocation.Find(data).AsTable();
        if (location.Form is not (DataForm.Table or DataForm.BuiltIn) || model.Inputs is not [var input] || input.Sizes is { Count: not 2 } || input.DType?.IsFloatingPoint() == false)
            throw new UserException($"{model.Source} is a model of another program, which does not say how '{data}' becomes its input. {Wanted(model)}");
        var table = location.Form == DataForm.BuiltIn ? BuiltInDatasets.Load(location.Path) : Table.Read(location.Path);
        if (table.Columns.FirstOrDefault(c => c.Kind != ColumnKind.Numeric || c.MissingCount > 0) is { } column)
            throw new UserException($"{data}: column '{column.Name}' holds {(column.Kind == ColumnKind.Numeric ? "missing values" : "texts")}, but the model takes {input}. Give the numbers that it was trained on, in the same order.");
        var numbers = new double[(long)table.RowCount * table.Columns.Count];
        for (var c = 0; c < table.Columns.Count; c++)
        {
            var values = table.Columns[c].Numbers;
            for (var r = 0; r < values.Length; r++)
                numbers[((long)r * table.Columns.Count) + c] = values[r];
        }
        var rows = Tensor.From(numbers, (table.RowCount, table.Columns.Count)).To(input.DType ?? DType.Float32);
        var batch = input.Sizes?[0].Size ?? rows.Shape[0];
        if (batch < 1 || rows.Shape[0] % batch != 0)
            throw new UserException($"{data} has {rows.Shape[0]} rows, but the model takes {batch} at a time. Give a multiple of {batch} rows.");
        var parts = Enumerable.Range(0, (int)(rows.Shape[0] / batch)).Select(i => predictor.Run(new Dictionary<string, Tensor> { [input.Name] = rows.Slice(0, i * (int)batch, (int)batch) })).ToArray();
        return parts[0].Keys.ToDictionary(name => name, name => parts.Length == 1 ? parts[0][name] : Tensor.Concat(0, [.. parts.Select(p => p[name])]), StringComparer.Ordinal);
    }

    private static string ToCsv(OnnxModel model, IReadOnlyDictionary<string, Tensor> outputs)
    {
        var rows = outputs.Values.First().Shape is { Rank: > 0 } first ? first[0] : -1;
        if (outputs.FirstOrDefault(o => o.Value.Rank is 0 or > 2 || o.Value.Shape[0] != rows) is { Value: { } other } misfit)
            throw new UserException($"{model.Source} gives '{misfit.Key}' of shape {other.Shape}, which does not make rows of a table. Write it to a file with --out results.npz, or print it with --json.");
        var text = new StringBuilder("row");
        foreach (var (name, tensor) in outputs)
        {
            for (var c = 0; c < Columns(tensor); c++)
                text.Append(',').Append(CsvText.Quote(Columns(tensor) == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}[{c}]")));
        }
        text.Append('\n');
        var values = outputs.Values.Select(o => (Columns: Columns(o), Numbers: Texts(o))).ToArray();
        for (var r = 0; r < rows; r++)
        {
            text.Append((r + 1).ToString(CultureInfo.InvariantCulture));
            foreach (var (columns, numbers) in values)
            {
                for (var c = 0; c < columns; c++)
                    text.Append(',').Append(numbers[((long)r * columns) + c]);
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static int Columns(Tensor tensor) => tensor.Rank == 2 ? tensor.Shape[1] : 1;

    private static JsonObject ToJson(IReadOnlyDictionary<string, Tensor> outputs)
    {
        var document = new JsonObject();
        foreach (var (name, tensor) in outputs)
        {
            var numbers = Values(tensor);
            var at = 0;
            document[name] = Nested(tensor.Shape, 0, () => numbers[at++]);
        }
        return document;
    }

    /// <summary>Every number as it is: as many digits as it takes to read it back.</summary>
    private static string[] Texts(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => Array.ConvertAll(tensor.ToArray<float>(), v => v.ToString("R", CultureInfo.InvariantCulture)),
        DType.Float64 => Array.ConvertAll(tensor.ToArray<double>(), v => v.ToString("R", CultureInfo.InvariantCulture)),
        DType.Bool => Array.ConvertAll(tensor.ToArray<bool>(), v => v ? "true" : "false"),
        _ => Array.ConvertAll(tensor.To(DType.Int64).ToArray<long>(), v => v.ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>The same for JSON, which has no NaN.</summary>
    private static JsonNode?[] Values(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => Array.ConvertAll(tensor.ToArray<float>(), v => float.IsFinite(v) ? (JsonNode?)JsonValue.Create(v) : null),
        DType.Float64 => Array.ConvertAll(tensor.ToArray<double>(), RunSummary.Finite),
        DType.Bool => Array.ConvertAll(tensor.ToArray<bool>(), v => (JsonNode?)JsonValue.Create(v)),
        _ => Array.ConvertAll(tensor.To(DType.Int64).ToArray<long>(), v => (JsonNode?)JsonValue.Create(v)),
    };

    private static JsonNode? Nested(Shape shape, int axis, Func<JsonNode?> next)
    {
        if (axis == shape.Rank)
            return next();
        var array = new JsonArray();
        for (var i = 0; i < shape[axis]; i++)
            array.Add(Nested(shape, axis + 1, next));
        return array;
    }

    private static string Wanted(OnnxModel model) =>
        $"It takes {string.Join(" and ", model.Inputs)}: give {(model.Inputs.Count == 1 ? "the array as .npy or .npz" : "arrays of these names as .npz")}, or go on training it with: {CommandLine.Name} train <data> --from {model.Source}";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(20).Select(n => $"'{FileContents.OneLine(n)}'"));
}
