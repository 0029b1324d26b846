namespace Glia.Interchange.Onnx.Operators;

/// <summary>Counts of short sequences (n-grams) of whole numbers.</summary>
internal static class NGrams
{
    public static Operator[] All =>
    [
        new("TfIdfVectorizer", 9, "1", "max_gram_length:i max_skip_count:i min_gram_length:i mode:s=TF|IDF|TFIDF ngram_counts:I ngram_indexes:I pool_int64s:I weights:F", Vectorize, OperatorTraits.Grows),
    ];

    /// <summary>For each row and each sequence of the pool how often it occurs, its elements lying 1 to <c>max_skip_count</c> + 1 apart; with its weight, or its weight alone where it occurs.</summary>
    private static Value[] Vectorize(NodeCall c)
    {
        var (shortest, longest, skips, mode) = (c.Int("min_gram_length", 1), c.Int("max_gram_length", 1), c.Int("max_skip_count", 0), c.Text("mode", "TF"));
        var places = c.Ints("ngram_indexes") ?? throw new ArgumentException("ngram_indexes were expected.");
        var weights = c.Attributes.Floats("weights");
        if (c.X.Rank is not (1 or 2) || shortest < 1 || longest < shortest || skips < 0 || places.Any(p => p < 0) || (weights is not null && weights.Length != places.Length))
            throw new ArgumentException($"a sequence or a matrix of them, lengths from 1 on, and a place and a weight for each n-gram were expected but got {c.X.Shape}.");
        var pool = Pool(c);
        if (pool.Count > places.Length)
            throw new ArgumentException($"{pool.Count} ngram_indexes were expected but got {places.Length}.");
        var width = places.Length == 0 ? 0 : checked(places.Max() + 1);
        var shape = c.X.Rank == 1 ? new Shape(width) : new Shape(c.X.Shape[0], width);
        var weightOf = new double[width];
        Array.Fill(weightOf, 1);
        for (var i = 0; i < (weights?.Length ?? 0); i++)
            weightOf[places[i]] = weights![i];
        return [Value.Of(HostMath.Make(shape, DType.Float32, (c.X.Detach(), pool, places, weightOf, shortest, longest, skips, mode), static (s, y) =>
        {
            var (x, pool, places, weightOf, shortest, longest, skips, mode) = s;
            y.FillInPlace(0);
            var counts = y.AsWritableSpan<float>();
            var (width, length) = (weightOf.Length, x.Shape[-1]);
            for (var start = 0; start < x.Count; start++)
            {
                var (row, room) = (start / length, length - (start % length));
                for (var distance = 1; distance <= skips + 1; distance++)
                {
                    var key = "";
                    for (var size = 1; size <= longest && (size - 1L) * distance < room; size++)
                    {
                        key = Longer(key, HostMath.Whole(x, start + ((size - 1) * distance)));
                        // One number alone has no distances.
                        if (size >= shortest && (size > 1 || distance == 1) && pool.TryGetValue(key, out var gram))
                            counts[(row * width) + places[gram]]++;
                    }
                }
            }
            for (var i = 0; i < counts.Length; i++)
                counts[i] = mode == "TF" ? counts[i] : (float)weightOf[i % width] * (mode == "IDF" ? Math.Min(counts[i], 1) : counts[i]);
        }))];
    }

    /// <summary>Which n-gram of the pool a sequence is. Those of one number come first, then those of two; <c>ngram_counts</c> says where each length starts.</summary>
    private static Dictionary<string, int> Pool(NodeCall c)
    {
        var numbers = c.Attributes.Ints("pool_int64s") ?? throw new ArgumentException("pool_int64s were expected; texts are not supported.");
        var starts = c.Ints("ngram_counts") ?? throw new ArgumentException("ngram_counts were expected.");
        var pool = new Dictionary<string, int>(StringComparer.Ordinal);
        var gram = 0;
        for (var size = 1; size <= starts.Length; size++)
        {
            var (start, end) = (starts[size - 1], size < starts.Length ? starts[size] : numbers.Length);
            if (start < 0 || end < start || end > numbers.Length || (end - start) % size != 0)
                throw new ArgumentException($"ngram_counts that divide {numbers.Length} numbers into n-grams were expected but got [{string.Join(", ", starts)}].");
            for (var at = start; at < end; at += size, gram++)
            {
                var key = "";
                for (var i = 0; i < size; i++)
                    key = Longer(key, numbers[at + i]);
                if (!pool.TryAdd(key, gram))
                    throw new ArgumentException($"each n-gram once was expected in pool_int64s but [{key}] is there twice.");
            }
        }
        return pool;
    }

    private static string Longer(string key, long number) => key.Length == 0 ? $"{number}" : $"{key} {number}";
}
