namespace Glia.Interchange.Onnx.Operators;

/// <summary>Sums of products by Einstein's convention: <c>ij,jk-&gt;ik</c> is the product of two matrices.</summary>
internal static class Einsum
{
    // Labels of the axes that an ellipsis stands for, the last one first, which no equation can hold.
    private const char Ellipsis = '\uE000';

    public static Tensor Compute(string equation, Tensor[] operands)
    {
        var (inputs, output) = Parse(equation, operands);
        var sizes = new Dictionary<char, int>();
        for (var i = 0; i < operands.Length; i++)
            Note(sizes, inputs[i], operands[i].Shape, equation);
        var (value, labels) = Diagonal(operands[0], inputs[0]);
        for (var i = 1; i < operands.Length; i++)
        {
            var (next, nextLabels) = Diagonal(operands[i], inputs[i]);
            var needed = output + string.Concat(inputs[(i + 1)..]);
            (value, labels) = Contract(value, labels, next, nextLabels, needed);
        }
        (value, labels) = SumAway(value, labels, output);
        var present = string.Concat(output.Where(l => labels.Contains(l, StringComparison.Ordinal)));
        return value.Rank == 0 ? value : value.Permute([.. present.Select(l => labels.IndexOf(l, StringComparison.Ordinal))]);
    }

    private static (string[] Inputs, string Output) Parse(string equation, Tensor[] operands)
    {
        var text = equation.Replace(" ", "", StringComparison.Ordinal);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var terms = (arrow < 0 ? text : text[..arrow]).Split(',');
        if (terms.Length != operands.Length)
            throw new ArgumentException($"the equation '{OnnxText.Shorten(equation)}' has {terms.Length} terms for {operands.Length} inputs.");
        var most = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            var axes = operands[i].Rank - terms[i].Replace("...", "", StringComparison.Ordinal).Length;
            var hasEllipsis = terms[i].Contains("...", StringComparison.Ordinal);
            if (axes < 0 || (axes > 0 && !hasEllipsis))
                throw new ArgumentException($"the term '{OnnxText.Shorten(terms[i])}' does not fit the shape {operands[i].Shape}.");
            terms[i] = terms[i].Replace("...", Dots(hasEllipsis ? axes : 0), StringComparison.Ordinal);
            most = hasEllipsis ? Math.Max(most, axes) : most;
        }
        if (arrow >= 0)
            return (terms, text[(arrow + 2)..].Replace("...", Dots(most), StringComparison.Ordinal));
        // Without an output: the labels that occur once, in the order of the alphabet.
        var once = string.Concat(terms).GroupBy(l => l).Where(g => g.Count() == 1 && g.Key < Ellipsis).Select(g => g.Key).Order();
        return (terms, Dots(most) + string.Concat(once));
    }

    private static string Dots(int axes) => string.Concat(Enumerable.Range(0, axes).Select(i => (char)(Ellipsis + axes - 1 - i)));

    private static void Note(Dictionary<char, int> sizes, string labels, Shape shape, string equation)
    {
        for (var d = 0; d < labels.Length; d++)
        {
            var known = sizes.GetValueOrDefault(labels[d], 1);
            if (known != 1 && shape[d] != 1 && known != shape[d])
                throw new ArgumentException($"the equation '{OnnxText.Shorten(equation)}' has a label of sizes {known} and {shape[d]}.");
            sizes[labels[d]] = shape[d] == 1 ? known : shape[d];
        }
    }

    /// <summary>A label that occurs twice in a term takes the diagonal.</summary>
    private static (Tensor Value, string Labels) Diagonal(Tensor x, string labels)
    {
        for (var d = 0; d < labels.Length; d++)
        {
            var again = labels.IndexOf(labels[d], d + 1);
            if (again < 0)
                continue;
            var size = x.Shape[d];
            int[] order = [.. Enumerable.Range(0, x.Rank).Where(a => a != d && a != again), d, again];
            var rest = x.Permute(order);
            var places = Generation.Iota(size, size + 1);
            var flat = rest.Reshape(new Shape([.. rest.Shape.Sizes[..^2], size * x.Shape[again]])).IndexSelect(-1, places);
            return Diagonal(flat, string.Concat(order[..^1].Select(a => labels[a])));
        }
        return (x, labels);
    }

    private static (Tensor Value, string Labels) SumAway(Tensor x, string labels, string kept)
    {
        int[] axes = [.. Enumerable.Range(0, labels.Length).Where(d => !kept.Contains(labels[d], StringComparison.Ordinal))];
        return axes.Length == 0 ? (x, labels) : (Reductions.Sum(x, axes), string.Concat(labels.Where(l => kept.Contains(l, StringComparison.Ordinal))));
    }

    /// <summary>The product of two terms as a batch of matrix products: labels of both that are needed, of one alone, and those that are summed.</summary>
    private static (Tensor Value, string Labels) Contract(Tensor a, string labelsA, Tensor b, string labelsB, string needed)
    {
        (a, labelsA) = SumAway(a, labelsA, needed + labelsB);
        (b, labelsB) = SumAway(b, labelsB, needed + labelsA);
        var batch = string.Concat(labelsA.Where(l => labelsB.Contains(l, StringComparison.Ordinal) && needed.Contains(l, StringComparison.Ordinal)));
        var summed = string.Concat(labelsA.Where(l => labelsB.Contains(l, StringComparison.Ordinal) && !needed.Contains(l, StringComparison.Ordinal)));
        var onlyA = string.Concat(labelsA.Where(l => !labelsB.Contains(l, StringComparison.Ordinal)));
        var onlyB = string.Concat(labelsB.Where(l => !labelsA.Contains(l, StringComparison.Ordinal)));
        (a, b) = (Ordered(a, labelsA, batch + onlyA + summed), Ordered(b, labelsB, batch + summed + onlyB));
        // Sizes of 1 broadcast along summed labels too.
        (a, b) = (Spread(a, batch.Length + onlyA.Length, b, batch.Length, summed.Length), Spread(b, batch.Length, a, batch.Length + onlyA.Length, summed.Length));
        var (m, k, n) = (Product(a.Shape.Sizes.Slice(batch.Length, onlyA.Length)), Product(a.Shape.Sizes[^summed.Length..]), Product(b.Shape.Sizes[^onlyB.Length..]));
        var left = a.Reshape(new Shape([.. a.Shape.Sizes[..batch.Length], m, k]));
        var right = b.Reshape(new Shape([.. b.Shape.Sizes[..batch.Length], k, n]));
        var y = Products.MatMul(left, right);
        int[] sizes = [.. y.Shape.Sizes[..^2], .. a.Shape.Sizes.Slice(batch.Length, onlyA.Length), .. b.Shape.Sizes[^onlyB.Length..]];
        return (y.Reshape(new Shape(sizes)), batch + onlyA + onlyB);
    }

    private static Tensor Ordered(Tensor x, string labels, string order) =>
        x.Rank == 0 ? x : x.Permute([.. order.Select(l => labels.IndexOf(l, StringComparison.Ordinal))]);

    private static Tensor Spread(Tensor x, int start, Tensor other, int otherStart, int count)
    {
        var sizes = x.Shape.Sizes.ToArray();
        for (var i = 0; i < count; i++)
            sizes[start + i] = Math.Max(sizes[start + i], other.Shape[otherStart + i]);
        return x.BroadcastTo(new Shape(sizes));
    }

    private static int Product(ReadOnlySpan<int> sizes)
    {
        var product = 1;
        foreach (var size in sizes)
            product = checked(product * size);
        return product;
    }
}
