using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class ReferenceBackend
{
    public override void Attention(in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor? forbidden, MaskSteps steps, Tensor y, Tensor? weights)
    {
        var s = sizes;
        foreach (var (b, h, i) in QueriesOf(s))
        {
            var isForbidden = new bool[s.Keys];
            var scores = new double[s.Keys];
            for (var j = 0; j < s.Keys; j++)
            {
                var at = (b * steps.Batch) + (h * steps.Head) + (i * steps.Query) + (j * steps.Key);
                isForbidden[j] = (s.Causal && j > i) || (forbidden is not null && forbidden.GetFlat(at) != 0);
                scores[j] = isForbidden[j] ? double.NegativeInfinity : s.Scale * Enumerable.Range(0, s.Features).Sum(e => q.GetFlat(Query(s, b, h, i) + e) * k.GetFlat(Key(s, b, h, j) + e));
            }
            var largest = s.Keys == 0 ? 0 : scores.Max();
            var sum = scores.Sum(z => Math.Exp(z - largest));
            var probability = Array.ConvertAll(scores, z => !isForbidden.Contains(false) ? 0 : Math.Exp(z - largest) / sum);
            for (var j = 0; j < s.Keys; j++)
                weights?.SetFlat(Weight(s, b, h, i) + j, probability[j]);
            for (var e = 0; e < s.Values; e++)
                y.SetFlat(Output(s, b, h, i) + e, Enumerable.Range(0, s.Keys).Sum(j => probability[j] * v.GetFlat(Value(s, b, h, j) + e)));
        }
    }

    public override void AttentionBackward(
        in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor weights, Tensor dy, Tensor dq, Tensor dk, Tensor dv)
    {
        var s = sizes;
        foreach (var gradient in (Tensor[])[dq, dk, dv])
            gradient.FillInPlace(0);
        foreach (var (b, h, i) in QueriesOf(s))
        {
            var p = Enumerable.Range(0, s.Keys).Select(j => weights.GetFlat(Weight(s, b, h, i) + j)).ToArray();
            var dp = Enumerable.Range(0, s.Keys)
                .Select(j => Enumerable.Range(0, s.Values).Sum(e => dy.GetFlat(Output(s, b, h, i) + e) * v.GetFlat(Value(s, b, h, j) + e))).ToArray();
            var along = p.Zip(dp, (a, c) => a * c).Sum();
            for (var j = 0; j < s.Keys; j++)
            {
                for (var e = 0; e < s.Values; e++)
                    Add(dv, Value(s, b, h, j) + e, p[j] * dy.GetFlat(Output(s, b, h, i) + e));
                var dz = s.Scale * p[j] * (dp[j] - along);
                for (var e = 0; e < s.Features; e++)
                {
                    Add(dq, Query(s, b, h, i) + e, dz * k.GetFlat(Key(s, b, h, j) + e));
                    Add(dk, Key(s, b, h, j) + e, dz * q.GetFlat(Query(s, b, h, i) + e));
                }
            }
        }

        static void Add(Tensor sum, int i, double value) => sum.SetFlat(i, sum.GetFlat(i) + value);
    }

    public override void NormalizeRows(int rows, int columns, double epsilon, Tensor x, Tensor? gamma, Tensor? beta, Tensor y, Tensor mean, Tensor inverseStd)
    {
        for (var r = 0; r < rows; r++)
        {
            var row = Enumerable.Range(r * columns, columns).ToArray();
            var average = row.Average(x.GetFlat);
            var scale = 1 / Math.Sqrt(row.Average(i => Math.Pow(x.GetFlat(i) - average, 2)) + epsilon);
            mean.SetFlat(r, average);
            inverseStd.SetFlat(r, scale);
            foreach (var i in row)
                y.SetFlat(i, ((x.GetFlat(i) - average) * scale * (gamma?.GetFlat(i % columns) ?? 1)) + (beta?.GetFlat(i % columns) ?? 0));
        }
    }

    public override void NormalizeRowsBackward(
        int rows, int columns, Tensor x, Tensor? gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dx, Tensor? dgamma, Tensor? dbeta)
    {
        dgamma?.FillInPlace(0);
        dbeta?.FillInPlace(0);
        for (var r = 0; r < rows; r++)
        {
            var scale = inverseStd.GetFlat(r);
            var row = Enumerable.Range(r * columns, columns).ToArray();
            var normal = Array.ConvertAll(row, i => (x.GetFlat(i) - mean.GetFlat(r)) * scale);
            var g = Array.ConvertAll(row, i => dy.GetFlat(i) * (gamma?.GetFlat(i % columns) ?? 1));
            var (average, along) = (g.Average(), g.Zip(normal, (a, b) => a * b).Average());
            for (var c = 0; c < columns; c++)
            {
                dgamma?.SetFlat(c, dgamma.GetFlat(c) + (dy.GetFlat(row[c]) * normal[c]));
                dbeta?.SetFlat(c, dbeta.GetFlat(c) + dy.GetFlat(row[c]));
                dx.SetFlat(row[c], scale * (g[c] - average - (normal[c] * along)));
            }
        }
    }

    private static IEnumerable<(int Batch, int Head, int Query)> QueriesOf(AttentionSizes s) =>
        from b in Enumerable.Range(0, s.Batch)
        from h in Enumerable.Range(0, s.Heads)
        from i in Enumerable.Range(0, s.Queries)
        select (b, h, i);

    private static int Query(in AttentionSizes s, int b, int h, int i) => (((b * s.Queries) + i) * s.StepQ) + (h * s.Features);

    private static int Key(in AttentionSizes s, int b, int h, int j) => s.OffsetK + (((b * s.Keys) + j) * s.StepK) + (h * s.Features);

    private static int Value(in AttentionSizes s, int b, int h, int j) => s.OffsetV + (((b * s.Keys) + j) * s.StepV) + (h * s.Values);

    private static int Output(in AttentionSizes s, int b, int h, int i) => (((b * s.Queries) + i) * s.StepY) + (h * s.Values);

    private static int Weight(in AttentionSizes s, int b, int h, int i) => ((((b * s.Heads) + h) * s.Queries) + i) * s.Keys;
}
