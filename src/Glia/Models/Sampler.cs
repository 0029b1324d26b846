namespace Glia.Models;

/// <summary>
/// Draws the next symbol from a language model's logits: from softmax(logits / temperature), cut down to the likeliest symbols first where asked.
/// </summary>
public sealed class Sampler
{
    /// <summary>Creates a sampler.</summary>
    /// <param name="temperature">Below 1 likelier symbols become likelier still, above 1 all come closer together; 0 always takes the likeliest. 1 by default.</param>
    /// <param name="topK">Only the k likeliest symbols can be drawn; 0 (the default) for all.</param>
    /// <param name="topP">
    /// Only the fewest likeliest symbols whose probabilities sum up to p can be drawn (nucleus sampling, Holtzman et al. 2020); 1 (the default) for all.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature or k is negative, or p is not in (0, 1].</exception>
    public Sampler(double temperature = 1, int topK = 0, double topP = 1)
    {
        if (!(temperature >= 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be 0 or more.");
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        if (!(topP > 0 && topP <= 1))
            throw new ArgumentOutOfRangeException(nameof(topP), topP, "The probability topP must be above 0 and at most 1.");
        (Temperature, TopK, TopP) = (temperature, topK, topP);
    }

    /// <summary>What logits are divided by.</summary>
    public double Temperature { get; }

    /// <summary>How many symbols can be drawn; 0 for all.</summary>
    public int TopK { get; }

    /// <summary>The probability that the symbols which can be drawn have together.</summary>
    public double TopP { get; }

    /// <summary>The probability of each symbol to be drawn, after temperature, top-k and top-p (in this order).</summary>
    /// <exception cref="ArgumentException">There is no symbol, or a logit is NaN.</exception>
    public double[] Probabilities(ReadOnlySpan<float> logits)
    {
        var order = Ranked(logits);
        var probabilities = new double[logits.Length];
        if (Temperature == 0)
        {
            probabilities[order[0]] = 1;
            return probabilities;
        }
        var kept = TopK == 0 ? order.Length : Math.Min(TopK, order.Length);
        var sum = 0.0;
        for (var i = 0; i < kept; i++)
            sum += probabilities[order[i]] = Math.Exp((logits[order[i]] - (double)logits[order[0]]) / Temperature);
        var (nucleus, reached) = (0, 0.0);
        while (nucleus < kept && (nucleus == 0 || reached < TopP * sum))
            reached += probabilities[order[nucleus++]];
        for (var i = 0; i < kept; i++)
            probabilities[order[i]] = i < nucleus ? probabilities[order[i]] / reached : 0;
        return probabilities;
    }

    /// <summary>Draws a symbol.</summary>
    /// <param name="logits">One score per symbol.</param>
    /// <param name="rng">Where the random number comes from; one is drawn.</param>
    /// <exception cref="ArgumentException">There is no symbol, or a logit is NaN.</exception>
    public int Sample(ReadOnlySpan<float> logits, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        var probabilities = Probabilities(logits);
        var (rest, last) = (rng.NextDouble(), 0);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] == 0)
                continue;
            last = i;
            rest -= probabilities[i];
            if (rest < 0)
                break;
        }
        return last;
    }

    /// <summary>The symbols from the likeliest down; of equal ones the first comes first.</summary>
    private static int[] Ranked(ReadOnlySpan<float> logits)
    {
        if (logits.IsEmpty)
            throw new ArgumentException("There is no symbol to draw from.", nameof(logits));
        var (keys, order) = (new float[logits.Length], new int[logits.Length]);
        for (var i = 0; i < order.Length; i++)
        {
            if (float.IsNaN(logits[i]))
                throw new ArgumentException($"The score of symbol {i} is NaN: the model's weights are damaged.", nameof(logits));
            (keys[i], order[i]) = (logits[i], i);
        }
        Array.Sort(order, (a, b) => keys[b] != keys[a] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }
}
