using Glia.Backends;
using Glia.Kernels;

namespace Glia.Replay;

/// <summary>Hands every call on to another back end and keeps it.</summary>
internal sealed class RecordingBackend(Backend cpu, Recorder recorder) : Backend
{
    public override void Unary<TOp>(TOp op, Tensor x, Tensor y) =>
        recorder.Add(() => cpu.Unary(op, x, y));

    public override void UnaryBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor dy, Tensor dx) =>
        recorder.Add(() => cpu.UnaryBackward(op, x, y, dy, dx));

    public override void Binary<TOp>(TOp op, Tensor a, Tensor b, Tensor y) =>
        recorder.Add(() => cpu.Binary(op, a, b, y));

    public override void Update<TRule>(TRule rule, Tensor parameter, Tensor gradient, Tensor? state1, Tensor? state2, Tensor? state3) =>
        recorder.Add(() => cpu.Update(rule, parameter, gradient, state1, state2, state3));

    public override void AddInPlace(Tensor sum, Tensor x) =>
        recorder.Add(() => cpu.AddInPlace(sum, x));

    public override void Compare(Comparison comparison, Tensor a, Tensor b, Tensor y) =>
        recorder.Add(() => cpu.Compare(comparison, a, b, y));

    public override void Where(Tensor mask, Tensor a, Tensor b, Tensor y) =>
        recorder.Add(() => cpu.Where(mask, a, b, y));

    public override void Cast(Tensor x, Tensor y) =>
        recorder.Add(() => cpu.Cast(x, y));

    public override void CopyStrided(ReadOnlySpan<int> sizes, Tensor from, StridedView source, Tensor to, StridedView destination)
    {
        var own = sizes.ToArray();
        var (sourceStart, sourceStrides) = (source.Offset, source.Strides.ToArray());
        var (destinationStart, destinationStrides) = (destination.Offset, destination.Strides.ToArray());
        recorder.Add(() => cpu.CopyStrided(own, from, new(sourceStart, sourceStrides), to, new(destinationStart, destinationStrides)));
    }

    public override void IndexSelect(int outer, int size, int inner, Tensor x, Tensor index, Tensor y) =>
        recorder.Add(() => cpu.IndexSelect(outer, size, inner, x, index, y));

    public override void IndexAdd(int outer, int size, int inner, Tensor x, Tensor index, Tensor y) =>
        recorder.Add(() => cpu.IndexAdd(outer, size, inner, x, index, y));

    public override void Gather(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y) =>
        recorder.Add(() => cpu.Gather(outer, count, inner, size, x, index, y));

    public override void ScatterAdd(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y) =>
        recorder.Add(() => cpu.ScatterAdd(outer, count, inner, size, x, index, y));

    public override void CumulativeSum(bool reverse, int outer, int count, int inner, Tensor x, Tensor y) =>
        recorder.Add(() => cpu.CumulativeSum(reverse, outer, count, inner, x, y));

    public override void Reduce(Reduction kind, int outer, int count, int inner, Tensor x, Tensor y) =>
        recorder.Add(() => cpu.Reduce(kind, outer, count, inner, x, y));

    public override void ExtremeBackward(int outer, int count, int inner, Tensor x, Tensor y, Tensor dy, Tensor dx) =>
        recorder.Add(() => cpu.ExtremeBackward(outer, count, inner, x, y, dy, dx));

    public override void ArgExtreme(bool largest, int outer, int count, int inner, Tensor x, Tensor y) =>
        recorder.Add(() => cpu.ArgExtreme(largest, outer, count, inner, x, y));

    public override void MatMul(bool transposeA, bool transposeB, MatMulSizes sizes, Tensor a, Tensor b, Tensor y) =>
        recorder.Add(() => cpu.MatMul(transposeA, transposeB, sizes, a, b, y));

    public override void AddBias<TOp>(TOp activation, int rows, int columns, Tensor? bias, Tensor y) =>
        recorder.Add(() => cpu.AddBias(activation, rows, columns, bias, y));

    public override void AddChannelBias<TOp>(TOp activation, int batch, int channels, int inner, Tensor bias, Tensor y) =>
        recorder.Add(() => cpu.AddChannelBias(activation, batch, channels, inner, bias, y));

    public override void ChannelBiasBackward<TOp>(TOp activation, int batch, int channels, int inner, Tensor y, Tensor dy, Tensor dz, Tensor dbias) =>
        recorder.Add(() => cpu.ChannelBiasBackward(activation, batch, channels, inner, y, dy, dz, dbias));

    public override void Convolution(in ConvGeometry geometry, Tensor x, Tensor weight, Tensor y, PreparedConvolution? prepared)
    {
        var own = geometry;
        var kept = prepared ?? recorder.Prepared(weight);
        recorder.Add(() => cpu.Convolution(own, x, weight, y, kept));
    }

    public override void ConvolutionInputGradient(in ConvGeometry geometry, Tensor dy, Tensor weight, Tensor dx)
    {
        var own = geometry;
        recorder.Add(() => cpu.ConvolutionInputGradient(own, dy, weight, dx));
    }

    public override void ConvolutionWeightGradient(in ConvGeometry geometry, Tensor x, Tensor dy, Tensor dw)
    {
        var own = geometry;
        recorder.Add(() => cpu.ConvolutionWeightGradient(own, x, dy, dw));
    }

    public override void MaxPool(in PoolGeometry geometry, Tensor x, Tensor y, Tensor argmax)
    {
        var own = geometry;
        recorder.Add(() => cpu.MaxPool(own, x, y, argmax));
    }

    public override void PoolScatter(in PoolGeometry geometry, Tensor argmax, Tensor dy, Tensor dx)
    {
        var own = geometry;
        recorder.Add(() => cpu.PoolScatter(own, argmax, dy, dx));
    }

    public override void PoolGather(in PoolGeometry geometry, Tensor argmax, Tensor x, Tensor y)
    {
        var own = geometry;
        recorder.Add(() => cpu.PoolGather(own, argmax, x, y));
    }

    public override void AveragePool(in PoolGeometry geometry, bool countIncludePad, Tensor x, Tensor y)
    {
        var own = geometry;
        recorder.Add(() => cpu.AveragePool(own, countIncludePad, x, y));
    }

    public override void AveragePoolBackward(in PoolGeometry geometry, bool countIncludePad, Tensor dy, Tensor dx)
    {
        var own = geometry;
        recorder.Add(() => cpu.AveragePoolBackward(own, countIncludePad, dy, dx));
    }

    public override void SimpleRnn<TOp>(TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor state, Tensor hidden)
    {
        var own = sizes;
        recorder.Add(() => cpu.SimpleRnn(activation, own, lengths, x, weightInput, weight, bias, state, hidden));
    }

    public override void SimpleRnnBackward<TOp>(TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor hidden, Tensor? dhidden, Tensor dstate, Tensor dz)
    {
        var own = sizes;
        recorder.Add(() => cpu.SimpleRnnBackward(activation, own, lengths, weight, hidden, dhidden, dstate, dz));
    }

    public override void Lstm(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor gates, Tensor state, Tensor cell, Tensor hidden, Tensor cells)
    {
        var own = sizes;
        recorder.Add(() => cpu.Lstm(own, lengths, x, weightInput, weight, bias, gates, state, cell, hidden, cells));
    }

    public override void LstmBackward(in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor cells, Tensor initial, Tensor? dhidden, Tensor dstate, Tensor dcell, Tensor dgates)
    {
        var own = sizes;
        recorder.Add(() => cpu.LstmBackward(own, lengths, weight, gates, cells, initial, dhidden, dstate, dcell, dgates));
    }

    public override void Gru(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor? productBias, Tensor gates, Tensor products, Tensor state, Tensor hidden)
    {
        var own = sizes;
        recorder.Add(() => cpu.Gru(own, lengths, x, weightInput, weight, bias, productBias, gates, products, state, hidden));
    }

    public override void GruBackward(in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor products, Tensor hidden, Tensor initial, Tensor? dhidden, Tensor dstate, Tensor dgates, Tensor dproducts)
    {
        var own = sizes;
        recorder.Add(() => cpu.GruBackward(own, lengths, weight, gates, products, hidden, initial, dhidden, dstate, dgates, dproducts));
    }

    public override void PreviousStates(in RecurrentSizes sizes, Tensor? lengths, Tensor? x, Tensor sequence, Tensor initial, Tensor previous)
    {
        var own = sizes;
        recorder.Add(() => cpu.PreviousStates(own, lengths, x, sequence, initial, previous));
    }

    public override void Softmax(bool log, int rows, int columns, Tensor x, Tensor y) =>
        recorder.Add(() => cpu.Softmax(log, rows, columns, x, y));

    public override void SoftmaxBackward(bool log, int rows, int columns, Tensor y, Tensor dy, Tensor dx) =>
        recorder.Add(() => cpu.SoftmaxBackward(log, rows, columns, y, dy, dx));

    public override void CrossEntropy(int rows, int columns, Tensor logits, Tensor target, Tensor probability, Tensor loss) =>
        recorder.Add(() => cpu.CrossEntropy(rows, columns, logits, target, probability, loss));

    public override void CrossEntropyBackward(int rows, int columns, Tensor probability, Tensor target, Tensor dy, Tensor dx) =>
        recorder.Add(() => cpu.CrossEntropyBackward(rows, columns, probability, target, dy, dx));

    public override void Moments(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor variance) =>
        recorder.Add(() => cpu.Moments(batch, channels, inner, x, mean, variance));

    public override void Normalize(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor beta, Tensor y) =>
        recorder.Add(() => cpu.Normalize(batch, channels, inner, x, mean, inverseStd, gamma, beta, y));

    public override void NormalizeBackward(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) =>
        recorder.Add(() => cpu.NormalizeBackward(batch, channels, inner, x, mean, inverseStd, gamma, dy, dx, dgamma, dbeta));

    public override void NormalizeRows(int rows, int columns, double epsilon, Tensor x, Tensor? gamma, Tensor? beta, Tensor y, Tensor mean, Tensor inverseStd) =>
        recorder.Add(() => cpu.NormalizeRows(rows, columns, epsilon, x, gamma, beta, y, mean, inverseStd));

    public override void NormalizeRowsBackward(int rows, int columns, Tensor x, Tensor? gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dx, Tensor? dgamma, Tensor? dbeta) =>
        recorder.Add(() => cpu.NormalizeRowsBackward(rows, columns, x, gamma, mean, inverseStd, dy, dx, dgamma, dbeta));

    public override void Attention(in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor? forbidden, MaskSteps steps, Tensor y, Tensor? weights)
    {
        var own = sizes;
        recorder.Add(() => cpu.Attention(own, q, k, v, forbidden, steps, y, weights));
    }

    public override void AttentionBackward(in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor weights, Tensor dy, Tensor dq, Tensor dk, Tensor dv)
    {
        var own = sizes;
        recorder.Add(() => cpu.AttentionBackward(own, q, k, v, weights, dy, dq, dk, dv));
    }

    public override void Copy(Tensor from, Tensor to) =>
        recorder.Add(() => cpu.Copy(from, to));

    public override void Fill(double value, Tensor y) =>
        recorder.Add(() => cpu.Fill(value, y));
}
