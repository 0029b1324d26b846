namespace Glia.Replay;

/// <summary>A computation that can be done again.</summary>
/// <param name="work">Its pieces in order.</param>
/// <param name="conditions">What must hold of the inputs.</param>
/// <param name="random">The generators that it draws from, and by what number each is split from the step's own.</param>
/// <param name="bytes">How much memory belongs to it.</param>
internal sealed class Recording(Action[] work, Func<bool>[] conditions, (Rng Rng, ulong Part)[] random, long bytes)
{
    public long Bytes => bytes;

    /// <summary>Does everything again; false, having done nothing, when the inputs differ in a way that needs another recording.</summary>
    /// <param name="step">The random numbers of this step; null when none are drawn.</param>
    public bool TryReplay(Rng? step)
    {
        foreach (var condition in conditions)
        {
            if (!condition())
                return false;
        }
        foreach (var (rng, part) in random)
            rng.BecomeSplit(step!, part);
        foreach (var piece in work)
            piece();
        return true;
    }
}
