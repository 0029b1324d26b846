namespace Glia.Models;

/// <summary>
/// Goes on by one symbol with several sequences at once: row k continues row <c>parents[k]</c> of <paramref name="state"/> by <c>symbols[k]</c>.
/// </summary>
/// <typeparam name="TState">What a model carries from step to step, for all rows.</typeparam>
/// <param name="symbols">The last symbol of each row.</param>
/// <param name="parents">The row of the state before that each row goes on from; the same one may occur several times, or not at all.</param>
/// <param name="state">The state that the last step gave, or the one at the beginning.</param>
/// <returns>ln p of each next symbol, (rows, symbols), and the state of the rows. −∞ forbids a symbol.</returns>
public delegate (Tensor LogProbabilities, TState State) DecodingStep<TState>(long[] symbols, int[] parents, TState state);

/// <summary>
/// Looks for the likeliest sequence of a model that gives the probability of each next symbol. At each step the likeliest beginnings are kept, as many as
/// the beam is wide, and extended by every symbol; one that is extended by the end is finished. A beam of width 1 is greedy search; one that is wide enough
/// to keep everything finds the best sequence there is.
/// </summary>
public static class BeamSearch
{
    /// <summary>Searches for several sources at once.</summary>
    /// <typeparam name="TState">What the model carries from step to step.</typeparam>
    /// <param name="count">The number of sources: the rows of the first state.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="step">Gives the probabilities of the next symbols.</param>
    /// <param name="start">The symbol that sequences begin with.</param>
    /// <param name="end">The symbol that finishes a sequence.</param>
    /// <param name="options">Width, length normalisation, largest length; see <see cref="BeamSearchOptions"/>.</param>
    /// <returns>For each source the best sequences, at most as many as the beam is wide: finished ones first, each kind from the highest score down.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the model gives NaN.</exception>
    /// <exception cref="ShapeException">The step does not give a row for each row.</exception>
    public static IReadOnlyList<IReadOnlyList<BeamHypothesis>> Run<TState>(
        int count, TState state, DecodingStep<TState> step, long start, long end, BeamSearchOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(step);
        options ??= new();
        options.Check();
        var beams = new Beam[count];
        for (var i = 0; i < count; i++)
            beams[i] = new Beam(options, end);
        var (symbols, parents) = (Enumerable.Repeat(start, count).ToArray(), Enumerable.Range(0, count).ToArray());
        for (var length = 1; length <= options.MaxLength && symbols.Length > 0; length++)
        {
            (var scores, state) = step(symbols, parents, state);
            if (scores.Rank != 2 || scores.Shape[0] != symbols.Length)
                throw ShapeException.Of(nameof(BeamSearch), $"log-probabilities ({symbols.Length}, symbols)", $"{scores.Shape}");
            (symbols, parents) = Extend(beams, scores.Detach().To(DType.Float64), length);
        }
        return Array.ConvertAll(beams, beam => beam.Best());
    }

    private static (long[] Symbols, int[] Parents) Extend(Beam[] beams, Tensor scores, int length)
    {
        var (symbols, parents) = (new List<long>(), new List<int>());
        var row = 0;
        foreach (var beam in beams)
        {
            var rows = beam.Alive.Count;
            beam.Extend(scores.AsSpan<double>().Slice(row * scores.Shape[1], rows * scores.Shape[1]), scores.Shape[1], length);
            foreach (var beginning in beam.Alive)
            {
                symbols.Add(beginning.Symbol);
                parents.Add(row + beginning.Row);
            }
            row += rows;
        }
        return ([.. symbols], [.. parents]);
    }

    /// <summary>A beginning: that of a row of the step before, and one symbol more.</summary>
    private sealed record Beginning(Beginning? Before, int Row, long Symbol, double LogProbability)
    {
        public long[] Symbols()
        {
            var symbols = new Stack<long>();
            for (var at = this; at.Before is not null; at = at.Before)
                symbols.Push(at.Symbol);
            return [.. symbols];
        }
    }

    /// <summary>The search for one source.</summary>
    private sealed class Beam(BeamSearchOptions options, long end)
    {
        private readonly List<BeamHypothesis> _finished = [];
        private int _length;

        public List<Beginning> Alive { get; private set; } = [new Beginning(null, 0, 0, 0)];

        public void Extend(ReadOnlySpan<double> scores, int symbols, int length)
        {
            if (Alive.Count == 0)
                return;
            _length = length;
            var kept = Likeliest(scores, symbols);
            foreach (var ended in kept.Where(b => b.Symbol == end))
                _finished.Add(new(ended.Before!.Symbols(), ended.LogProbability, Score(ended, length), IsFinished: true));
            kept.RemoveAll(b => b.Symbol == end);
            Alive = IsDecided(kept) ? [] : kept;
        }

        public IReadOnlyList<BeamHypothesis> Best()
        {
            var unfinished = Alive.Select(b => new BeamHypothesis(b.Symbols(), b.LogProbability, Score(b, _length), IsFinished: false));
            return [.. _finished.OrderByDescending(h => h.Score).Concat(unfinished.OrderByDescending(h => h.Score)).Take(options.Width)];
        }

        /// <summary>The likeliest extensions of all beginnings, in order; of equal ones the first stays first.</summary>
        private List<Beginning> Likeliest(ReadOnlySpan<double> scores, int symbols)
        {
            var best = new List<Beginning>();
            for (var i = 0; i < scores.Length; i++)
            {
                var before = Alive[i / symbols];
                var total = before.LogProbability + scores[i];
                if (double.IsNaN(total))
                    throw new ArgumentException($"The log-probability of symbol {i % symbols} is NaN: the model's weights are damaged.", nameof(scores));
                if (double.IsNegativeInfinity(total) || (best.Count == options.Width && total <= best[^1].LogProbability))
                    continue;
                if (best.Count == options.Width)
                    best.RemoveAt(best.Count - 1);
                var at = best.Count;
                while (at > 0 && best[at - 1].LogProbability < total)
                    at--;
                best.Insert(at, new Beginning(before, i / symbols, i % symbols, total));
            }
            return best;
        }

        /// <summary>Whether no beginning can still come among the best: it only loses probability, and its length helps it at most as far as lengths go.</summary>
        private bool IsDecided(List<Beginning> beginnings)
        {
            if (_finished.Count < options.Width || beginnings.Count == 0)
                return false;
            var worst = _finished.OrderByDescending(h => h.Score).ElementAt(options.Width - 1).Score;
            return Score(beginnings[0], options.MaxLength) <= worst;
        }

        private double Score(Beginning beginning, int length) => beginning.LogProbability / Math.Pow(length, options.LengthNormalization);
    }
}
