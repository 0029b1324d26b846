using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glia.Cli.Commands;
using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>From what the user named to a problem ready for training.</summary>
internal static class ProblemLoader
{
    /// <summary>Tables larger than this, in their file or in memory, are not held in memory as a table, but encoded into a file and read from there.</summary>
    public const long StreamingBytes = 512L << 20;

    public static Problem Load(TrainOptions options)
    {
        var (data, target, seed) = (options.Data, options.Target, options.Seed);
        var location = DataLocation.Find(data);
        var kind = KindOf(location, options);
        RequireMeaning(kind, options);
        switch (kind)
        {
            case ProblemKind.Text:
                return TextProblem.Create(location, SourceOf(location, null, seed, 0), options);
            case ProblemKind.Series:
                location = location.AsTable();
                var name = options.Series ?? BuiltInTarget(location) ?? throw new UserException(
                    $"{data}: which column is the series? Name it with --series. Columns: {ClosestName.List([.. ReadTable(location).Columns.Select(c => c.Name)])}.");
                return SeriesProblem.Create(location, name, SourceOf(location, name, seed, 0), options);
            case ProblemKind.Sequences:
                return SequenceProblem.Create(location.Path, SourceOf(location, null, seed, 0));
            case ProblemKind.Images when location.Form == DataForm.BuiltIn:
                return ImageProblem.Create(new ImageData(BuiltInDatasets.LoadImages(location.Path), null, null), location.Name, SourceOf(location, null, seed, 0));
            case ProblemKind.Images:
                return ImageProblem.Create(ImageProblem.Open(location.Path), location.Name, SourceOf(location, null, seed, 0));
        }
        location = location.AsTable();
        if (location.Form == DataForm.Table && TableStream.IsLarger(location.Path, options.StreamingBytes))
            return CreateStreamed(location, target, seed);
        var table = ReadTable(location);
        var column = RequireTarget(target ?? BuiltInTarget(location), location, [.. table.Columns.Select(c => c.Name)]);
        return TableProblem.Create(table, location.Name, SourceOf(location, column, seed, table.RowCount));
    }

    /// <summary>A table small enough to be held in memory; null for anything else.</summary>
    public static Table? TryReadTable(DataLocation location, long streamingBytes)
    {
        location = location.AsTable();
        return location.Form == DataForm.BuiltIn || (location.Form == DataForm.Table && !TableStream.IsLarger(location.Path, streamingBytes)) ? ReadTable(location) : null;
    }

    /// <summary>What the data are: the file tells, and what the user asks for tells the rest.</summary>
    private static ProblemKind KindOf(DataLocation location, TrainOptions options)
    {
        switch (location.Form)
        {
            case DataForm.ImageFile:
                throw new UserException($"{options.Data}: this is one image. Training needs a folder with one sub-folder of images per class.");
            case DataForm.Folder when options.Target is not null:
                throw new UserException($"{options.Data}: --target names a column of a table, but this is a folder of images, whose classes are its sub-folders or labels. Leave it out.");
            case DataForm.Folder:
                return ProblemKind.Images;
        }
        var set = location.Form == DataForm.BuiltIn ? BuiltInDatasets.Find(location.Path) : null;
        if (set?.Kind == DataKind.Sequences)
            return ProblemKind.Sequences;
        if (options.Series is not null)
            return ProblemKind.Series;
        if (options.Target is not null)
            return ProblemKind.Table;
        if (location.Form == DataForm.Text)
            return ProblemKind.Text;
        var asksForSeries = options.Family is FamilyKind.Rnn or FamilyKind.Lstm or FamilyKind.Gru || options.Horizon is not null || options.Lookback is not null || options.Season is not null;
        return set?.Kind switch
        {
            DataKind.Images => ProblemKind.Images,
            DataKind.Series => ProblemKind.Series,
            null when asksForSeries => ProblemKind.Series,
            _ => ProblemKind.Table,
        };
    }

    private static void RequireMeaning(ProblemKind kind, TrainOptions options)
    {
        (string Name, bool IsGiven, ProblemKind For)[] special =
        [
            ("--target", options.Target is not null, ProblemKind.Table), ("--window", options.Window is not null, ProblemKind.Text),
            ("--series", options.Series is not null, ProblemKind.Series), ("--horizon", options.Horizon is not null, ProblemKind.Series),
            ("--lookback", options.Lookback is not null, ProblemKind.Series), ("--season", options.Season is not null, ProblemKind.Series),
        ];
        foreach (var (name, isGiven, wanted) in special)
        {
            if (isGiven && wanted != kind)
                throw new UserException($"{options.Data}: {name} is for {Families.What(wanted)}, but {Families.ThisIs(kind)}. Leave it out.");
        }
    }

    /// <summary>Reads a table for a trained model, each column as the kind that it was in training.</summary>
    public static Table ReadTable(DataLocation location, TablePreparation model)
    {
        if (location.Form == DataForm.BuiltIn)
            return BuiltInDatasets.Load(location.Path);
        return Table.Read(location.Path, OptionsFor(model));
    }

    /// <summary>Opens a table piece by piece for a trained model, each column as the kind that it was in training.</summary>
    public static TableStream OpenTable(DataLocation location, TablePreparation model) => TableStream.Open(location.Path, OptionsFor(model));

    private static CsvOptions OptionsFor(TablePreparation model) => new()
    {
        Kinds = new Dictionary<string, ColumnKind>(model.Features.ColumnKinds, StringComparer.Ordinal)
        {
            [model.Target.ColumnName] = model.Target.ColumnKind,
        },
    };

    private static Table ReadTable(DataLocation location) => location.Form == DataForm.BuiltIn
        ? BuiltInDatasets.Load(location.Path)
        : Table.Read(location.Path);

    /// <summary>What identifies the data: its content for a file, names and sizes of the files for a folder.</summary>
    public static DataSource SourceOf(DataLocation location, string? target, ulong seed, long rows)
    {
        var hash = location.Form switch
        {
            DataForm.BuiltIn => "built-in:" + location.Path,
            DataForm.Folder => Hash(Encoding.UTF8.GetBytes(string.Join('\n', Directory
                .EnumerateFiles(location.Path, "*", SearchOption.AllDirectories)
                .Select(f => string.Create(CultureInfo.InvariantCulture, $"{System.IO.Path.GetRelativePath(location.Path, f)} {new FileInfo(f).Length}"))
                .Order(StringComparer.Ordinal)))),
            _ => HashFile(location.Path),
        };
        return new DataSource(location.Path, target, rows, hash, seed);
    }

    private static string? BuiltInTarget(DataLocation location) => location.Form == DataForm.BuiltIn ? BuiltInDatasets.Find(location.Path)!.Target : null;

    private static string RequireTarget(string? target, DataLocation location, IReadOnlyList<string> columns) => target ?? throw new UserException(
        $"{location.Path}: which column is to be predicted? Name it with --target. Columns: {ClosestName.List(columns)}.");

    private static Problem CreateStreamed(DataLocation location, string? target, ulong seed)
    {
        var stream = TableStream.Open(location.Path);
        return StreamedProblem.Create(stream, location.Name, SourceOf(location, RequireTarget(target, location, stream.ColumnNames), seed, stream.RowCount));
    }

    private static string HashFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
