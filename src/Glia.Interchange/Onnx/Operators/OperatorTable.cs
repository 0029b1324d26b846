namespace Glia.Interchange.Onnx.Operators;

/// <summary>Every operator that Glia has, by name; a family is a file.</summary>
internal static class OperatorTable
{
    /// <summary>The oldest and the newest version of ONNX's operator set that is understood.</summary>
    public const int OldestOpset = 1;

    public const int NewestOpset = 22;

    private static readonly Dictionary<string, Operator> ByName = new(StringComparer.Ordinal);

    static OperatorTable()
    {
        foreach (var (_, family) in Families)
        {
            foreach (var one in family)
                ByName.Add(one.Name, one);
        }
    }

    /// <summary>The families in the order of the documentation.</summary>
    public static IReadOnlyList<(string Title, Operator[] Operators)> Families =>
    [
        ("Arithmetic", Arithmetic.All),
        ("Element by element", Elementwise.All),
        ("Comparison, logic, bits", Logic.All),
        ("Activation functions", Activations.All),
        ("Reductions", Reductions.All),
        ("Products", Products.All),
        ("Convolution", Convolutions.All),
        ("Pooling", Pooling.All),
        ("Normalisation", Normalizations.All),
        ("Recurrent networks", Recurrent.All),
        ("Shape and order", Movement.All),
        ("Choosing and scattering", Selection.All),
        ("Making tensors", Generation.All),
        ("Spectra", Spectra.All),
        ("Sequences of numbers", NGrams.All),
        ("Sizes of images", Resizing.All),
        ("Sampling of images", Sampling.All),
        ("Losses", Losses.All),
        ("Quantisation", Quantization.All),
        ("Control flow", Control.All),
    ];

    public static Operator? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The domain's name is left out, or ONNX's own.</summary>
    public static bool IsOwnDomain(string domain) => domain is "" or "ai.onnx";
}
