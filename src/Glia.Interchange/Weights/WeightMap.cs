namespace Glia.Interchange;

/// <summary>
/// Which name of a file becomes which name of a model, for where they differ: rules, of which the first that fits a name counts. A rule is a name, or has one <c>*</c> that
/// stands for any characters and is put in where the new name has one: <c>encoder.*</c> → <c>enc.*</c>. An empty new name leaves tensors out. Names that no rule fits stay.
/// <code>
/// var map = new WeightMap { ["fc1.*"] = "dense1.*", ["fc2.*"] = "dense2.*" };
/// </code>
/// </summary>
public sealed class WeightMap
{
    private const char Star = '*';
    private const string TransposeSuffix = "^T";

    private readonly List<Rule> _rules = [];

    /// <summary>The rules as texts, <c>old=new</c>.</summary>
    public IReadOnlyList<string> Rules => [.. _rules.Select(r => r.ToString())];

    /// <summary>Adds a rule.</summary>
    /// <param name="oldName">A name of the file, or a pattern with one <c>*</c>.</param>
    /// <exception cref="ArgumentException">A name has more than one <c>*</c>, the new one has one where the old has none, or the rule is there already.</exception>
    public string this[string oldName]
    {
        set => Add(oldName, value);
    }

    /// <summary>Adds a rule.</summary>
    /// <param name="oldName">A name of the file, or a pattern with one <c>*</c>.</param>
    /// <param name="newName">The model's name, with a <c>*</c> if the old one has it; empty to leave the tensors out.</param>
    /// <param name="transpose">
    /// Whether the axes of a weight are turned round as Keras' kernels need it: (in, out) becomes (out, in), and (rows, columns, in, out) becomes (out, in, rows, columns).
    /// </param>
    /// <exception cref="ArgumentException">A name has more than one <c>*</c>, only one of both has it, or the rule is there already.</exception>
    public void Add(string oldName, string newName, bool transpose = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(oldName);
        ArgumentNullException.ThrowIfNull(newName);
        var (olds, news) = (oldName.Count(c => c == Star), newName.Count(c => c == Star));
        if (olds > 1 || news > 1 || news > olds || (olds == 1 && news == 0 && newName.Length > 0))
            throw new ArgumentException($"The rule '{oldName}={newName}' needs one '*' on both sides, or none. A '*' stands for any characters, and what it stood for is put into the new name.");
        if (_rules.Exists(r => r.Old == oldName))
            throw new ArgumentException($"There is a rule for '{oldName}' already.");
        _rules.Add(new(oldName, newName, transpose));
    }

    /// <summary>Reads rules written as <c>old=new</c>, or <c>old=new^T</c> for one that turns the axes round.</summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="ArgumentException">A rule is not written so, or is not allowed.</exception>
    public static WeightMap Parse(IEnumerable<string> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var map = new WeightMap();
        foreach (var rule in rules)
        {
            var at = rule.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new ArgumentException($"The rule '{rule}' is not written as old=new, such as \"fc1.*=dense1.*\".");
            var transpose = rule.EndsWith(TransposeSuffix, StringComparison.Ordinal);
            map.Add(rule[..at], transpose ? rule[(at + 1)..^TransposeSuffix.Length] : rule[(at + 1)..], transpose);
        }
        return map;
    }

    /// <summary>What the first rule that fits makes of a name; null when none fits.</summary>
    internal Rule? Find(string name) => _rules.Find(r => r.Fits(name));

    /// <summary>The rules that fit none of these names.</summary>
    internal IEnumerable<string> Unused(IReadOnlyCollection<string> names) => _rules.Where(r => !names.Any(r.Fits)).Select(r => r.Old);

    /// <summary>One rule.</summary>
    internal sealed record Rule(string Old, string New, bool Transpose)
    {
        private readonly int _star = Old.IndexOf(Star, StringComparison.Ordinal);

        public bool Fits(string name) => _star < 0
            ? name == Old
            : name.Length >= Old.Length - 1 && name.AsSpan().StartsWith(Old.AsSpan(0, _star), StringComparison.Ordinal) && name.AsSpan().EndsWith(Old.AsSpan(_star + 1), StringComparison.Ordinal);

        public string Apply(string name) => _star < 0 ? New : New.Replace($"{Star}", name[_star..(name.Length - (Old.Length - 1 - _star))], StringComparison.Ordinal);

        public override string ToString() => $"{Old}={New}{(Transpose ? TransposeSuffix : "")}";
    }
}
