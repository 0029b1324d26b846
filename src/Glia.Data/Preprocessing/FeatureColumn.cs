using System.Text.Json;

namespace Glia.Data;

/// <summary>How one column of a table becomes one or more features.</summary>
internal abstract class FeatureColumn(string name)
{
    public string Name => name;

    public abstract ColumnKind Kind { get; }

    public abstract IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Writes this column's features of every row, at <paramref name="offset"/> of every <paramref name="stride"/>.</summary>
    public abstract void Encode(Table table, Column column, Span<float> destination, int offset, int stride);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        WriteContent(writer);
        writer.WriteEndObject();
    }

    public static FeatureColumn Read(JsonNode node)
    {
        var name = node.Text("name");
        return node.Text("kind") switch
        {
            NumericFeature.KindName => new NumericFeature(name, node.Number("mean"), node.PositiveNumber("std"), node.Flag("missing")),
            CategoricalFeature.KindName => new CategoricalFeature(name, node.Texts("categories"), node.Flag("missing")),
            _ => throw node.Error("kind", $"'{NumericFeature.KindName}' or '{CategoricalFeature.KindName}'"),
        };
    }

    protected abstract void WriteContent(Utf8JsonWriter writer);
}

/// <summary>(x − mean) / std, 0 where missing; and a second feature, 1 where missing, if the training data had missing values.</summary>
internal sealed class NumericFeature(string name, double mean, double std, bool missing) : FeatureColumn(name)
{
    public const string KindName = "numeric";

    /// <summary>Mean and deviation of the training rows.</summary>
    public (double Mean, double Std) Scale => (mean, std);

    public override ColumnKind Kind => ColumnKind.Numeric;

    public override IReadOnlyList<string> FeatureNames => missing ? [Name, $"{Name} (missing)"] : [Name];

    public override void Encode(Table table, Column column, Span<float> destination, int offset, int stride)
    {
        var numbers = column.Kind == ColumnKind.Numeric ? column.Numbers : [];
        for (var row = 0; row < column.Count; row++)
        {
            var isMissing = column.IsMissing(row);
            if (!isMissing && numbers.IsEmpty)
                throw table.Error(row, Name, $"column '{Name}' held numbers in the training data, but here has '{column.GetText(row)}'.");

            var value = isMissing ? 0 : (float)((numbers[row] - mean) / std);
            if (!float.IsFinite(value))
            {
                throw table.Error(
                    row, Name, $"column '{Name}' has {column.GetText(row)}, which is out of all proportion to the training data.");
            }

            destination[row * stride + offset] = value;
            if (missing)
                destination[row * stride + offset + 1] = isMissing ? 1 : 0;
        }
    }

    protected override void WriteContent(Utf8JsonWriter writer)
    {
        writer.WriteString("kind", KindName);
        writer.WriteNumber("mean", mean);
        writer.WriteNumber("std", std);
        writer.WriteBoolean("missing", missing);
    }
}

/// <summary>
/// One feature per category of the training data, 1 for the row's own; "missing" is one more category if the training data had it.
/// </summary>
internal sealed class CategoricalFeature(string name, string[] categories, bool missing) : FeatureColumn(name)
{
    public const string KindName = "categorical";

    private readonly Dictionary<string, int> _indexOf =
        categories.Select((category, i) => (category, i)).ToDictionary(pair => pair.category, pair => pair.i, StringComparer.Ordinal);

    public override ColumnKind Kind => ColumnKind.Categorical;

    public override IReadOnlyList<string> FeatureNames
    {
        get
        {
            var names = categories.Select(category => $"{Name}={category}");
            return missing ? [.. names, $"{Name} (missing)"] : [.. names];
        }
    }

    public override void Encode(Table table, Column column, Span<float> destination, int offset, int stride)
    {
        var width = categories.Length + (missing ? 1 : 0);
        for (var row = 0; row < column.Count; row++)
        {
            var features = destination.Slice(row * stride + offset, width);
            features.Clear();
            if (column.GetText(row) is not { } text)
            {
                if (missing)
                    features[^1] = 1;
            }
            else if (_indexOf.TryGetValue(text, out var index))
            {
                features[index] = 1;
            }
        }
    }

    protected override void WriteContent(Utf8JsonWriter writer)
    {
        writer.WriteString("kind", KindName);
        writer.WriteStartArray("categories");
        foreach (var category in categories)
            writer.WriteStringValue(category);
        writer.WriteEndArray();
        writer.WriteBoolean("missing", missing);
    }
}
