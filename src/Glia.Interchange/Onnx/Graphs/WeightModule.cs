using Glia.Layers;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Weights whose names begin alike: what lies before a dot of <c>fc1.weight</c>.</summary>
internal sealed class WeightModule : Module, Glia.Replay.IPure
{
    public override Tensor Forward(Tensor input, ForwardContext context) => throw new InvalidOperationException("A group of weights computes nothing; call the whole model.");

    public Parameter Own(string name, Parameter parameter) => Add(name, parameter);

    public Tensor OwnBuffer(string name, Tensor initial) => AddBuffer(name, initial);

    /// <summary>The group of a path inside this one.</summary>
    public WeightModule Inside(ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return this;
        var name = path[0];
        var inner = Children.FirstOrDefault(c => c.Name == name).Module as WeightModule ?? Add(name, new WeightModule());
        return inner.Inside(path[1..]);
    }

    /// <summary>
    /// The parts of every name, for groups inside groups. A name that cannot be divided (because a part is empty, or another name is one of its groups) has its dots replaced.
    /// </summary>
    public static Dictionary<string, string[]> Divide(IReadOnlyCollection<string> names)
    {
        var groups = names.SelectMany(Groups).ToHashSet(StringComparer.Ordinal);
        var taken = new HashSet<string>(names.Where(IsDivisible), StringComparer.Ordinal);
        var result = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (IsDivisible(name))
            {
                result.Add(name, name.Split('.'));
                continue;
            }
            var plain = string.IsNullOrWhiteSpace(name) ? "weight" : name.Replace('.', '_');
            while (groups.Contains(plain) || !taken.Add(plain))
                plain += "_";
            result.Add(name, [plain]);
        }
        return result;

        bool IsDivisible(string name) =>
            !Array.Exists(name.Split('.'), string.IsNullOrWhiteSpace) && !groups.Contains(name) && !Groups(name).Any(names.Contains);

        static IEnumerable<string> Groups(string name)
        {
            for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
                yield return name[..dot];
        }
    }
}
