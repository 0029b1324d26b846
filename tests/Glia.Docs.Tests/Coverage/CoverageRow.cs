namespace Glia.Docs.Tests.Coverage;

/// <summary>What there is for one row of the functional specification.</summary>
/// <param name="Id">The row's number, such as <c>T3</c>.</param>
/// <param name="Summary">What it asks for, in a line.</param>
internal sealed record CoverageRow(string Id, string Summary)
{
    /// <summary>Public types, members as <c>Type.Member</c>, and commands as <c>glia train</c>. None: not built yet.</summary>
    public string[] Api { get; init; } = [];

    /// <summary>Test classes, or methods as <c>Class.Method</c>.</summary>
    public string[] Tests { get; init; } = [];

    /// <summary>Pages, relative to docs/.</summary>
    public string[] Pages { get; init; } = [];

    /// <summary>What the row asks for and is not there yet; null when it is all there.</summary>
    public string? Open { get; init; }

    public string Status => Api.Length == 0 ? "planned" : Open is null ? "done" : "partly";
}
