using System.Globalization;
using System.IO.Compression;

namespace Glia.Data;

/// <summary>The data sets that come with Glia: classical tables and series, embedded, and synthetic tables and sequences, generated.</summary>
public static class BuiltInDatasets
{
    private const string Digits = "digits";
    private const int DigitSize = 8;
    private const byte DigitWhite = 16;

    private const string Uci = "UCI Machine Learning Repository, by way of scikit-learn";
    private const string CreativeCommons = "CC BY 4.0";
    private const string Generated = "generated from the seed";
    private const string NoLicence = "none needed";
    private const string Climate = "published by observatories; by way of the package datasets of R 4.2";
    private const string Facts = "facts; the package is GPL-2 or GPL-3";
    private const string LongMemory = $"S. Hochreiter, J. Schmidhuber, Long short-term memory, 1997; {Generated}";

    /// <summary>All data sets.</summary>
    public static IReadOnlyList<BuiltInDataset> All { get; } =
    [
        new()
        {
            Name = "iris", Rows = 150, Columns = 5, Target = "species", Task = TaskKind.Classification,
            Description = "Three species of iris by the sizes of sepals and petals.",
            Source = $"R. A. Fisher, 1936; {Uci}", Licence = CreativeCommons,
        },
        new()
        {
            Name = "wine", Rows = 178, Columns = 14, Target = "cultivar", Task = TaskKind.Classification,
            Description = "Three cultivars of wine by chemical analysis.",
            Source = $"M. Forina and others, 1988; {Uci}", Licence = CreativeCommons,
        },
        new()
        {
            Name = "breast-cancer", Rows = 569, Columns = 31, Target = "diagnosis", Task = TaskKind.Classification,
            Description = "Malignant or benign tumours by measurements of cell nuclei (Wisconsin, diagnostic).",
            Source = $"W. Wolberg, O. Mangasarian and others, 1995; {Uci}", Licence = CreativeCommons,
        },
        new()
        {
            Name = Digits, Rows = 1797, Columns = 65, Target = "digit", Task = TaskKind.Classification, Kind = DataKind.Images,
            Description = "Handwritten digits of 8 x 8 pixels from 0 to 16.",
            Source = $"E. Alpaydin, C. Kaynak, 1998; {Uci}", Licence = CreativeCommons,
        },
        new()
        {
            Name = "diabetes", Rows = 442, Columns = 11, Target = "progression", Task = TaskKind.Regression,
            Description = "Progression of diabetes after one year by age, sex, body mass, blood pressure and six serum values.",
            Source = "B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, 2004; by way of scikit-learn",
            Licence = "none stated separately; freely distributed with statistics software",
        },
        new()
        {
            Name = "two-clusters", Rows = 400, Columns = 3, Target = "class", Task = TaskKind.Classification,
            Description = "Two round clusters with a gap between them, which a line separates.",
            Source = Generated, Licence = NoLicence,
        },
        new()
        {
            Name = "xor", Rows = 400, Columns = 3, Target = "class", Task = TaskKind.Classification,
            Description = "Points of the plane: class 1 where the signs of x and y differ, which no line separates.",
            Source = Generated, Licence = NoLicence,
        },
        new()
        {
            Name = "spirals", Rows = 400, Columns = 3, Target = "class", Task = TaskKind.Classification,
            Description = "Two spirals wound around each other.",
            Source = Generated, Licence = NoLicence,
        },
        new()
        {
            Name = "two-moons", Rows = 400, Columns = 3, Target = "class", Task = TaskKind.Classification,
            Description = "Two half moons reaching into each other.",
            Source = Generated, Licence = NoLicence,
        },
        new()
        {
            Name = "sunspots", Rows = 3177, Columns = 3, Target = "value", Task = TaskKind.Regression, Kind = DataKind.Series,
            Description = "Monthly mean of relative sunspot numbers, January 1749 to September 2013.",
            Source = Climate, Licence = Facts,
        },
        new()
        {
            Name = "co2", Rows = 468, Columns = 3, Target = "value", Task = TaskKind.Regression, Kind = DataKind.Series,
            Description = "Carbon dioxide in the air at Mauna Loa in ppm, by month, 1959 to 1997.",
            Source = Climate, Licence = Facts,
        },
        new()
        {
            Name = "adding", Rows = 12_000, Columns = 2, Target = "sum", Task = TaskKind.Regression, Kind = DataKind.Sequences,
            Description = "100 numbers of which two are marked; their sum is wanted.",
            Source = LongMemory, Licence = NoLicence,
        },
        new()
        {
            Name = "copy", Rows = 12_000, Columns = 10, Target = "symbol", Task = TaskKind.Classification, Kind = DataKind.Sequences,
            Description = "Ten symbols, a pause of 30 steps, then they are to be repeated.",
            Source = LongMemory, Licence = NoLicence, Classes = ["0", "1", "2", "3", "4", "5", "6", "7", "blank"],
        },
        new()
        {
            Name = "temporal-order", Rows = 12_000, Columns = 8, Target = "order", Task = TaskKind.Classification, Kind = DataKind.Sequences,
            Description = "About 100 symbols with an X or a Y at two places; the order of the two is wanted.",
            Source = LongMemory, Licence = NoLicence, Classes = SequenceTasks.TemporalOrderClasses,
        },
        new()
        {
            Name = "moving-digits", Rows = 3000, Columns = 256, Target = "direction", Task = TaskKind.Classification, Kind = DataKind.Sequences,
            Description = "Videos of 8 frames of 16 x 16 pixels: a handwritten digit moves in one of eight directions.",
            Source = $"{Generated}, from digits", Licence = CreativeCommons, Classes = MovingDigits.Directions,
        },
    ];

    /// <summary>Finds a data set by name (case does not matter); null if there is none.</summary>
    public static BuiltInDataset? Find(string name) =>
        All.FirstOrDefault(dataset => string.Equals(dataset.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Loads a data set as a table.</summary>
    /// <param name="name">The name (case does not matter).</param>
    /// <param name="seed">The seed of a synthetic data set; others do not depend on it.</param>
    /// <exception cref="DataFormatException">There is no such data set; the message lists them and the nearest name.</exception>
    public static Table Load(string name, ulong seed = 0)
    {
        var dataset = Require(name);
        if (dataset.Kind == DataKind.Sequences)
            throw new DataFormatException(dataset.Name, "this data set holds sequences, which are no table; load it with LoadSequences.");
        return dataset.Name switch
        {
            "two-clusters" => SyntheticData.TwoClusters(dataset.Rows, seed),
            "xor" => SyntheticData.Xor(dataset.Rows, seed),
            "spirals" => SyntheticData.Spirals(dataset.Rows, seed),
            "two-moons" => SyntheticData.TwoMoons(dataset.Rows, seed),
            _ => CsvStream.Open(dataset.Name, () => OpenResource(dataset.Name), null).ReadAll(),
        };
    }

    /// <summary>Loads a data set as images: <c>digits</c>, 1 channel of 8 × 8 pixels, of which 16 becomes 1.</summary>
    /// <param name="name">The name (case does not matter).</param>
    /// <exception cref="DataFormatException">There is no such data set, or it has no images.</exception>
    public static ImageSet LoadImages(string name)
    {
        var dataset = Require(name);
        RequireKind(dataset, DataKind.Images, "images");

        var table = Load(dataset.Name);
        var labels = Array.ConvertAll(table[dataset.Target].Numbers.ToArray(), digit => (int)digit);
        var pixels = new byte[table.RowCount * DigitSize * DigitSize];
        for (var p = 0; p < DigitSize * DigitSize; p++)
        {
            var column = table.Columns[p].Numbers;
            for (var row = 0; row < column.Length; row++)
                pixels[row * DigitSize * DigitSize + p] = (byte)column[row];
        }

        string[] names = [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];
        return new ImageSet(pixels, labels, names, 1, DigitSize, DigitSize, DigitWhite);
    }

    /// <summary>Loads a data set of sequences: inputs (count, time, …), targets for each sequence or each time step.</summary>
    /// <param name="name">The name (case does not matter).</param>
    /// <param name="seed">The seed they are generated from.</param>
    /// <exception cref="DataFormatException">There is no such data set, or it has no sequences.</exception>
    public static TensorDataset LoadSequences(string name, ulong seed = 0)
    {
        var dataset = Require(name);
        RequireKind(dataset, DataKind.Sequences, "sequences");
        return dataset.Name switch
        {
            "adding" => SequenceTasks.Adding(dataset.Rows, seed: seed),
            "copy" => SequenceTasks.Copy(dataset.Rows, delay: 30, seed: seed),
            "temporal-order" => SequenceTasks.TemporalOrder(dataset.Rows, seed: seed),
            _ => MovingDigits.Create(dataset.Rows, seed: seed),
        };
    }

    private static void RequireKind(BuiltInDataset dataset, DataKind kind, string what)
    {
        if (dataset.Kind != kind)
            throw new DataFormatException(dataset.Name, $"this data set has no {what}; those that have: {string.Join(", ", All.Where(d => d.Kind == kind).Select(d => d.Name))}.");
    }

    private static BuiltInDataset Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name) ?? throw new DataFormatException(
            "built-in data", ClosestName.Explain("data set", "data sets", name, [.. All.Select(dataset => dataset.Name)]));
    }

    private static GZipStream OpenResource(string name) => new(
        typeof(BuiltInDatasets).Assembly.GetManifestResourceStream($"Glia.Data.{name}.csv.gz")
            ?? throw new InvalidOperationException($"The data set '{name}' is not embedded in the assembly."),
        CompressionMode.Decompress);
}
