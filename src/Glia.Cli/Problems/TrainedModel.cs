using Glia.Cli.Runs;
using Glia.Interchange;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>A model file as the program uses it: network and preprocessing.</summary>
internal sealed record TrainedModel(string Path, SequentialNetwork Network, Preparation Preparation)
{
    /// <summary>Whether the model is a perceptron, whose one output decides by its sign.</summary>
    public bool DecidesBySign => SignDecision.Applies(Network, Preparation);

    /// <summary>Loads a model from its file or from the folder of its run.</summary>
    public static TrainedModel Load(string path)
    {
        var file = FindFile(path);
        return Of(file, ModelFile.Load(file));
    }

    /// <summary>A model that has been read from a file.</summary>
    public static TrainedModel Of(string file, ModelFile model) => new(file, model.Network, Preparation.FromModel(model, file));

    public static string FindFile(string path)
    {
        if (Directory.Exists(path))
        {
            var inside = System.IO.Path.Combine(path, RunFolder.ModelName);
            if (RunManifest.IsUnfinished(path))
                throw RunManifest.Unfinished(path);
            return File.Exists(inside) ? inside : throw new UserException($"The folder '{path}' holds no {RunFolder.ModelName}. Give a run folder made by 'glia train', or a model file.");
        }
        return File.Exists(path) ? path : throw new UserException($"There is no model '{path}'. Give a run folder made by 'glia train', or a model file.");
    }
}
