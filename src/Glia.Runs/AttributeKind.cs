namespace Glia.Runs;

/// <summary>What a named value of a run is, as it stands in the table.</summary>
internal static class AttributeKind
{
    public const string Setting = "setting";
    public const string Result = "result";
    public const string Environment = "environment";
    public const string Tag = "tag";
}
