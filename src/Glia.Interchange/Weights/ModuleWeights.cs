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

    /// <summary>Writes all tensors of a file to a <c>.safetensors</c> or <c>.npz</c> file; types stay as they are, but for BF16, which becomes Float32 in an <c>.npz</c> file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="options">Part and names; by default all of the file under its own names.</param>
    /// <returns>The names that were written, and those of the file that each comes from.</returns>
    /// <exception cref="ArgumentException">The name ends in neither.</exception>
    /// <exception cref="WeightFileException">The file is damaged, or two tensors would have one name.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static IReadOnlyList<(string Name, string Source)> Convert(this WeightFile file, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var isNpz = IsNpz(path);
        var (npz, safetensors) = (new NpzWriter(), new SafetensorsWriter());
        var names = new WeightLoading(file, options ?? new() { Part = "", Names = WeightNames.AsWritten }).Names();
        try
        {
            foreach (var (name, source) in names)
            {
                var entry = file.Entry(source);
                if (isNpz && entry.DType == SafetensorsDType.BF16)
                    npz.Add(name, SafetensorsDType.F32, entry.Shape, stream => stream.Write(SafetensorsTensors.BytesOf(file.ReadTensor(source))));
                else if (isNpz)
                    npz.Add(name, entry.DType, entry.Shape, stream => file.CopyBytes(entry, stream));
                else
                    safetensors.Add(name, entry.DType, entry.Shape, stream => file.CopyBytes(entry, stream));
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
        return names;
    }

    /// <summary>Whether <see cref="Save"/> and <see cref="Convert"/> know what to write by a file's name.</summary>
    /// <param name="path">The file.</param>
    public static bool CanWrite(string path) => HasExtension(path, NpzExtension) || HasExtension(path, SafetensorsExtension);

    private static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static bool IsNpz(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CanWrite(path)
            ? HasExtension(path, NpzExtension)
            : throw new ArgumentException($"'{path}' ends in neither {SafetensorsExtension} nor {NpzExtension}, so the format is not known. Choose a name that does.", nameof(path));
    }
}
