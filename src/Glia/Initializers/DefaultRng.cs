namespace Glia.Initializers;

/// <summary>
/// The random numbers of layers made one by one: the n-th layer of a program always gets the same ones. <see cref="Layers.Module.Initialize(ulong)"/>
/// draws them anew from a seed.
/// </summary>
internal static class DefaultRng
{
    private static long _count;

    public static Rng Next() => new Rng(0).Split((ulong)Interlocked.Increment(ref _count));
}
