using System.Text.Json;
using Glia.Interchange;
using Glia.Layers;

namespace Glia.Conformance;

/// <summary>
/// One reference case: its options, its given tensors in the type the engine is to compute in, and its expected results. It remembers which
/// given tensors were used, as <see cref="CaseOptions"/> does for options.
/// </summary>
internal sealed class ConformanceCase : IDisposable
{
    private static readonly string[] GivenPrefixes = ["in.", "param.", "state.", "grad_out.", "vector.", "tangent."];
    private static readonly string[] ExpectedPrefixes =
        ["out.", "grad.", "after.", "final.", "traj.", "grad_first.", "hvp.", "grad2.", "tangent_out."];

    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _named = new(StringComparer.Ordinal);

    private ConformanceCase(SafetensorsFile file, DType dtype)
    {
        _file = file;
        DType = dtype;
        if (!file.Metadata.TryGetValue("case", out var text))
            throw new FormatException("the file's metadata has no 'case'");
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement.Clone();
        Operation = json.GetProperty("op").GetString() ?? "";
        Options = json.TryGetProperty("options", out var options) && options.ValueKind == JsonValueKind.Object ? new CaseOptions(options) : CaseOptions.None;
        Tolerance = ToleranceOf(json, dtype);
        foreach (var entry in file.Entries)
        {
            if (!HasPrefix(entry.Name, GivenPrefixes) && !HasPrefix(entry.Name, ExpectedPrefixes))
                throw new UnsupportedException($"unknown kind of tensor '{entry.Name}'");
        }
    }

    public string Operation { get; }

    public DType DType { get; }

    public CaseOptions Options { get; }

    public Tolerance Tolerance { get; }

    /// <summary>The names of the tensors to compare.</summary>
    public IEnumerable<string> Expected => _file.Entries.Select(e => e.Name).Where(name => HasPrefix(name, ExpectedPrefixes));

    /// <summary>An input, parameter or buffer by its short name; it requires a gradient when the case expects one.</summary>
    public Tensor this[string name]
    {
        get
        {
            if (_named.TryGetValue(name, out var known))
                return known;
            var tensor = Given(FullName(name) ?? throw new FormatException($"the case has no input, parameter or state '{name}'"));
            tensor.RequiresGrad = Has("grad." + name);
            return _named[name] = tensor;
        }
    }

    /// <summary>The parameters' short names.</summary>
    public IEnumerable<string> Parameters => ShortNames("param.");

    /// <summary>The inputs' short names.</summary>
    public IEnumerable<string> Inputs => ShortNames("in.");

    public static ConformanceCase Open(string path, DType dtype)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            return new ConformanceCase(file, dtype);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes a tensor stand for a name from now on, as a state that a layer does not keep itself.</summary>
    public void Set(string name, Tensor tensor) => _named[name] = tensor;

    public bool Has(string fullName) => _file.Contains(fullName);

    /// <summary>The short names of the expected results of a kind, such as <c>grad.</c>.</summary>
    public IEnumerable<string> ShortNames(string prefix) =>
        _file.Entries.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(e => e.Name[prefix.Length..]);

    /// <summary>A given tensor by its full name, such as <c>grad_out.y</c>.</summary>
    public Tensor Given(string fullName)
    {
        _used.Add(fullName);
        return Read(fullName, DType);
    }

    /// <summary>A given tensor as exactly as it is stored, for numbers that Glia keeps in double precision whatever the type of the tensors.</summary>
    public Tensor GivenExactly(string fullName)
    {
        _used.Add(fullName);
        return Read(fullName, DType.Float64);
    }

    /// <summary>A given tensor by its full name, or null for one that the case leaves out.</summary>
    public Tensor? GivenOrNull(string fullName) => Has(fullName) ? Given(fullName) : null;

    /// <summary>What the reference got, as exactly as it is stored.</summary>
    public Tensor Reference(string fullName) => Read(fullName, DType.Float64);

    /// <summary>Puts the case's parameters and buffers into a layer of the same names; gradients and states are then taken from there.</summary>
    public T Load<T>(T module)
        where T : Module
    {
        var state = module.StateDict();
        module.LoadStateDict(state.ToDictionary(p => p.Key, p => FullName(p.Key) is { } given ? Given(given) : p.Value));
        foreach (var (name, tensor) in state)
            _named[name] = tensor;
        return module;
    }

    /// <summary>Refuses a case of which something was passed over.</summary>
    public void RequireAllHonoured()
    {
        var unread = Options.Unread.Select(name => $"option '{name}'");
        var unused = _file.Entries.Select(e => e.Name).Where(name => HasPrefix(name, GivenPrefixes) && !_used.Contains(name));
        var ignored = unread.Concat(unused.Select(name => $"'{name}'")).ToArray();
        UnsupportedException.ThrowIf(ignored.Length > 0, string.Join(", ", ignored) + " not honoured");
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What the case says, or what is usual for the kind of its results.</summary>
    private static Tolerance ToleranceOf(JsonElement json, DType dtype)
    {
        var isDouble = dtype == DType.Float64;
        if (json.TryGetProperty("tolerance", out var tolerances) && tolerances.TryGetProperty(isDouble ? "f64" : "f32", out var given))
            return new(given.GetProperty("rtol").GetDouble(), given.GetProperty("atol").GetDouble());
        return (json.TryGetProperty("group", out var group) ? group.GetString() : null) switch
        {
            "model" => isDouble ? new(1e-7, 1e-9) : new(1e-3, 2e-4),
            "optimizer" or "second_order" or "forward_mode" => isDouble ? new(1e-8, 1e-10) : new(5e-5, 2e-6),
            _ => isDouble ? new(1e-9, 1e-11) : new(2e-5, 1e-6),
        };
    }

    private static bool HasPrefix(string name, string[] prefixes) => Array.Exists(prefixes, p => name.StartsWith(p, StringComparison.Ordinal));

    private string? FullName(string name) => new[] { "in." + name, "param." + name, "state." + name }.FirstOrDefault(Has);

    private Tensor Read(string name, DType floating)
    {
        var entry = _file.Entry(name);
        var sizes = new int[entry.Shape.Length];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = checked((int)entry.Shape[i]);
        var shape = new Shape(sizes);
        return entry.DType switch
        {
            SafetensorsDType.F64 or SafetensorsDType.F32 when floating == DType.Float32 => Tensor.From(_file.ReadSingles(name), shape),
            SafetensorsDType.F64 or SafetensorsDType.F32 => Tensor.From(_file.ReadDoubles(name), shape),
            SafetensorsDType.I64 or SafetensorsDType.I32 => Tensor.From(_file.ReadIntegers(name), shape),
            SafetensorsDType.Bool => Tensor.From(_file.ReadBooleans(name), shape),
            _ => throw new UnsupportedException($"unsupported: {entry}"),
        };
    }
}
