namespace Glia.Autograd;

/// <summary>Whether operations on this thread are recorded for differentiation.</summary>
internal static class GradientMode
{
    [ThreadStatic]
    private static bool t_off;

    public static bool IsRecording => !t_off;

    public static Switch Set(bool recording)
    {
        var before = new Switch(t_off);
        t_off = !recording;
        return before;
    }

    internal readonly struct Switch(bool off) : IDisposable
    {
        public void Dispose() => t_off = off;
    }
}
