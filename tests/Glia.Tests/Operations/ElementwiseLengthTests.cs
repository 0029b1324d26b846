using System.Numerics;
using System.Runtime.InteropServices;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Tests.Operations;

/// <summary>The element-wise kernels around the width of a register: every element is computed as it is alone, and nothing past the end is touched.</summary>
public class ElementwiseLengthTests
{
    private const int Guard = 24;

    private static readonly Lane<float> Float = new();
    private static readonly Lane<double> Double = new();

    /// <summary>Lengths 0, 1, w − 1, w, w + 1 of every width, and one long enough for threads.</summary>
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 40_003];

    public static IEnumerable<object[]> Cases => Numbers.Isas.SelectMany(isa => Lengths.Select(n => new object[] { isa.ToString(), n }));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Map_AnyLength_EqualsSingleElementsAndKeepsGuards(string isa, int length)
    {
        using var _ = IsaSupport.Use(Enum.Parse<Isa>(isa));
        Float.Holds(length, (x, y) => Elementwise.Map(new TanhFormula(), x, y));
        Double.Holds(length, (x, y) => Elementwise.Map(new ExpFormula(), x, y));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MapBackward_AnyLength_EqualsSingleElementsAndKeepsGuards(string isa, int length)
    {
        using var _ = IsaSupport.Use(Enum.Parse<Isa>(isa));
        Float.Holds(length, (x, y) => Elementwise.MapBackward(new SwishFormula(), x, x, x, y));
        Double.Holds(length, (x, y) => Elementwise.MapBackward(new SoftplusFormula(), x, x, x, y));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Zip_AnyLength_EqualsSingleElementsAndKeepsGuards(string isa, int length)
    {
        using var _ = IsaSupport.Use(Enum.Parse<Isa>(isa));
        Float.Holds(length, (x, y) => Elementwise.Zip(new DivideFormula(), x, [3f], y));
        Double.Holds(length, (x, y) => Elementwise.Zip(new MaximumFormula(), x, x, y));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_AnyLength_EqualsSingleElementsAndKeepsGuards(string isa, int length)
    {
        using var _ = IsaSupport.Use(Enum.Parse<Isa>(isa));
        Float.Holds(length, (x, y) => Elementwise.Update(default(Accumulate), y, x, default, y, default));
        Double.Holds(length, (x, y) => Elementwise.Update(default(Accumulate), y, x, y, default, y));
    }

    [Fact]
    public void Map_LengthsDiffer_Refused() =>
        Assert.Throws<ArgumentException>(() => Elementwise.Map(new ExpFormula(), new float[3].AsSpan(), new float[4]));

    private readonly struct Accumulate : IUpdateRule
    {
        public static int StateCount => 3;

        public void Update<T>(ref T parameter, T gradient, ref T state1, ref T state2, ref T state3)
            where T : struct, IReal<T> => state1 = state2 = state3 = parameter = gradient * T.Constant(0.5);
    }

    private delegate void Kernel<T>(ReadOnlySpan<T> x, Span<T> y);

    private sealed class Lane<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private static readonly T Untouched = T.CreateChecked(-12345);

        public void Holds(int length, Kernel<T> kernel)
        {
            var x = new T[length];
            var values = Numbers.Normal(length, 3).ToDoubles();
            for (var i = 0; i < length; i++)
                x[i] = T.CreateChecked(values[i]);
            var y = new T[length + (2 * Guard)];
            Array.Fill(y, Untouched);
            kernel(x, y.AsSpan(Guard, length));

            Assert.All(y[..Guard].Concat(y[(Guard + length)..]), v => Assert.Equal(Untouched, v));
            var single = new T[1];
            // All of a short array; of a long one, enough to meet the seams between pieces of work.
            for (var i = 0; i < length; i += length > 100 ? 61 : 1)
            {
                kernel(x.AsSpan(i, 1), single);
                Assert.Equal(MemoryMarshal.AsBytes(single.AsSpan()), MemoryMarshal.AsBytes(y.AsSpan(Guard + i, 1)));
            }
        }
    }
}
