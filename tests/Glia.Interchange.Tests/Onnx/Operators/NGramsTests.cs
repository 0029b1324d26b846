namespace Glia.Interchange.Tests.Onnx.Operators;

public class NGramsTests
{
    private static readonly int[] Pool = [2, 3, 5, 4, 5, 6, 7, 8, 6, 7], Starts = [0, 4], Places = [0, 1, 2, 3, 4, 5, 6], Mixed = [3, 0, 6, 1, 5, 2, 4];
    private static readonly float[] Weights = [2, 3, 5, 7, 11, 13, 17];

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 2, 5)]
    [InlineData(1, 2, 5)]
    [InlineData(1, 2, 1)]
    public void SequencesOfThePool_AreCounted(int shortest, int longest, int skips)
    {
        foreach (var mode in (string[])["TF", "IDF", "TFIDF"])
        {
            Counts(Tensor.From([1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8]), Places, shortest, longest, skips, mode).AgreesWithRuntime();
            Counts(Tensor.From([1L, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8], new Shape(2, 6)), Places, shortest, longest, skips, mode).AgreesWithRuntime();
        }
        Counts(Tensor.From([1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8]), Mixed, shortest, longest, skips, "TF").AgreesWithRuntime();
    }

    [Fact]
    public void Weights_AreThoseOfTheSequences() =>
        Counts(Tensor.From([5, 6, 3]), Mixed, 1, 2, 0, "TFIDF").Gives(Tensor.From([3f, 0, 0, 0, 0, 11, 5]));

    [Fact]
    public void PoolsThatCannotBe_AreRefused()
    {
        NodeCheck Of(int[] pool, int[] starts, int[] places) => new NodeCheck("TfIdfVectorizer", 9, ("mode", "TF"), ("min_gram_length", 1), ("max_gram_length", 2), ("max_skip_count", 0),
            ("pool_int64s", pool), ("ngram_counts", starts), ("ngram_indexes", places)).Input(Tensor.From([1, 2])).Output(OnnxElementType.Float);

        Assert.Contains("ngram_counts that divide 3 numbers", Of([1, 2, 3], [0, 2], [0, 1, 2]).Refusal(), StringComparison.Ordinal);
        Assert.Contains("[1] is there twice", Of([1, 1], [0], [0, 1]).Refusal(), StringComparison.Ordinal);
        Assert.Contains("2 ngram_indexes were expected but got 1", Of([1, 2], [0], [0]).Refusal(), StringComparison.Ordinal);
    }

    private static NodeCheck Counts(Tensor x, int[] places, int shortest, int longest, int skips, string mode) => new NodeCheck(
        "TfIdfVectorizer", 9, ("mode", mode), ("min_gram_length", shortest), ("max_gram_length", longest), ("max_skip_count", skips),
        ("pool_int64s", Pool), ("ngram_counts", Starts), ("ngram_indexes", places), ("weights", Weights)).Input(x).Output(OnnxElementType.Float);
}
