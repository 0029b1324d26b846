using Glia.Layers;

namespace Glia.Interchange;

/// <summary>Weights of files into models, and of models into files.</summary>
public static class ModuleWeights
{
    private const string NpzExtension = ".npz";
    private const string SafetensorsExtension = ".safetensors";

    /// <summary>Loads weights from a file of any format that <see cref="WeightFile.Open"/> knows. When anything is refused, the model is as it was.</summary>
    /// <param name="module">The model, or a part of one.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Names that differ, and what may be missing; by default all names and shapes must fit.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="WeightFileException">Names or shapes do not fit, all of which are listed; or the file is damaged.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static WeightLoadResult LoadWeights(this Module module, string path, WeightLoadOptions? options = null)
    {
        using var file = WeightFile.Open(path);
        return module.LoadWeights(file, options);
    }

    /// <summary>Loads weights from an open file.</summary>
    /// <inheritdoc cref="LoadWeights(Module, string, WeightLoadOptions)"/>
    /// <param name="module">The model, or a part of one.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">Names that differ, and what may be missing; by default all names and shapes must fit.</param>
    public static WeightLoadResult LoadWeights(this Module module, WeightFile file, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(file);
        return new WeightLoading(file, options ?? new()).Into(module.StateDict());
    }

    /// <summary>Writes the parameters and buffers of a model to a <c>.safetensors</c> or <c>.npz</c> file, whichever the name says, without its architecture.</summary>
    /// <param name="module">The model, or a part of one.</param>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="names">
    /// Whose names and layouts to write: Glia's by default; PyTorch's for <c>load_state_dict</c> there, where a recurrent layer has two biases, of which the second is written as
    /// zeros, and batch normalisation counts its batches.
    /// </param>
    /// <exception cref="ArgumentException">The name ends in neither.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveWeights(this Module module, string path, WeightNames names = WeightNames.AsWritten)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var noGrad = Gradients.NoGrad();
        Save(names == WeightNames.PyTorch ? PyTorchState.Of(module.StateDict()) : module.StateDict(), path);
    }

    /// <summary>Writes tensors to a <c>.safetensors</c> or <c>.npz</c> file, whichever the name says.</summary>
    /// <param name="state">The tensors by name.</param>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name ends in neither.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(IReadOnlyDictionary<string, Tensor> state, string path)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (IsNpz(path))
        {
            var npz = new NpzWriter();
            foreach (var (name, tensor) in state)
                npz.Add(name, tensor);
            npz.Save(path);
            return;
        }
        var safetensors = new SafetensorsWriter();
        foreach (var (name, tensor) in state)
            safetensors.Add(name, tensor);
        safetensors.Save(path);
    }

    /// <summary>
    /// Writes all tensors of a file to a <c>.safetensors</c> or <c>.npz</c> file. Types stay as they are, but for BF16, which becomes Float32 in an <c>.npz</c> file; sums of biases are of Float32
    /// or Float64, and whole numbers whose axes are turned of Int32 or Int64.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="options">Part, names and map; without options all of the file under its own names.</param>
    /// <returns>The names that were written, and those of the file that each comes from.</returns>
    /// <exception cref="ArgumentException">The name ends in neither.</exception>
    /// <exception cref="WeightFileException">The file is damaged, or two tensors would have one name.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Sources)> Convert(this WeightFile file, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var isNpz = IsNpz(path);
        var (npz, safetensors) = (new NpzWriter(), new SafetensorsWriter());
        var sources = new WeightLoading(file, options ?? new() { Part = "", Names = WeightNames.AsWritten }).Sources();
        try
        {
            foreach (var source in sources)
            {
                var dtype = isNpz && source.DType == SafetensorsDType.BF16 ? SafetensorsDType.F32 : source.DType;
                long[] shape = [.. source.Shape.Sizes.ToArray().Select(s => (long)s)];
                if (isNpz)
                    npz.Add(source.Name, dtype, shape, stream => Write(file, source, dtype, stream));
                else
                    safetensors.Add(source.Name, dtype, shape, stream => Write(file, source, dtype, stream));
            }
        }
        catch (ArgumentException cause)
        {
            throw file.Error(cause.Message, cause);
        }
        if (isNpz)
            npz.Save(path);
        else
            safetensors.Save(path);
        return [.. sources.Select(s => (s.Name, s.Origins))];
    }

    /// <summary>Whether <see cref="Save"/> and <see cref="Convert"/> know what to write by a file's name.</summary>
    /// <param name="path">The file.</param>
    public static bool CanWrite(string path) => HasExtension(path, NpzExtension) || HasExtension(path, SafetensorsExtension);

    /// <summary>Copies the bytes of what stays as it is; the rest is read.</summary>
    private static void Write(WeightFile file, WeightSource source, SafetensorsDType dtype, Stream stream)
    {
        if (source.Entry is { } entry && entry.DType == dtype)
            file.CopyBytes(entry, stream);
        else
            WeightConvert.Write(stream, source.Read(), dtype);
    }

    private static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static bool IsNpz(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CanWrite(path)
            ? HasExtension(path, NpzExtension)
            : throw new ArgumentException($"'{path}' ends in neither {SafetensorsExtension} nor {NpzExtension}, so the format is not known. Choose a name that does.", nameof(path));
    }
}
