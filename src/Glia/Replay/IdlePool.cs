namespace Glia.Replay;

/// <summary>Recordings that nobody runs at the moment; each serves one thread at a time.</summary>
internal sealed class IdlePool<T>
    where T : class
{
    private readonly List<T> _idle = [];

    /// <summary>Takes out the last one that fits; null where none does.</summary>
    public T? Rent<TKey>(TKey key, Func<T, TKey, bool> fits)
        where TKey : allows ref struct
    {
        lock (_idle)
        {
            for (var i = _idle.Count - 1; i >= 0; i--)
            {
                var entry = _idle[i];
                if (!fits(entry, key))
                    continue;
                _idle.RemoveAt(i);
                return entry;
            }
        }
        return null;
    }

    public void Return(T entry)
    {
        lock (_idle)
            _idle.Add(entry);
    }
}
