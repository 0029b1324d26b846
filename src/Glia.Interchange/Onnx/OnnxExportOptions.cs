namespace Glia.Interchange;

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest version of ONNX's operators that is written, the first with LayerNormalization.</summary>
    public const int OldestOperatorSet = 17;

    /// <summary>The newest version of ONNX's operators that is written.</summary>
    public const int NewestOperatorSet = 22;

    /// <summary>The version of ONNX's operators; 17 by default, which every runtime of the last years knows. From 20 on, GELU is one operator.</summary>
    public int OperatorSet { get; init; } = OldestOperatorSet;

    /// <summary>The name of the only input; <c>input</c> by default.</summary>
    public string InputName { get; init; } = "input";

    /// <summary>The name of the only output; <c>output</c> by default.</summary>
    public string OutputName { get; init; } = "output";

    /// <summary>The name of the free size of the batch, <c>batch</c> by default; null for a fixed one, <see cref="FixedBatch"/>.</summary>
    public string? BatchName { get; init; } = "batch";

    /// <summary>The size of the batch where it is fixed; 1 by default.</summary>
    public int FixedBatch { get; init; } = 1;

    /// <summary>
    /// The name of the free number of steps, <c>sequence</c> by default; null for a fixed one. A model of one input gets it where its first axis is time (<see cref="Glia.Network.Sequence"/>) or may be,
    /// (time, features) or symbols, and where the model takes other lengths; else the number of steps is fixed.
    /// </summary>
    public string? SequenceName { get; init; } = "sequence";

    /// <summary>The name of the graph; <c>glia</c> by default.</summary>
    public string GraphName { get; init; } = "glia";

    /// <summary>Texts to be kept in the file (metadata_props).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether parameters and buffers that no operation uses are written all the same; false by default.</summary>
    public bool KeepUnused { get; init; }
}

/// <summary>One input of a model to be exported.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sample">The shape of one sample, without the batch.</param>
/// <param name="DType">What the computation takes; Float32 by default.</param>
public sealed record OnnxExportInput(string Name, Shape Sample, DType DType = DType.Float32)
{
    /// <summary>What the file takes, if that is another type, such as <see cref="OnnxElementType.UInt8"/> for the pixels of images; it is converted to <see cref="DType"/> first.</summary>
    public OnnxElementType? FileType { get; init; }

    /// <summary>The name of the free size of the first axis of a sample; null, the default, for a fixed one. Inputs with the same name have the same size.</summary>
    public string? SequenceName { get; init; }

    /// <summary>For whole numbers: what they are below, such as the number of symbols; 2 by default, which any table of two rows takes.</summary>
    public int Below { get; init; } = 2;
}
