namespace Glia.Interchange;

/// <summary>What became of the tensors of a file and the parameters of a model.</summary>
/// <param name="Loaded">The parameters that were loaded: the model's name, and the names of the file that it was made of.</param>
/// <param name="Missing">The model's names that the file lacks; they keep their values.</param>
/// <param name="Unexpected">The names of the file that the model does not have.</param>
/// <param name="Misshapen">The model's names whose shape differs, with both shapes; they keep their values.</param>
/// <param name="LeftOut">The names of the file that no model needs, or that a rule of the map leaves out.</param>
public sealed record WeightLoadResult(
    IReadOnlyList<(string Name, IReadOnlyList<string> Sources)> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Misshapen,
    IReadOnlyList<string> LeftOut);
