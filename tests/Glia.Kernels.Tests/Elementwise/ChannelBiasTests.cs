using System.Numerics;

namespace Glia.Kernels.Tests;

public class ChannelBiasTests
{
    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Backward_AllSizes_MatchesPlainLoops(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var batch in new[] { 0, 1, 3, 16, 37 })
        {
            foreach (var channels in new[] { 1, 6 })
            {
                foreach (var inner in new[] { 1, 3, 7, 8, 9, 15, 16, 17, 31, 100 })
                {
                    Check<float>(batch, channels, inner);
                    Check<double>(batch, channels, inner);
                }
            }
        }
        Check<float>(2, 2, 9001);
    }

    [Fact]
    public void Backward_AnyNumberOfThreads_BitIdentical()
    {
        const int Batch = 37, Channels = 5, Inner = 205;
        var (y, dy) = (Numbers.Uniform<float>(Batch * Channels * Inner, 1), Numbers.Uniform<float>(Batch * Channels * Inner, 2));
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var pool = new ThreadsScope(threads);
            var (dz, dbias) = (new float[y.Length], new float[Channels]);
            ChannelBias.Backward<Logistic, float>(default, Batch, Channels, Inner, y, dy, dz, dbias);
            float[] all = [.. dz, .. dbias];
            first ??= all;
            Assert.Equal(first, all);
        }
    }

    private static void Check<T>(int batch, int channels, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = batch * channels * inner;
        var (y, dy) = (Numbers.Uniform<T>(count, 1), Numbers.Uniform<T>(count, 2));
        var (dz, dbias) = (new T[count + 20], new T[channels + 1]);
        Array.Fill(dz, T.NaN);
        Array.Fill(dbias, T.NaN);
        ChannelBias.Backward<Logistic, T>(default, batch, channels, inner, y, dy, dz.AsSpan(0, count), dbias.AsSpan(0, channels));
        var sums = new double[channels];
        for (var i = 0; i < count; i++)
        {
            var value = double.CreateChecked(y[i]);
            var expected = double.CreateChecked(dy[i]) * value * (1 - value);
            Assert.True(Numbers.AreClose(expected, dz[i], 2), $"{batch} × {channels} × {inner} at {i}: expected {expected:R}, got {dz[i]}");
            sums[i / inner % channels] += expected;
        }
        for (var c = 0; c < channels; c++)
            Assert.True(Numbers.AreClose(sums[c], dbias[c], batch * inner), $"{batch} × {channels} × {inner}, channel {c}: expected {sums[c]:R}, got {dbias[c]}");
        Assert.All(dz.Skip(count), value => Assert.True(T.IsNaN(value)));
        Assert.True(T.IsNaN(dbias[channels]));
    }

    private readonly struct Logistic : IUnaryOperation
    {
        public T Forward<T>(T x)
            where T : struct, IReal<T> => T.Sigmoid(x);

        public T Derivative<T>(T x, T y)
            where T : struct, IReal<T> => y * (T.Constant(1) - y);
    }
}
