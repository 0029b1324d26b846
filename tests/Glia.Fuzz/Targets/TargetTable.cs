using System.IO.Compression;
using System.Text;
using Glia.Cli;
using Glia.Cli.Runs;
using Glia.Cli.Tuning;
using Glia.Data;
using Glia.Training.Diagnostics;
using Glia.Interchange;
using Glia.Training;

namespace Glia.Fuzz;

/// <summary>All readers of files from elsewhere.</summary>
internal static class TargetTable
{
    private const int RowsPerPiece = 256;
    private const int MostPieces = 40;
    private const int SmallPicture = 4096;
    private const int OneOfLarge = 256;

    /// <summary>A compressed byte may rightly become 1100, in memory that grows as they come.</summary>
    private const int Compressed = 2400;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("safetensors", (bytes, _) => ReadAll(SafetensorsFile.Read(bytes)), typeof(SafetensorsException))
        {
            NeedsFile = false,
            Structure = FramedStructure.Safetensors,
            Tokens = Words("\"dtype\":\"F32\"", "BF16", "F64", "I64", "BOOL", "F8_E4M3", "\"shape\":[", "\"data_offsets\":[0,4]", "__metadata__", "{\"", "\":", "[]", "9223372036854775807", "-1", "1e9", "\\u0000", "\\ud800"),
        },
        new("model", (_, path) => ModelFile.Load(path), typeof(FormatException))
        {
            Structure = new MetadataStructure(),
            Seeds = ModelSeeds.Networks,
            Tokens = Words("Dense", "Conv2D", "LSTM", "\"type\"", "\"units\"", "\"kernel\"", "\"input\":[", "\"layers\":[", "1000000", "2147483647", "-1", "0", "true", "null", "\\\"", "},{", "[[", "]]", "\\ud800"),
        },
        new("checkpoint", (_, path) => Checkpoint.Load(path), typeof(CheckpointException)) { Structure = FramedStructure.Checkpoint, Tokens = Words("glia.checkpoint", "\"1\"", "F32", "[1]", "data_offsets") },
        new("shards", (bytes, _) => RunFolderInput.Read("model.safetensors.index.json", bytes, folder => ReadShards(folder)), typeof(WeightFileException), typeof(OnnxException)) { NeedsFile = false, Tokens = [.. Json, .. Words("weight_map", "metadata", "total_size", "../", "doctor.json")] },
        new("weights", (bytes, _) => ReadAll(WeightFile.Read(bytes)), typeof(WeightFileException), typeof(OnnxException)) { NeedsFile = false, Seeds = ModelSeeds.Weights },
        new("numpy", (bytes, _) => ReadAll(NumpyFile.Read(bytes)), typeof(WeightFileException))
        {
            NeedsFile = false,
            Structure = new ZipStructure(CompressionLevel.Fastest),
            Tokens = Words("'descr': '<f4'", "'fortran_order': True", "'shape': (2, 3), ", "|O", ">i8", "|b1", "<f2", "<c16", "<U4", "(", ",)", "()", "99999999999", "\u0093NUMPY"),
        },
        new("pytorch", (bytes, _) => ReadAll(PyTorchFile.Read(bytes)), typeof(WeightFileException))
        {
            NeedsFile = false,
            Structure = new ZipStructure(CompressionLevel.NoCompression),
            Tokens = [.. Words("ctorch._utils\n_rebuild_tensor_v2\n", "ccollections\nOrderedDict\n", "storage", "FloatStorage", "cpu", "(", "t", "R", "Q", ".", "}", "]", ")", "0", "2", "e", "a", "s", "u"), .. Pickles],
        },
        new("onnx", (bytes, _) => new OnnxPredictor(OnnxModel.Read(bytes).ToModule()), typeof(OnnxException))
        {
            NeedsFile = false,
            Structure = new ProtobufStructure(),
            Seeds = ModelSeeds.Onnx,
            Tokens = Words("Gemm", "Conv", "Relu", "If", "Loop", "Constant", "Reshape", "value", "axis", "kernel_shape", "strides", "pads", "auto_pad", "x", "y"),
        },
        new("idx", (_, path) => IdxFile.Read(path), typeof(DataFormatException)) { Structure = new GZipStructure(), Seeds = DataSeeds.Idx },
        new("csv", (_, path) => Table.Read(path), typeof(DataFormatException))
        {
            Extension = ".csv",
            Seeds = DataSeeds.Csv,
            Tokens = Words(",", ";", "\t", "|", "\"", "\"\"", "\r\n", "\n", "NA", "nan", "inf", "-1e308", "1e400", "0x1F", ",,,,", "\uFEFF", "é", "\"\n\""),
        },
        new("parquet", (_, path) => ReadPieces(path), typeof(DataFormatException)) { Extension = ".parquet", AllowedBytesPerByte = Compressed, Structure = FramedStructure.Parquet, Tokens = Words("PAR1", "PARE") },
        new("arrow", (_, path) => ReadPieces(path), typeof(DataFormatException)) { Extension = ".arrow", AllowedBytesPerByte = Compressed, Tokens = Words("ARROW1", "FEA1", "\u00FF\u00FF\u00FF\u00FF") },
        Image("png", new PngStructure(), 0),
        Image("jpeg", null, 1),
        Image("bmp", null, 2),
        new("text", (_, path) => TextFile.Read(path), typeof(DataFormatException)) { Seeds = () => Words("A text.\r\nIn two lines.\n", "é ü 漢字 \U0001F600\n") },
        new("encoders", (bytes, _) => ReadEncoders(Encoding.UTF8.GetString(bytes)), typeof(DataFormatException)) { NeedsFile = false, Seeds = DataSeeds.Encoders, Tokens = Json },
        new("record", (bytes, _) => RunRecord.FromJson(Encoding.UTF8.GetString(bytes)), typeof(FormatException)) { NeedsFile = false, Tokens = Json },
        new("summary", (bytes, _) => RunFolderInput.Read("summary.json", bytes, folder => SavedRun.Open(folder)), typeof(UserException)) { NeedsFile = false, Tokens = Json },
        new("manifest", (bytes, _) => RunFolderInput.Read("run.json", bytes, RunManifest.Read), typeof(UserException)) { NeedsFile = false, Tokens = Json },
        new("search", (_, path) => SearchFile.Read(path), typeof(UserException))
        {
            Extension = ".yaml",
            Tokens = Words("data: ", "parameters:\n", "options:\n", "method: asha\n", "[", "]", "{ from: ", "to: ", "scale: log", "*a", "&a", "!!", "--- ", "? ", "- ", ": ", "|\n", "#", "'", "\"", "[[[[", "{a: {a: "),
        },
    ];

    private static IReadOnlyList<byte[]> Json => Words("{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1", "1e999", "0.5", "\"format\"", "\"version\"", "\\u0000", "\\ud800", "[[[[[[[[", "9223372036854775808");

    /// <summary>Instructions of pickles: memo, numbers and lengths of every size.</summary>
    private static IReadOnlyList<byte[]> Pickles => [[0x80, 2], [0x80, 4], [0x8A, 1, 5], [0x88], [0x89], [0x85], [0x86], [0x87], [0x93], [0x94], [0x95, 8, 0, 0, 0, 0, 0, 0, 0], [(byte)'q', 0], [(byte)'h', 0], [(byte)'K', 1], [(byte)'M', 255, 255], [(byte)'J', 255, 255, 255, 127], [(byte)'X', 4, 0, 0, 0]];

    private static byte[][] Words(params string[] words) => [.. words.Select(w => w.Any(c => c is >= '\u0080' and <= '\u00FF') && !w.Contains('é', StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(w) : Encoding.UTF8.GetBytes(w))];

    // Few bytes may rightly be many pixels; how many each format allows for a byte is checked before they are decoded.
    private static FuzzTarget Image(string name, IStructure? structure, int seeds) => new(name, ReadImage, typeof(DataFormatException))
    {
        Extension = "." + name,
        Structure = structure,
        Seeds = () => DataSeeds.Images(seeds),
        AllowedBytes = 32 << 20,
        AllowedBytesPerByte = 24 << 10,
        Tokens = [[0xFF, 0xD8], [0xFF, 0xC0], [0xFF, 0xC2], [0xFF, 0xC4], [0xFF, 0xDB], [0xFF, 0xDA], [0xFF, 0xDD], [0xFF, 0xD9], .. Words("IHDR", "IDAT", "PLTE", "tRNS", "IEND", "CgBI")],
    };

    // Large pictures take their time; one of some that claim to be large is enough.
    private static void ReadImage(byte[] bytes, string path)
    {
        var (height, width, _) = ImageFile.ReadHeader(path);
        if ((long)height * width <= SmallPicture || (Checksums.Crc32(bytes) & (OneOfLarge - 1)) == 0)
            ImageFile.Load(path);
    }

    private static void ReadAll(WeightFile file)
    {
        using (file)
        {
            foreach (var entry in file.Entries)
                file.ReadBytes(entry.Name);
        }
    }

    private static string ReadShards(string folder)
    {
        ReadAll(WeightFile.Open(Path.Combine(folder, "model.safetensors.index.json")));
        return folder;
    }

    // A few bytes may rightly stand for any number of rows, of which only some are read.
    private static void ReadPieces(string path)
    {
        foreach (var piece in TableStream.Open(path).ReadChunks(RowsPerPiece).Take(MostPieces))
            _ = piece.RowCount;
    }

    private static void ReadEncoders(string json)
    {
        if (json.Contains("table", StringComparison.Ordinal))
            TableEncoder.FromJson(json);
        else if (json.Contains("target", StringComparison.Ordinal))
            TargetEncoder.FromJson(json);
        else if (json.Contains("series", StringComparison.Ordinal))
            SeriesEncoder.FromJson(json);
        else if (json.Contains("image", StringComparison.Ordinal))
            ImagePreprocessing.FromJson(json);
        else
            Vocabulary.FromJson(json);
    }
}
