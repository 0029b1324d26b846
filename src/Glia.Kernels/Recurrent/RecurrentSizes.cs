namespace Glia.Kernels;

/// <summary>The sizes of a run of a recurrent cell over a batch of sequences, and its direction in time.</summary>
/// <param name="Batch">How many sequences.</param>
/// <param name="Steps">How many time steps the longest of them has.</param>
/// <param name="Hidden">The size of the state.</param>
/// <param name="IsReverse">Whether the last step comes first.</param>
internal readonly record struct RecurrentSizes(int Batch, int Steps, int Hidden, bool IsReverse)
{
    /// <summary>The time at which the <paramref name="step"/>-th step is taken.</summary>
    public int TimeOf(int step) => IsReverse ? Steps - 1 - step : step;

    /// <summary>The time whose state a valid time starts from; −1 for the initial state.</summary>
    public int Before(int time, long length) => !IsReverse ? time - 1 : time + 1 < length ? time + 1 : -1;

    /// <summary>The features of an input of so many numbers.</summary>
    public int FeaturesOf(int count) => Batch == 0 || Steps == 0 ? 0 : count / (Batch * Steps);

    /// <summary>The number of valid steps of a sequence; all of them without lengths.</summary>
    public long LengthOf(int sequence, ReadOnlySpan<long> lengths) => lengths.IsEmpty ? Steps : lengths[sequence];
}
