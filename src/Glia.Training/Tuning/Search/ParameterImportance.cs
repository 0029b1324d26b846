namespace Glia.Training.Tuning;

/// <summary>
/// How much of the variance of the scores one parameter explains alone (functional analysis of variance; Hutter, Hoos and Leyton-Brown 2014): a small random forest
/// learns the score from the values; averaged over all other parameters, each tree is a function of this one, and its share is the variance of that function over
/// the variance of the tree. The shares add up to less than 1 where parameters act together.
/// </summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">From 0 to 1.</param>
public sealed record ParameterImportance(string Name, double Share)
{
    private const int Trees = 32;
    private const int FewestTrials = 4;

    internal static IReadOnlyList<ParameterImportance> Of(SearchSpace space, IReadOnlyList<(double[] Positions, double Score)> trials, MonitorMode goal)
    {
        if (trials.Count < FewestTrials)
            return [];
        var scores = Tamed([.. trials.Select(t => goal == MonitorMode.Lower ? t.Score : -t.Score)]);
        double[][] positions = [.. trials.Select(t => t.Positions)];
        var random = new Rng(0).Split("importance");
        var (shares, counted) = (new double[space.Parameters.Count], 0);
        for (var i = 0; i < Trees; i++)
        {
            var draw = random.Split((ulong)i);
            int[] sample = [.. Enumerable.Range(0, trials.Count).Select(_ => draw.NextInt(trials.Count))];
            var tree = RegressionTree.Grow(positions, scores, sample);
            if (!(tree.Variance > 0))
                continue;
            counted++;
            for (var p = 0; p < shares.Length; p++)
                shares[p] += tree.VarianceAlong(p) / tree.Variance;
        }
        return counted == 0
            ? []
            : [.. space.Parameters.Select((parameter, p) => new ParameterImportance(parameter.Name, Math.Clamp(shares[p] / counted, 0, 1)))];
    }

    /// <summary>Scores far worse than the others, such as of trials that nearly diverged, count as bad but not by how much, or they would be all that is explained.</summary>
    private static double[] Tamed(double[] costs)
    {
        double[] sorted = [.. costs.Order()];
        var (quarter, threeQuarters) = (sorted[sorted.Length / 4], sorted[3 * sorted.Length / 4]);
        var limit = threeQuarters + (1.5 * (threeQuarters - quarter));
        return quarter < threeQuarters ? Array.ConvertAll(costs, cost => Math.Min(cost, limit)) : costs;
    }
}
