namespace Glia.Autograd;

/// <summary>Whether operations on this thread are recorded for differentiation.</summary>
internal static class GradientMode
{
    [ThreadStatic]
    private static bool _off;

    public static bool IsRecording => !_off;

    public static Switch Set(bool recording)
    {
        var before = new Switch(_off);
        _off = !recording;
        return before;
    }

    internal readonly struct Switch(bool off) : IDisposable
    {
        public void Dispose() => _off = off;
    }
}
