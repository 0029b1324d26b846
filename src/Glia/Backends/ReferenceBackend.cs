using Glia.Kernels;

namespace Glia.Backends;

/// <summary>
/// Every computation as a plain loop in double precision, the way its formula reads: what a learner can follow, and what the
/// fast kernels are held against. Nothing here is optimised.
/// </summary>
internal sealed partial class ReferenceBackend : Backend
{
    public override void Unary<TOp>(TOp op, Tensor x, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, op.Forward(Real(x, i)).Value);
    }

    public override void UnaryBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        for (var i = 0; i < dx.Count; i++)
            dx.SetFlat(i, dy.GetFlat(i) * op.Derivative(Real(x, i), Real(y, i)).Value);
    }

    public override void Binary<TOp>(TOp op, Tensor a, Tensor b, Tensor y)
    {
        var stridesA = a.Shape.BroadcastStrides(y.Shape);
        var stridesB = b.Shape.BroadcastStrides(y.Shape);
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, op.Forward(Real(a, Offset(i, y.Shape, stridesA)), Real(b, Offset(i, y.Shape, stridesB))).Value);
    }

    public override void Update<TRule>(TRule rule, Tensor parameter, Tensor gradient, Tensor? state1, Tensor? state2, Tensor? state3)
    {
        for (var i = 0; i < parameter.Count; i++)
        {
            var p = Real(parameter, i);
            var s1 = state1 is null ? default : Real(state1, i);
            var s2 = state2 is null ? default : Real(state2, i);
            var s3 = state3 is null ? default : Real(state3, i);
            rule.Update(ref p, Real(gradient, i), ref s1, ref s2, ref s3);
            parameter.SetFlat(i, p.Value);
            state1?.SetFlat(i, s1.Value);
            state2?.SetFlat(i, s2.Value);
            state3?.SetFlat(i, s3.Value);
        }
    }

    public override void AddInPlace(Tensor sum, Tensor x)
    {
        for (var i = 0; i < sum.Count; i++)
            sum.SetFlat(i, sum.GetFlat(i) + x.GetFlat(i));
    }

    public override void Compare(Comparison comparison, Tensor a, Tensor b, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
        {
            var (p, q) = (a.GetFlat(i), b.GetFlat(i));
            var holds = comparison switch
            {
                Comparison.Greater => p > q,
                Comparison.GreaterOrEqual => p >= q,
                _ => p == q,
            };
            y.SetFlat(i, holds ? 1 : 0);
        }
    }

    public override void Where(Tensor mask, Tensor a, Tensor b, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, (mask.GetFlat(i) != 0 ? a : b).GetFlat(i));
    }

    public override void Cast(Tensor x, Tensor y) => Casting.Cast(x, y);

    public override void CopyStrided(ReadOnlySpan<int> sizes, Tensor from, StridedView source, Tensor to, StridedView destination)
    {
        var box = new Shape(sizes);
        for (var i = 0; i < box.Count; i++)
        {
            var value = from.GetFlat((int)source.Offset + Offset(i, box, source.Strides));
            to.SetFlat((int)destination.Offset + Offset(i, box, destination.Strides), value);
        }
    }

    public override void Reduce(Reduction kind, int outer, int count, int inner, Tensor x, Tensor y)
    {
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var result = kind switch
                {
                    Reduction.Sum => 0.0,
                    Reduction.Product => 1.0,
                    Reduction.Max => double.NegativeInfinity,
                    _ => double.PositiveInfinity,
                };
                for (var r = 0; r < count; r++)
                {
                    var value = x.GetFlat((((o * count) + r) * inner) + i);
                    result = kind switch
                    {
                        Reduction.Sum => result + value,
                        Reduction.Product => result * value,
                        Reduction.Max => Math.Max(result, value),
                        _ => Math.Min(result, value),
                    };
                }
                y.SetFlat((o * inner) + i, result);
            }
        }
    }

    public override void ExtremeBackward(int outer, int count, int inner, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        for (var i = 0; i < outer * inner; i++)
        {
            var elements = Enumerable.Range(0, count).Select(r => (((i / inner * count) + r) * inner) + (i % inner)).ToArray();
            var attaining = elements.Count(e => x.GetFlat(e) == y.GetFlat(i));
            foreach (var e in elements)
                dx.SetFlat(e, (x.GetFlat(e) == y.GetFlat(i) ? 1.0 : 0) / attaining * dy.GetFlat(i));
        }
    }

    public override void ArgExtreme(bool largest, int outer, int count, int inner, Tensor x, Tensor y)
    {
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var at = 0;
                for (var r = 1; r < count; r++)
                {
                    var best = x.GetFlat((((o * count) + at) * inner) + i);
                    var value = x.GetFlat((((o * count) + r) * inner) + i);
                    if (!double.IsNaN(best) && (double.IsNaN(value) || (largest ? value > best : value < best)))
                        at = r;
                }
                y.SetFlat((o * inner) + i, at);
            }
        }
    }

    public override void MatMul(bool transposeA, bool transposeB, MatMulSizes sizes, Tensor a, Tensor b, Tensor y)
    {
        var (m, n, k, batch, stepA, stepB) = sizes;
        for (var i = 0; i < batch; i++)
        {
            for (var row = 0; row < m; row++)
            {
                for (var column = 0; column < n; column++)
                {
                    var sum = 0.0;
                    for (var p = 0; p < k; p++)
                    {
                        var left = a.GetFlat((i * stepA) + (transposeA ? (p * m) + row : (row * k) + p));
                        var right = b.GetFlat((i * stepB) + (transposeB ? (column * k) + p : (p * n) + column));
                        sum += left * right;
                    }
                    y.SetFlat((((i * m) + row) * n) + column, sum);
                }
            }
        }
    }

    public override void AddBias<TOp>(TOp activation, int rows, int columns, Tensor? bias, Tensor y)
    {
        for (var i = 0; i < rows * columns; i++)
        {
            var z = y.GetFlat(i) + (bias?.GetFlat(i % columns) ?? 0);
            y.SetFlat(i, activation.Forward(new LanesScalar<double>(z)).Value);
        }
    }

    public override void AddChannelBias<TOp>(TOp activation, int batch, int channels, int inner, Tensor bias, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, activation.Forward(new LanesScalar<double>(y.GetFlat(i) + bias.GetFlat(i / inner % channels))).Value);
    }

    public override void ChannelBiasBackward<TOp>(TOp activation, int batch, int channels, int inner, Tensor y, Tensor dy, Tensor dz, Tensor dbias)
    {
        UnaryBackward(activation, y, y, dy, dz);
        for (var c = 0; c < channels; c++)
            dbias.SetFlat(c, ChannelElements(batch, channels, inner, c).Sum(dz.GetFlat));
    }

    public override void Softmax(bool log, int rows, int columns, Tensor x, Tensor y)
    {
        for (var r = 0; r < rows; r++)
        {
            var logSum = LogSumExp(x, r, columns);
            for (var c = 0; c < columns; c++)
            {
                var value = x.GetFlat((r * columns) + c) - logSum;
                y.SetFlat((r * columns) + c, log ? value : Math.Exp(value));
            }
        }
    }

    public override void SoftmaxBackward(bool log, int rows, int columns, Tensor y, Tensor dy, Tensor dx)
    {
        for (var r = 0; r < rows; r++)
        {
            var sum = 0.0;
            for (var i = r * columns; i < (r + 1) * columns; i++)
                sum += log ? dy.GetFlat(i) : y.GetFlat(i) * dy.GetFlat(i);
            for (var i = r * columns; i < (r + 1) * columns; i++)
                dx.SetFlat(i, log ? dy.GetFlat(i) - (Math.Exp(y.GetFlat(i)) * sum) : y.GetFlat(i) * (dy.GetFlat(i) - sum));
        }
    }

    public override void CrossEntropy(int rows, int columns, Tensor logits, Tensor target, Tensor probability, Tensor loss)
    {
        for (var r = 0; r < rows; r++)
        {
            var logSum = LogSumExp(logits, r, columns);
            for (var i = r * columns; i < (r + 1) * columns; i++)
                probability.SetFlat(i, Math.Exp(logits.GetFlat(i) - logSum));
            loss.SetFlat(r, logSum - logits.GetFlat((r * columns) + (int)target.GetFlat(r)));
        }
    }

    public override void CrossEntropyBackward(int rows, int columns, Tensor probability, Tensor target, Tensor dy, Tensor dx)
    {
        for (var i = 0; i < rows * columns; i++)
        {
            var isTarget = i % columns == (int)target.GetFlat(i / columns);
            dx.SetFlat(i, (probability.GetFlat(i) - (isTarget ? 1 : 0)) * dy.GetFlat(i / columns));
        }
    }

    public override void Moments(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor variance)
    {
        for (var c = 0; c < channels; c++)
        {
            var elements = ChannelElements(batch, channels, inner, c).ToArray();
            var average = elements.Average(x.GetFlat);
            mean.SetFlat(c, average);
            variance.SetFlat(c, elements.Average(i => Math.Pow(x.GetFlat(i) - average, 2)));
        }
    }

    public override void Normalize(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor beta, Tensor y)
    {
        for (var i = 0; i < y.Count; i++)
        {
            var c = i / inner % channels;
            y.SetFlat(i, ((x.GetFlat(i) - mean.GetFlat(c)) * inverseStd.GetFlat(c) * gamma.GetFlat(c)) + beta.GetFlat(c));
        }
    }

    public override void NormalizeBackward(
        int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta)
    {
        for (var c = 0; c < channels; c++)
        {
            var elements = ChannelElements(batch, channels, inner, c).ToArray();
            double Normalized(int i) => (x.GetFlat(i) - mean.GetFlat(c)) * inverseStd.GetFlat(c);
            var sumDy = elements.Sum(dy.GetFlat);
            var sumDyX = elements.Sum(i => dy.GetFlat(i) * Normalized(i));
            dbeta.SetFlat(c, sumDy);
            dgamma.SetFlat(c, sumDyX);
            foreach (var i in elements)
            {
                var centered = dy.GetFlat(i) - (sumDy / elements.Length) - (Normalized(i) * sumDyX / elements.Length);
                dx.SetFlat(i, gamma.GetFlat(c) * inverseStd.GetFlat(c) * centered);
            }
        }
    }

    private static LanesScalar<double> Real(Tensor x, int i) => new(x.GetFlat(i));

    private static IEnumerable<int> ChannelElements(int batch, int channels, int inner, int c) =>
        from n in Enumerable.Range(0, batch)
        from i in Enumerable.Range(0, inner)
        select (((n * channels) + c) * inner) + i;

    private static double LogSumExp(Tensor x, int row, int columns)
    {
        var values = Enumerable.Range(row * columns, columns).Select(x.GetFlat).ToArray();
        var max = values.Max();
        return max + Math.Log(values.Sum(v => Math.Exp(v - max)));
    }

    /// <summary>Where the i-th element of a shape lies under some strides.</summary>
    private static int Offset(int i, Shape shape, ReadOnlySpan<int> strides)
    {
        var offset = 0;
        for (var d = shape.Rank - 1; d >= 0; d--)
        {
            offset += i % shape.Sizes[d] * strides[d];
            i /= shape.Sizes[d];
        }
        return offset;
    }
}
