using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>
/// Runs a recurrent cell over a batch of sequences. The rows of a batch do not depend on each other, so each thread takes some of them through all
/// steps; when they are too few for that, the threads share the units of the state at every step. The weights are copied into panels once.
/// </summary>
internal static unsafe class Recurrence
{
    /// <summary>The share of the input, the product with W, then the cell, step after step.</summary>
    /// <param name="s">The sizes.</param>
    /// <param name="gates">Blocks of the weights.</param>
    /// <param name="input">The input.</param>
    /// <param name="weight">W, (gates·hidden, hidden).</param>
    /// <param name="state">(batch, hidden): the initial state; the final one afterwards.</param>
    /// <param name="cell">The cell.</param>
    public static void Forward<TCell, T>(in RecurrentSizes s, int gates, in RecurrentInput<T> input, T* weight, T* state, in TCell cell)
        where TCell : struct, IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(s, gates, input, weight, state, cell, isBackward: false);

    /// <summary>The cell, then the product with Wᵀ, added to the gradient of the state, from the last step to the first.</summary>
    /// <param name="s">The sizes.</param>
    /// <param name="gates">Blocks of the weights.</param>
    /// <param name="weight">W, (gates·hidden, hidden).</param>
    /// <param name="dstate">(batch, hidden): ∂ℓ/∂ final state; ∂ℓ/∂ initial state afterwards.</param>
    /// <param name="cell">The cell.</param>
    public static void Backward<TCell, T>(in RecurrentSizes s, int gates, T* weight, T* dstate, in TCell cell)
        where TCell : struct, IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(s, gates, default, weight, dstate, cell, isBackward: true);

    /// <summary>Runs a pass over elements from <paramref name="first"/> on.</summary>
    // Compiled fully at once and by itself: from a profile, or inlined into a caller, the compiler leaves calls inside the loop, which takes several times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Sweep<TPass, T, TLanes>(in TPass pass, int first, int count)
        where TPass : struct, ICellPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        var i = (nuint)first;
        var end = i + (nuint)count;
        for (; i + (nuint)TLanes.Count <= end; i += (nuint)TLanes.Count)
            pass.Apply<TLanes, FullAccess>(i, default);
        if (i < end)
            Tail<TPass, T, TLanes>(pass, i, (int)(end - i));
    }

    // Never inlined, so that the inlining budget goes to the loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tail<TPass, T, TLanes>(in TPass pass, nuint i, int count)
        where TPass : struct, ICellPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T> => pass.Apply<TLanes, TailAccess>(i, new(count));

    /// <summary>
    /// What each step started from, side by side: the features of its input x[b, t] and the state before it, which is sequence[b, the time before t], or
    /// initial[b] at the first, and 0 beyond the length. Without x, the states alone.
    /// </summary>
    public static void Previous<T>(in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> x, ReadOnlySpan<T> sequence, ReadOnlySpan<T> initial, Span<T> previous)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = s.FeaturesOf(x.Length);
        for (var b = 0; b < s.Batch; b++)
        {
            var length = s.LengthOf(b, lengths);
            for (var t = 0; t < s.Steps; t++)
            {
                var row = (b * s.Steps) + t;
                x.Slice(row * features, features).CopyTo(previous[(row * (features + s.Hidden))..]);
                var to = previous.Slice((row * (features + s.Hidden)) + features, s.Hidden);
                var before = s.Before(t, length);
                if (t >= length)
                    to.Clear();
                else if (before < 0)
                    initial.Slice(b * s.Hidden, s.Hidden).CopyTo(to);
                else
                    sequence.Slice(((b * s.Steps) + before) * s.Hidden, s.Hidden).CopyTo(to);
            }
        }
    }

    private static void Run<TCell, T>(in RecurrentSizes s, int gates, in RecurrentInput<T> input, T* weight, T* state, in TCell cell, bool isBackward)
        where TCell : struct, IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0 || s.Steps == 0)
            return;
        switch (IsaSupport.Current)
        {
            case Isa.Avx512: SequenceRun<TCell, Simd512<T>, Vector512<T>, Lanes512<T>, T>.Run(s, gates, input, weight, state, cell, isBackward); break;
            case Isa.Avx2: SequenceRun<TCell, Simd256<T>, Vector256<T>, Lanes256<T>, T>.Run(s, gates, input, weight, state, cell, isBackward); break;
            case Isa.Neon: SequenceRun<TCell, Simd128<T>, Vector128<T>, Lanes128<T>, T>.Run(s, gates, input, weight, state, cell, isBackward); break;
            default: SequenceRun<TCell, SimdScalar<T>, T, LanesScalar<T>, T>.Run(s, gates, input, weight, state, cell, isBackward); break;
        }
    }
}
