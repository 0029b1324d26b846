using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Glia.Kernels;

/// <summary>Copies a strip of a matrix into a panel: for each step of k, <c>width</c> neighbouring numbers.</summary>
internal static unsafe class Panel
{
    // Panels written at a time: they may all fall on the same few lines of the nearest cache.
    private const int SideBySide = 4;

    /// <summary>The panels of any number of lanes, one after another; numbers that lie side by side are read in one go.</summary>
    public static void PackAll<T>(T* source, nint laneStride, nint stepStride, int lanes, int width, int steps, T* panels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lane = 0;
        if (laneStride == 1 && width * sizeof(T) == 64 && Vector256.IsHardwareAccelerated)
        {
            for (; lane + width <= lanes; lane += width)
                Pack64Bytes((byte*)(source + lane), stepStride * sizeof(T), steps, (byte*)(panels + (nint)lane * steps));
        }
        else if (laneStride == 1 && (width * sizeof(T) % 16 == 0 || width * sizeof(T) == 24))
        {
            for (; lane + width <= lanes; lane += Math.Min(SideBySide, (lanes - lane) / width) * width)
                PackSideBySide(source + lane, stepStride, Math.Min(SideBySide, (lanes - lane) / width), width, steps, panels + (nint)lane * steps);
        }
        for (; lane < lanes; lane += width)
            Pack(source + lane * laneStride, laneStride, stepStride, Math.Min(width, lanes - lane), width, steps, panels + (nint)lane * steps);
    }

    // One panel of a cache line a step, four steps at a time.
    private static void Pack64Bytes(byte* source, nint stride, int steps, byte* panel)
    {
        var p = 0;
        for (; p + 4 <= steps; p += 4, source += 4 * stride, panel += 256)
        {
            var r1 = source + stride;
            var r2 = r1 + stride;
            var r3 = r2 + stride;
            var v00 = Vector256.Load(source);
            var v01 = Vector256.Load(source + 32);
            var v10 = Vector256.Load(r1);
            var v11 = Vector256.Load(r1 + 32);
            var v20 = Vector256.Load(r2);
            var v21 = Vector256.Load(r2 + 32);
            var v30 = Vector256.Load(r3);
            var v31 = Vector256.Load(r3 + 32);
            v00.Store(panel);
            v01.Store(panel + 32);
            v10.Store(panel + 64);
            v11.Store(panel + 96);
            v20.Store(panel + 128);
            v21.Store(panel + 160);
            v30.Store(panel + 192);
            v31.Store(panel + 224);
        }
        for (; p < steps; p++, source += stride, panel += 64)
        {
            Vector256.Load(source).Store(panel);
            Vector256.Load(source + 32).Store(panel + 32);
        }
    }

    private static void PackSideBySide<T>(T* source, nint stepStride, int count, int width, int steps, T* panels)
        where T : unmanaged
    {
        var bytes = width * sizeof(T);
        var distance = (nint)bytes * steps;
        for (nint p = 0; p < steps; p++, source += stepStride)
        {
            var from = (byte*)source;
            var to = (byte*)panels + p * bytes;
            // Six floats, without loops inside.
            for (var panel = 0; bytes == 24 && panel < count; panel++, from += bytes, to += distance)
            {
                Vector128.Load(from).Store(to);
                *(ulong*)(to + 16) = *(ulong*)(from + 16);
            }
            for (var panel = 0; bytes != 24 && panel < count; panel++, from += bytes, to += distance)
            {
                var at = 0;
                for (; Vector512.IsHardwareAccelerated && at + 64 <= bytes; at += 64)
                    Vector512.Load(from + at).Store(to + at);
                for (; Vector256.IsHardwareAccelerated && at + 32 <= bytes; at += 32)
                    Vector256.Load(from + at).Store(to + at);
                for (; at < bytes; at += 16)
                    Vector128.Load(from + at).Store(to + at);
            }
        }
    }

    /// <summary>
    /// panel[p · width + i] = source[i · laneStride + p · stepStride] for i below <paramref name="lanes"/>, 0 for the rest of the width.
    /// </summary>
    public static void Pack<T>(T* source, nint laneStride, nint stepStride, int lanes, int width, int steps, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (lanes < width)
            new Span<T>(panel, width * steps).Clear();
        if (laneStride == 1)
            PackRows(source, stepStride, lanes, width, steps, panel);
        else if (stepStride == 1)
            Transpose(source, laneStride, lanes, width, steps, panel);
        else
            PackAny(source, laneStride, stepStride, lanes, width, 0, steps, panel);
    }

    private static void PackRows<T>(T* source, nint stepStride, int lanes, int width, int steps, T* panel)
        where T : unmanaged
    {
        if (lanes == width && width * sizeof(T) % 64 == 0 && Vector512.IsHardwareAccelerated)
        {
            var bytes = width * sizeof(T);
            for (var p = 0; p < steps; p++, source += stepStride, panel += width)
            {
                for (var at = 0; at < bytes; at += 64)
                    Vector512.Load((byte*)source + at).Store((byte*)panel + at);
            }
            return;
        }
        if (lanes == width && width * sizeof(T) % 16 == 0)
        {
            var bytes = width * sizeof(T);
            for (var p = 0; p < steps; p++, source += stepStride, panel += width)
            {
                for (var at = 0; at < bytes; at += 16)
                    Vector128.Load((byte*)source + at).Store((byte*)panel + at);
            }
            return;
        }
        for (var p = 0; p < steps; p++, source += stepStride, panel += width)
        {
            for (var i = 0; i < lanes; i++)
                panel[i] = source[i];
        }
    }

    /// <summary>panel[p · width + i] = source[i · laneStride + p]; nothing else of the panel is touched.</summary>
    public static void Transpose<T>(T* source, nint laneStride, int lanes, nint width, int steps, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var side = Side<T>(Math.Min(lanes, steps));
        if (side == 0)
        {
            PackAny(source, laneStride, 1, lanes, width, 0, steps, panel);
            return;
        }
        // The last squares overlap those before them and copy the same numbers again.
        for (var l = 0; l < lanes; l += side)
        {
            nint lane = Math.Min(l, lanes - side);
            var from = source + lane * laneStride;
            var to = panel + lane;
            for (var p = 0; p < steps; p += side)
            {
                nint step = Math.Min(p, steps - side);
                TransposeSquare(side, from + step, laneStride, to + step * width, width);
            }
        }
    }

    /// <summary>The same, a few steps at a time: each of the panel's rows is written from its beginning to its end.</summary>
    public static void TransposeRows<T>(T* source, nint laneStride, int lanes, nint width, int steps, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var side = Side<T>(Math.Min(lanes, steps));
        if (side == 0)
        {
            PackAny(source, laneStride, 1, lanes, width, 0, steps, panel);
            return;
        }
        for (var p = 0; p < steps; p += side)
        {
            nint step = Math.Min(p, steps - side);
            var from = source + step;
            var to = panel + step * width;
            for (var l = 0; l < lanes; l += side)
            {
                nint lane = Math.Min(l, lanes - side);
                TransposeSquare(side, from + lane * laneStride, laneStride, to + lane, width);
            }
        }
    }

    // The largest square of whole vectors that both sides have room for, or 0.
    private static int Side<T>(int shorter)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float))
            return shorter >= 2 ? 2 : 0;
        return shorter >= 8 && Avx.IsSupported ? 8 : shorter >= 4 ? 4 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeSquare<T>(int side, T* from, nint fromStride, T* to, nint toStride)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float))
            Transpose2((double*)from, fromStride, (double*)to, toStride);
        else if (side == 8)
            Transpose8((float*)from, fromStride, (float*)to, toStride);
        else
            Transpose4((float*)from, fromStride, (float*)to, toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* from, nint fromStride, float* to, nint toStride)
    {
        Transpose8By4(from, fromStride, to, toStride);
        Transpose8By4(from + 4, fromStride, to + 4 * toStride, toStride);
    }

    // 4 numbers of each of 8 rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8By4(float* from, nint stride, float* to, nint toStride)
    {
        var half = from + 4 * stride;
        var r0 = Vector256.Create(Vector128.Load(from), Vector128.Load(half));
        var r1 = Vector256.Create(Vector128.Load(from + stride), Vector128.Load(half + stride));
        var r2 = Vector256.Create(Vector128.Load(from + 2 * stride), Vector128.Load(half + 2 * stride));
        var r3 = Vector256.Create(Vector128.Load(from + 3 * stride), Vector128.Load(half + 3 * stride));
        var even0 = Avx.UnpackLow(r0, r2);
        var even1 = Avx.UnpackHigh(r0, r2);
        var odd0 = Avx.UnpackLow(r1, r3);
        var odd1 = Avx.UnpackHigh(r1, r3);
        Avx.UnpackLow(even0, odd0).Store(to);
        Avx.UnpackHigh(even0, odd0).Store(to + toStride);
        Avx.UnpackLow(even1, odd1).Store(to + 2 * toStride);
        Avx.UnpackHigh(even1, odd1).Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(float* from, nint fromStride, float* to, nint toStride)
    {
        var r0 = Vector128.Load(from);
        var r1 = Vector128.Load(from + fromStride);
        var r2 = Vector128.Load(from + 2 * fromStride);
        var r3 = Vector128.Load(from + 3 * fromStride);
        var even0 = Low(r0, r2);
        var even1 = High(r0, r2);
        var odd0 = Low(r1, r3);
        var odd1 = High(r1, r3);
        Low(even0, odd0).Store(to);
        High(even0, odd0).Store(to + toStride);
        Low(even1, odd1).Store(to + 2 * toStride);
        High(even1, odd1).Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose2(double* from, nint fromStride, double* to, nint toStride)
    {
        var r0 = Vector128.Load(from);
        var r1 = Vector128.Load(from + fromStride);
        Vector128.Create(r0.GetLower(), r1.GetLower()).Store(to);
        Vector128.Create(r0.GetUpper(), r1.GetUpper()).Store(to + toStride);
    }

    // a0 b0 a1 b1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.UnpackLow(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);
    }

    // a2 b2 a3 b3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.UnpackHigh(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
    }

    private static void PackAny<T>(
        T* source, nint laneStride, nint stepStride, int lanes, nint width, int firstStep, int endStep, T* panel)
        where T : unmanaged
    {
        for (nint p = firstStep; p < endStep; p++)
        {
            var from = source + p * stepStride;
            var to = panel + p * width;
            for (nint i = 0; i < lanes; i++)
                to[i] = from[i * laneStride];
        }
    }
}
