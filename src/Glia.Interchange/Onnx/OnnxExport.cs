using Glia.Interchange.Onnx.Export;
using Glia.Interchange.Onnx.Proto;
using Glia.Interchange.Protobuf;
using Glia.Layers;

namespace Glia.Interchange;

/// <summary>
/// A model of Glia's as an ONNX file, for ONNX Runtime and all else that reads the format:
/// <code>
/// OnnxExport.Of(network).Save("model.onnx");
/// OnnxExport.Of(myModule, sample: (3, 32, 32)).Save("model.onnx");
/// </code>
/// The operations of a forward pass for inference are traced as they run, whatever the model is made of, and written as operators: layers of the catalogue as well as modules of your own. The pass
/// runs for several sizes of batch and sequence, so that these are free in the file. What ONNX has no words for, or what a program does with numbers it reads, is refused, all of it in one message, before
/// anything is written.
/// </summary>
public sealed class OnnxExport
{
    private readonly ModelProto _model;

    private OnnxExport(ModelProto model, IReadOnlyList<string> notes)
    {
        _model = model;
        Notes = notes;
    }

    /// <summary>What is less free than was asked for, such as a number of steps that is fixed, and why.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>A network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Names, version of the operators, free sizes.</param>
    /// <exception cref="OnnxException">Something cannot be said in ONNX; all of it is listed, by layer.</exception>
    public static OnnxExport Of(SequentialNetwork network, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network, network.InputShape, null, options);
    }

    /// <summary>A model file: the network, with the texts and all that is needed to read the model back with <see cref="ModelFile.Load"/>, the same to the last bit.</summary>
    /// <param name="file">The model file.</param>
    /// <param name="options">Names, version of the operators, free sizes.</param>
    /// <exception cref="OnnxException">Something cannot be said in ONNX; all of it is listed, by layer.</exception>
    public static OnnxExport Of(ModelFile file, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Of(file.Network, file.WithTexts(options ?? new()));
    }

    /// <summary>A model file with a computation around its network, such as the preprocessing; read back, it is the model file again.</summary>
    /// <param name="file">The model file.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="compute">From the inputs, batches of samples, to the outputs.</param>
    /// <param name="outputs">The names of the outputs.</param>
    /// <param name="options">Version of the operators, name of the batch, texts.</param>
    /// <exception cref="OnnxException">Something cannot be said in ONNX; all of it is listed, by layer.</exception>
    public static OnnxExport Of(
        ModelFile file, IReadOnlyList<OnnxExportInput> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute, IReadOnlyList<string> outputs, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Of(file.Network, inputs, compute, outputs, file.WithTexts(options ?? new()));
    }

    /// <summary>Any module of one input and one output.</summary>
    /// <param name="module">The module.</param>
    /// <param name="sample">The shape of one sample, without the batch.</param>
    /// <param name="dtype">What it takes; by default the type of its parameters, or whole numbers where it asks for them.</param>
    /// <param name="options">Names, version of the operators, free sizes.</param>
    /// <exception cref="OnnxException">Something cannot be said in ONNX; all of it is listed, by layer.</exception>
    public static OnnxExport Of(Module module, Shape sample, DType? dtype = null, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        options ??= new();
        ModelExport.RequireStateless(module);
        var type = dtype ?? InputTypes.Of(module, sample);
        var input = new OnnxExportInput(options.InputName, sample, type)
        {
            SequenceName = options.SequenceName is { } name && InputTypes.MayBeSequence(module, sample, type) ? name : null,
        };
        return Of(module, [input], x => [module.Forward(x[0], ForwardContext.Inference)], [options.OutputName], options);
    }

    /// <summary>A computation of several inputs and outputs, such as an encoder with a decoder, or a recurrent layer with its state.</summary>
    /// <param name="module">The module whose parameters it uses, under their full names.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="compute">From the inputs, batches of samples, to the outputs.</param>
    /// <param name="outputs">The names of the outputs.</param>
    /// <param name="options">Version of the operators, name of the batch, texts.</param>
    /// <exception cref="OnnxException">Something cannot be said in ONNX; all of it is listed, by layer.</exception>
    public static OnnxExport Of(
        Module module, IReadOnlyList<OnnxExportInput> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute, IReadOnlyList<string> outputs, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(outputs);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OperatorSet, OnnxExportOptions.OldestOperatorSet, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.OperatorSet, OnnxExportOptions.NewestOperatorSet, nameof(options));
        ModelExport.RequireStateless(module);
        ModelExport.RequireNames(module, inputs, outputs);
        var notes = new List<string>();
        return new(ModelExport.Write(module, inputs, compute, outputs, options, notes), notes);
    }

    /// <summary>Writes the file; a file of that name is replaced only when the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var writer = Written();
        AtomicFile.Write(path, stream => stream.Write(writer.Written));
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToArray() => Written().Written.ToArray();

    /// <summary>The file as it would be read.</summary>
    public OnnxModel ToModel() => OnnxModel.Read(ToArray(), "the exported model");

    private ProtoWriter Written()
    {
        var writer = new ProtoWriter();
        _model.Write(writer);
        return writer;
    }
}
