namespace Glia.Training.Tuning;

/// <summary>A trial's work at one rung.</summary>
internal sealed class SearchJob(int trial, int rung)
{
    public int Trial => trial;

    public int Rung => rung;

    /// <summary>What came of it; null while it is to be done.</summary>
    public RungRecord? Result { get; set; }
}
