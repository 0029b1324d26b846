namespace Glia.Cli.Problems;

/// <summary>Which families fit which data.</summary>
internal static class Families
{
    /// <summary>The family's name on the command line.</summary>
    public static string NameOf(FamilyKind family) => family == FamilyKind.CnnLstm ? "cnn-lstm" : family.ToString().ToLowerInvariant();

    /// <summary>The families that fit, the default first.</summary>
    public static IReadOnlyList<FamilyKind> Fitting(ProblemKind kind) => kind switch
    {
        ProblemKind.Table => [FamilyKind.Mlp, FamilyKind.Perceptron],
        ProblemKind.Images => [FamilyKind.Cnn, FamilyKind.Mlp, FamilyKind.Perceptron],
        ProblemKind.Text => [FamilyKind.Lstm, FamilyKind.Rnn, FamilyKind.Gru, FamilyKind.Transformer],
        ProblemKind.Series => [FamilyKind.Lstm, FamilyKind.Rnn, FamilyKind.Gru, FamilyKind.Mlp],
        ProblemKind.Sequences => [FamilyKind.Lstm, FamilyKind.Rnn, FamilyKind.Gru],
        _ => [FamilyKind.CnnLstm],
    };

    /// <summary>What errors call the data.</summary>
    public static string What(ProblemKind kind) => kind switch
    {
        ProblemKind.Table => "a table",
        ProblemKind.Images => "images",
        ProblemKind.Text => "a text",
        ProblemKind.Series => "a time series",
        ProblemKind.Sequences => "sequences",
        _ => "videos",
    };

    /// <summary>The data as the subject of a sentence.</summary>
    public static string ThisIs(ProblemKind kind) => $"{(kind is ProblemKind.Table or ProblemKind.Text or ProblemKind.Series ? "this is" : "these are")} {What(kind)}";

    /// <summary>The family that the user asked for, or the default.</summary>
    /// <exception cref="UserException">The family does not fit.</exception>
    public static FamilyKind Choose(FamilyKind? asked, ProblemKind kind, string data)
    {
        var fitting = Fitting(kind);
        if (asked is not { } family)
            return fitting[0];
        return fitting.Contains(family)
            ? family
            : throw new UserException($"{data}: --family {NameOf(family)} does not fit {What(kind)}; what fits: {string.Join(", ", fitting.Select(NameOf))}.");
    }
}
