using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glia.Cli.Commands;
using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>From what the user named to a problem ready for training.</summary>
internal static class ProblemLoader
{
    /// <summary>CSV files larger than this are not held in memory as a table, but encoded into a file and read from there.</summary>
    public const long StreamingBytes = 512L << 20;

    public static Problem Load(TrainOptions options)
    {
        var (data, target, seed) = (options.Data, options.Target, options.Seed);
        var location = DataLocation.Find(data);
        switch (location.Form)
        {
            case DataForm.ImageFile:
                throw new UserException($"{data}: this is one image. Training needs a folder with one sub-folder of images per class.");
            case DataForm.Folder when target is not null:
                throw new UserException($"{data}: --target names a column of a table, but this is a folder of images, whose classes are its sub-folders or labels. Leave it out.");
            case DataForm.Folder:
                return ImageProblem.Create(ImageProblem.Open(location.Path), location.Name, SourceOf(location, null, seed, 0));
            case DataForm.BuiltIn when BuiltInDatasets.Find(location.Path)! is { Kind: DataKind.Images } && target is null:
                return ImageProblem.Create(
                    new ImageData(BuiltInDatasets.LoadImages(location.Path), null, null), location.Name, SourceOf(location, null, seed, 0));
            case DataForm.Csv when new FileInfo(location.Path).Length > options.StreamingBytes:
                return CreateStreamed(location, target, seed);
            default:
                var table = ReadTable(location);
                var column = RequireTarget(target ?? BuiltInTarget(location), location, [.. table.Columns.Select(c => c.Name)]);
                return TableProblem.Create(table, location.Name, SourceOf(location, column, seed, table.RowCount));
        }
    }

    /// <summary>Reads a table for a trained model, each column as the kind that it was in training.</summary>
    public static Table ReadTable(DataLocation location, Preprocessing model)
    {
        if (location.Form == DataForm.BuiltIn)
            return BuiltInDatasets.Load(location.Path);
        return Table.ReadCsv(location.Path, OptionsFor(model));
    }

    /// <summary>Opens a CSV file piece by piece for a trained model, each column as the kind that it was in training.</summary>
    public static CsvStream OpenCsv(DataLocation location, Preprocessing model) => CsvStream.Open(location.Path, OptionsFor(model));

    private static CsvOptions OptionsFor(Preprocessing model) => new()
    {
        Kinds = new Dictionary<string, ColumnKind>(model.Features!.ColumnKinds, StringComparer.Ordinal)
        {
            [model.Target!.ColumnName] = model.Target.ColumnKind,
        },
    };

    private static Table ReadTable(DataLocation location) => location.Form == DataForm.BuiltIn
        ? BuiltInDatasets.Load(location.Path)
        : Table.ReadCsv(location.Path);

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
        var stream = CsvStream.Open(location.Path);
        return StreamedProblem.Create(stream, location.Name, SourceOf(location, RequireTarget(target, location, stream.ColumnNames), seed, stream.RowCount));
    }

    private static string HashFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
