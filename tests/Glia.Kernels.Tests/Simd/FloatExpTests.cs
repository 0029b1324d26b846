using System.Runtime.Intrinsics;

namespace Glia.Kernels.Tests;

public class FloatExpTests
{
    [Fact]
    public void Exp_WholeRange_IsWithinOneUnitOfTheLastPlace()
    {
        Check<Simd128<float>, Vector128<float>>();
        if (IsaSupport.Available.Contains(Isa.Avx2))
            Check<Simd256<float>, Vector256<float>>();
        if (IsaSupport.Available.Contains(Isa.Avx512))
            Check<Simd512<float>, Vector512<float>>();
    }

    private static unsafe void Check<S, V>()
        where S : struct, ISimd<V, float>
        where V : unmanaged
    {
        float[] special =
        [
            0, -0f, 1e-40f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, BitConverter.Int32BitsToSingle(0x7FC001FF), 88.72283f, 88.72284f, 89, 1e30f,
            -87.4f, -103.9f, -104, -105, -1e30f,
        ];
        var random = new Random(1);
        var x = stackalloc float[2 * S.Count];
        var one = stackalloc float[2 * S.Count];
        var two = stackalloc float[2 * S.Count];
        for (var round = 0; round < 2_000; round++)
        {
            for (var i = 0; i < 2 * S.Count; i++)
                x[i] = round % 100 == 0 ? special[random.Next(special.Length)] : (float)(round % 2 == 0 ? random.NextDouble() * 193 - 104 : random.NextDouble() * 2 - 1);
            var (a, b) = (S.Load(x), S.Load(x + S.Count));
            S.Store(one, S.Exp(a));
            S.Store(one + S.Count, S.Exp(b));
            S.ExpTwo(ref a, ref b);
            S.Store(two, a);
            S.Store(two + S.Count, b);
            for (var i = 0; i < 2 * S.Count; i++)
            {
                var exact = Math.Exp(x[i]);
                Assert.Equal(BitConverter.SingleToInt32Bits(one[i]), BitConverter.SingleToInt32Bits(two[i]));
                if (double.IsNaN(exact) || float.IsInfinity((float)exact))
                    Assert.Equal((float)exact, one[i]);
                else
                    Assert.True(Math.Abs(one[i] - exact) <= 1.01 * Unit(exact), $"e to {x[i]:R} is {exact:R}; got {one[i]:R}.");
            }
        }
    }

    private static double Unit(double value) => value == 0 ? float.Epsilon : Math.Max(Math.ScaleB(1, Math.ILogB(value) - 23), float.Epsilon);
}
