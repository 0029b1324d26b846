using System.Numerics;

namespace Glia.Kernels.Tests;

/// <summary>
/// The recurrent kernels on every instruction set against scalars, for hidden sizes around the width of a register, with lengths, in both directions; nothing
/// is written past the ends. What they compute is held against plain formulas in the tests of operations.
/// </summary>
public class RecurrentKernelTests
{
    private const int Guard = 8;
    private const int Features = 3;
    private static readonly int[] Hidden = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33];

    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void AllKernels_AllWidths_EqualScalars(string isa)
    {
        foreach (var hidden in Hidden)
        {
            foreach (var isReverse in new[] { false, true })
            {
                var sizes = new RecurrentSizes(3, 4, hidden, isReverse);
                Check<float>(isa, sizes, SimpleRnn<float>);
                Check<double>(isa, sizes, SimpleRnn<double>);
                Check<float>(isa, sizes, Lstm<float>);
                Check<double>(isa, sizes, Lstm<double>);
                Check<float>(isa, sizes, Gru<float>);
                Check<double>(isa, sizes, Gru<double>);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(33)]
    public void AllKernels_AnyBatch_EqualScalars(int batch)
    {
        foreach (var isa in IsaSupport.Available)
        {
            foreach (var hidden in new[] { 1, 5, 16, 17, 32, 33, 64, 100 })
            {
                // So few rows over all steps that the weights are read where they lie, and more.
                var sizes = new RecurrentSizes(batch, batch == 1 ? 9 : 3, hidden, batch % 2 == 0);
                Check<float>(isa.ToString(), sizes, SimpleRnn<float>);
                Check<float>(isa.ToString(), sizes, Lstm<float>);
                Check<float>(isa.ToString(), sizes, Gru<float>);
            }
        }
    }

    /// <summary>Rows and units are cut by the number of threads; what each element is computed from is not.</summary>
    [Theory]
    [InlineData(1, 256)]
    [InlineData(2, 200)]
    [InlineData(3, 263)]
    [InlineData(5, 161)]
    [InlineData(7, 132)]
    [InlineData(8, 300)]
    [InlineData(13, 64)]
    [InlineData(33, 33)]
    [InlineData(150, 61)]
    public void AllKernels_AnyNumberOfThreads_SameBits(int batch, int hidden)
    {
        foreach (var steps in new[] { 3, 4 })
        {
            var sizes = new RecurrentSizes(batch, steps, hidden, hidden % 2 == 0);
            foreach (var run in new Func<RecurrentSizes, float[][]>[] { SimpleRnn<float>, Lstm<float>, Gru<float> })
            {
                var expected = With(1, sizes, run);
                foreach (var threads in new[] { 2, 3, 8 })
                {
                    foreach (var (e, a) in expected.Zip(With(threads, sizes, run)))
                        Assert.Equal(e, a);
                }
            }
        }

        static float[][] With(int threads, RecurrentSizes sizes, Func<RecurrentSizes, float[][]> run)
        {
            using var _ = new ThreadsScope(threads);
            return run(sizes);
        }
    }

    [Fact]
    public void NoTimeOrNoSequences_StatesAreKept()
    {
        foreach (var sizes in new[] { new RecurrentSizes(0, 3, 5, false), new RecurrentSizes(2, 0, 5, false) })
        {
            var state = Guarded<float>(sizes.Batch * sizes.Hidden, 1);
            var kept = state.ToArray();
            LstmKernel.Forward<float>(sizes, default, default, new float[60], new float[100], default, default, In(state), new float[sizes.Batch * sizes.Hidden], default, default);
            Assert.Equal(kept, state);
        }
    }

    private static void Check<T>(string isa, RecurrentSizes sizes, Func<RecurrentSizes, T[][]> run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[][] expected, actual;
        using (Numbers.Use(nameof(Isa.Scalar)))
            expected = run(sizes);
        using (Numbers.Use(isa))
            actual = run(sizes);
        for (var k = 0; k < expected.Length; k++)
        {
            for (var i = 0; i < expected[k].Length - Guard; i++)
                Assert.True(Numbers.AreClose(double.CreateChecked(expected[k][i]), actual[k][i], 40 + (8 * sizes.Hidden)), $"{sizes} array {k} at {i}: {actual[k][i]}, expected {expected[k][i]}");
            Assert.All(actual[k][^Guard..], value => Assert.Equal(T.CreateChecked(77), value));
        }
    }

    private static T[][] SimpleRnn<T>(RecurrentSizes s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (n, all) = (s.Hidden, s.Batch * s.Steps * s.Hidden);
        var weight = Numbers.Uniform<T>(n * n, 1);
        var (state, hidden, dstate, dz) = (Guarded<T>(s.Batch * n, 2), Guarded<T>(all, 3), Guarded<T>(s.Batch * n, 4), Guarded<T>(all, 5));
        SimpleRnnKernel.Forward(default(Halving), s, Lengths(s), Input<T>(s), Numbers.Uniform<T>(n * Features, 13), weight, Numbers.Uniform<T>(n, 7), In(state), In(hidden));
        SimpleRnnKernel.Backward<Halving, T>(default, s, Lengths(s), weight, In(hidden), Numbers.Uniform<T>(all, 6), In(dstate), In(dz));
        return [state, hidden, dstate, dz];
    }

    private static T[][] Lstm<T>(RecurrentSizes s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (n, all) = (s.Hidden, s.Batch * s.Steps * s.Hidden);
        var (weight, initial) = (Numbers.Uniform<T>(4 * n * n, 1), Numbers.Uniform<T>(s.Batch * n, 2));
        var (state, cell) = (Guarded<T>(s.Batch * n, 3), Guarded<T>(s.Batch * n, 2));
        var (gates, hidden, cells) = (Guarded<T>(4 * all, 4), Guarded<T>(all, 5), Guarded<T>(all, 6));
        LstmKernel.Forward<T>(s, Lengths(s), Input<T>(s), Numbers.Uniform<T>(4 * n * Features, 13), weight, Numbers.Uniform<T>(4 * n, 11), In(gates), In(state), In(cell), In(hidden), In(cells));
        var (dstate, dcell, dgates) = (Guarded<T>(s.Batch * n, 7), Guarded<T>(s.Batch * n, 8), Guarded<T>(4 * all, 9));
        LstmKernel.Backward<T>(s, Lengths(s), weight, In(gates), In(cells), initial, Numbers.Uniform<T>(all, 10), In(dstate), In(dcell), In(dgates));
        return [state, cell, hidden, cells, dstate, dcell, dgates];
    }

    private static T[][] Gru<T>(RecurrentSizes s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (n, all) = (s.Hidden, s.Batch * s.Steps * s.Hidden);
        var (weight, initial) = (Numbers.Uniform<T>(3 * n * n, 1), Numbers.Uniform<T>(s.Batch * n, 2));
        // What no valid step fills is left as it was.
        var (state, gates, products, hidden) = (Guarded<T>(s.Batch * n, 2), Guarded<T>(3 * all, 4), Guarded<T>(all, 5), Guarded<T>(all, 6));
        GruKernel.Forward<T>(s, Lengths(s), Input<T>(s), Numbers.Uniform<T>(3 * n * Features, 13), weight, Numbers.Uniform<T>(3 * n, 11), Numbers.Uniform<T>(n, 3), In(gates), In(products), In(state), In(hidden));
        var (dstate, dgates, dproducts) = (Guarded<T>(s.Batch * n, 7), Guarded<T>(3 * all, 8), Guarded<T>(3 * all, 9));
        GruKernel.Backward<T>(s, Lengths(s), weight, In(gates), In(products), In(hidden), initial, Numbers.Uniform<T>(all, 10), In(dstate), In(dgates), In(dproducts));
        return [state, products, hidden, dstate, dgates, dproducts];
    }

    private static T[] Input<T>(RecurrentSizes s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Numbers.Uniform<T>(s.Batch * s.Steps * Features, 12);

    private static long[] Lengths(RecurrentSizes s) => [.. Enumerable.Range(0, s.Batch).Select(b => 1L + (b * 2 % s.Steps))];

    private static T[] Guarded<T>(int count, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Numbers.Uniform<T>(count, seed), .. Enumerable.Repeat(T.CreateChecked(77), Guard)];

    private static Span<T> In<T>(T[] guarded) => guarded.AsSpan(0, guarded.Length - Guard);

    /// <summary>y = x / 2: an activation without rounding.</summary>
    private readonly struct Halving : IUnaryOperation
    {
        public T Forward<T>(T x)
            where T : struct, IReal<T> => x * T.Constant(0.5);

        public T Derivative<T>(T x, T y)
            where T : struct, IReal<T> => T.Constant(0.5);
    }
}
