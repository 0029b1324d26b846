using Glia.Kernels;
using Glia.Layers;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Convolutions, pooling and changes of the size of images.</summary>
internal static class WindowExport
{
    public static void Convolution(NodeExport node)
    {
        var calls = node.All<ConvCall>().ToArray();
        var (call, axes) = (calls[0], calls[0].Settings.Windows.Axes);
        var windows = call.Settings.Windows;
        List<Proto.AttributeProto> attributes =
        [
            Attribute.Of("kernel_shape", windows.Kernel), Attribute.Of("strides", windows.Stride), Attribute.Of("dilations", windows.Dilation), Attribute.Of("group", call.Settings.Groups),
        ];
        // What "same" asks for depends on the size, unless the stride is 1.
        WindowAxis[][] along = [.. calls.Select((c, k) => Enumerable.Range(0, axes).Select(i => c.Settings.Windows.Along(i, node.Value(0).Size(i + 2)[k])).ToArray())];
        if (along.All(a => Enumerable.Range(0, axes).All(i => (a[i].PadBefore, a[i].PadAfter) == (along[0][i].PadBefore, along[0][i].PadAfter))))
            attributes.Add(Attribute.Of("pads", [.. along[0].Select(a => a.PadBefore), .. along[0].Select(a => a.PadAfter)]));
        else
            attributes.Add(Attribute.Of("auto_pad", "SAME_UPPER"));
        string?[] inputs = [.. Enumerable.Range(0, 3).Select(node.Name)];
        if (call.OutputPadding is { } padding)
        {
            // An output padding of a stride or more: windows that the input has nothing for.
            int[] windowsMore = [.. padding.Zip(windows.Stride, (p, s) => p / s)];
            if (windowsMore.Any(w => w > 0))
                inputs[0] = node.Graph.Node("Pad", [inputs[0], node.Graph.Int64([.. new long[axes + 4], .. windowsMore.Select(w => (long)w)])]);
            attributes.Add(Attribute.Of("output_padding", padding.Zip(windows.Stride, (p, s) => p % s)));
        }
        node.Set(node.Graph.Node(call.Name, inputs, [.. attributes]));
    }

    public static void MaxPool(NodeExport node)
    {
        var (attributes, _) = Settings(node, [.. node.All<MaxPoolOperation>().Select(o => o.Geometry)]);
        node.Set(node.Emit("MaxPool", [.. attributes]));
    }

    public static void AveragePool(NodeExport node)
    {
        var operation = (AveragePoolOperation)node.What;
        if (operation.IsTransposed)
            throw GraphExport.NoOperator();
        PoolGeometry[] geometries = [.. node.All<AveragePoolOperation>().Select(o => o.Geometry)];
        var axes = node.Value(0).Rank - 2;
        var x = node.Name(0)!;
        var over = Axes(geometries[0], axes);
        var (attributes, hangsOver) = Settings(node, geometries);
        var isPadded = geometries.Any(g => Axes(g, axes).Any(a => a.PadBefore + a.PadAfter > 0));
        // What hangs over the end never counts, so that a padding that counts has to be part of the input.
        if (operation.CountIncludePad && isPadded && hangsOver)
        {
            long[] pads = [0, 0, .. over.Select(a => (long)a.PadBefore), 0, 0, .. over.Select(a => (long)a.PadAfter)];
            x = node.Graph.Node("Pad", [x, node.Graph.Int64(pads)]);
            (attributes, _) = Settings(node, [.. geometries.Select(WithoutPadding)]);
        }
        else if (operation.CountIncludePad && isPadded)
        {
            attributes.Add(Attribute.Of("count_include_pad", 1));
        }
        node.Set(node.Graph.Node("AveragePool", [x], [.. attributes]));
    }

    /// <summary>ONNX Runtime has GlobalMaxPool for 32-bit numbers only.</summary>
    public static void GlobalMax(NodeExport node) => node.Set(node.DType == DType.Float32
        ? node.Emit("GlobalMaxPool")
        : ReductionExport.Reduced(node.Graph, "ReduceMax", node.Name(0)!, [.. Enumerable.Range(2, node.Value(0).Rank - 2)], keepDims: true));

    public static void UpSample(NodeExport node)
    {
        var layer = ((UpSampleCall)node.What).Layer;
        var scales = node.Graph.Constant(Tensor.From([1f, 1f, layer.Scale.Height, layer.Scale.Width]));
        Proto.AttributeProto[] settings = layer.Interpolation == Interpolation.Nearest
            ? [Attribute.Of("mode", "nearest"), Attribute.Of("coordinate_transformation_mode", "asymmetric"), Attribute.Of("nearest_mode", "floor")]
            : [Attribute.Of("mode", "linear"), Attribute.Of("coordinate_transformation_mode", "half_pixel")];
        node.Set(node.Graph.Node("Resize", [node.Name(0), null, scales], settings));
    }

    /// <summary>
    /// The settings, and whether a window hangs over the end of the padded input. A last window that does so is said by more padding, which the operators treat as nothing, wherever the size is
    /// known: what the setting ceil_mode gives at the edge has changed between versions.
    /// </summary>
    private static (List<Proto.AttributeProto> Attributes, bool HangsOver) Settings(NodeExport node, PoolGeometry[] geometries)
    {
        var axes = node.Value(0).Rank - 2;
        var all = Array.ConvertAll(geometries, g => Axes(g, axes));
        var first = all[0];
        if (all.Any(a => a.Zip(first).Any(p => (p.First.Kernel, p.First.Stride, p.First.Dilation) != (p.Second.Kernel, p.Second.Stride, p.Second.Dilation))))
            throw new RefusedException("its windows follow from the size of the input. Export with fixed sizes");
        // What "same" asks for depends on the size.
        var isSame = all.Any(a => a.Zip(first).Any(p => (p.First.PadBefore, p.First.PadAfter) != (p.Second.PadBefore, p.Second.PadAfter)));
        int[][] after = [.. geometries.Select((g, k) => all[k].Select(a => Math.Max(a.PadAfter, g.CeilMode ? Reach(a) : 0)).ToArray())];
        var fits = after.All(a => a.SequenceEqual(after[0])) && first.Zip(after[0]).All(p => p.Second < p.First.Kernel);
        List<Proto.AttributeProto> attributes =
        [
            Attribute.Of("kernel_shape", first.Select(a => a.Kernel)), Attribute.Of("strides", first.Select(a => a.Stride)),
            isSame ? Attribute.Of("auto_pad", "SAME_UPPER") : Attribute.Of("pads", [.. first.Select(a => a.PadBefore), .. fits ? after[0] : first.Select(a => a.PadAfter)]),
        ];
        // Older versions of AveragePool have no dilations.
        if (first.Any(a => a.Dilation != 1))
            attributes.Add(Attribute.Of("dilations", first.Select(a => a.Dilation)));
        if (!fits && !isSame)
            attributes.Add(Attribute.Of("ceil_mode", 1));
        return (attributes, after.Zip(all).Any(k => k.First.Zip(k.Second).Any(p => p.First > p.Second.PadAfter)));
    }

    /// <summary>The padding after the input that the last window of a rounded up number needs.</summary>
    private static int Reach(WindowAxis axis) => ((axis.OutCeil - 1) * axis.Stride) + (axis.Dilation * (axis.Kernel - 1)) + 1 - axis.In - axis.PadBefore;

    private static PoolGeometry WithoutPadding(PoolGeometry geometry)
    {
        return geometry with { Depth = Padded(geometry.Depth), Height = Padded(geometry.Height), Width = Padded(geometry.Width) };

        static WindowAxis Padded(WindowAxis axis) => axis with { In = axis.In + axis.PadBefore + axis.PadAfter, PadBefore = 0, PadAfter = 0 };
    }

    private static WindowAxis[] Axes(PoolGeometry geometry, int axes)
    {
        WindowAxis[] all = [geometry.Depth, geometry.Height, geometry.Width];
        return all[^axes..];
    }
}
