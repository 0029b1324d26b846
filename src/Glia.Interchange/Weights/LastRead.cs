namespace Glia.Interchange;

/// <summary>Keeps the bytes that were made last, for numbers that do not lie in their file as they are wanted (compressed, in another order), so that reading them in pieces makes them once.</summary>
internal sealed class LastRead
{
    private readonly Lock _lock = new();
    private object? _key;
    private byte[] _bytes = [];

    /// <summary>The bytes of a key, made if it is not the last one that was asked for.</summary>
    public byte[] Get(object key, Func<byte[]> make)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_key, key))
                (_bytes, _key) = (make(), key);
            return _bytes;
        }
    }

    /// <summary>Copies a piece of a tensor; after its last one nothing is kept.</summary>
    public void CopyTo(WeightEntry entry, long offset, Span<byte> destination, Func<byte[]> make)
    {
        var bytes = Get(entry, make);
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        if (offset + destination.Length == bytes.Length)
            Forget();
    }

    public void Forget()
    {
        lock (_lock)
            (_key, _bytes) = (null, []);
    }
}
