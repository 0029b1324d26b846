using Glia.Kernels;

namespace Glia.Backends;

/// <summary>
/// What a device must be able to compute. Results go into tensors that the caller allocated (uninitialised); operands have been
/// checked; float tensors are all Float32 or all Float64.
/// </summary>
internal abstract class Backend
{
    // Element-wise
    public abstract void Unary<TOp>(TOp op, Tensor x, Tensor y)
        where TOp : struct, IUnaryOperation;

    public abstract void UnaryBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor dy, Tensor dx)
        where TOp : struct, IUnaryOperation;

    public abstract void Binary<TOp>(TOp op, Tensor a, Tensor b, Tensor y)
        where TOp : struct, IBinaryOperation;

    public abstract void Update<TRule>(TRule rule, Tensor parameter, Tensor gradient, Tensor? state1, Tensor? state2, Tensor? state3)
        where TRule : struct, IUpdateRule;

    public abstract void AddInPlace(Tensor sum, Tensor x);

    /// <summary>Truth of a comparison; a and b have the result's shape.</summary>
    public abstract void Compare(Comparison comparison, Tensor a, Tensor b, Tensor y);

    /// <summary>y = mask ? a : b, all of one shape.</summary>
    public abstract void Where(Tensor mask, Tensor a, Tensor b, Tensor y);

    public abstract void Cast(Tensor x, Tensor y);

    /// <summary>Copies the elements of a tensor of the same size and type.</summary>
    public virtual void Copy(Tensor from, Tensor to) => from.Bytes().CopyTo(to.Bytes());

    /// <summary>Sets every element to one value.</summary>
    public virtual void Fill(double value, Tensor y)
    {
        switch (y.DType)
        {
            case DType.Float32: y.Span<float>().Fill((float)value); break;
            case DType.Float64: y.Span<double>().Fill(value); break;
            case DType.Int32: y.Span<int>().Fill((int)value); break;
            case DType.Int64: y.Span<long>().Fill((long)value); break;
            default: y.Span<bool>().Fill(value != 0); break;
        }
    }

    // Movement: a box of elements copied from one strided place to another
    public abstract void CopyStrided(ReadOnlySpan<int> sizes, Tensor from, StridedView source, Tensor to, StridedView destination);

    /// <summary>y[o, j, i] = x[o, index[j], i], with x [outer, size, inner].</summary>
    public abstract void IndexSelect(int outer, int size, int inner, Tensor x, Tensor index, Tensor y);

    /// <summary>y[o, index[j], i] += x[o, j, i], from 0, with y [outer, size, inner].</summary>
    public abstract void IndexAdd(int outer, int size, int inner, Tensor x, Tensor index, Tensor y);

    /// <summary>y[o, j, i] = x[o, index[o, j, i], i], with x [outer, size, inner] and y [outer, count, inner].</summary>
    public abstract void Gather(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y);

    /// <summary>y[o, index[o, j, i], i] += x[o, j, i], from 0, with x [outer, count, inner] and y [outer, size, inner].</summary>
    public abstract void ScatterAdd(int outer, int count, int inner, int size, Tensor x, Tensor index, Tensor y);

    /// <summary>Running sums of [outer, count, inner] along the middle axis, from its front or from its back.</summary>
    public abstract void CumulativeSum(bool reverse, int outer, int count, int inner, Tensor x, Tensor y);

    // Reductions of [outer, count, inner] over the middle axis
    public abstract void Reduce(Reduction kind, int outer, int count, int inner, Tensor x, Tensor y);

    /// <summary>The gradient of a largest or smallest element: dx = dy / how many attain y where x does, 0 elsewhere.</summary>
    public abstract void ExtremeBackward(int outer, int count, int inner, Tensor x, Tensor y, Tensor dy, Tensor dx);

    public abstract void ArgExtreme(bool largest, int outer, int count, int inner, Tensor x, Tensor y);

    // Matrix products: y[i] = op(a[i])·op(b[i]) for every matrix of the batch; a step of 0 uses one matrix for all
    public abstract void MatMul(bool transposeA, bool transposeB, MatMulSizes sizes, Tensor a, Tensor b, Tensor y);

    /// <summary>y[r, :] = act(y[r, :] + bias) in place; without a bias, the activation alone.</summary>
    public abstract void AddBias<TOp>(TOp activation, int rows, int columns, Tensor? bias, Tensor y)
        where TOp : struct, IUnaryOperation;

    /// <summary>y[:, c, :] = act(y[:, c, :] + bias[c]) in place.</summary>
    public abstract void AddChannelBias<TOp>(TOp activation, int batch, int channels, int inner, Tensor bias, Tensor y)
        where TOp : struct, IUnaryOperation;

    /// <summary>dz = dy·act′, by an activation whose derivative follows from its result y, and dbias[c] = the sum of dz[:, c, :].</summary>
    public abstract void ChannelBiasBackward<TOp>(TOp activation, int batch, int channels, int inner, Tensor y, Tensor dy, Tensor dz, Tensor dbias)
        where TOp : struct, IUnaryOperation;

    // Convolution and pooling
    public abstract void Convolution(in ConvGeometry geometry, Tensor x, Tensor weight, Tensor y, PreparedConvolution? prepared = null);

    public abstract void ConvolutionInputGradient(in ConvGeometry geometry, Tensor dy, Tensor weight, Tensor dx);

    public abstract void ConvolutionWeightGradient(in ConvGeometry geometry, Tensor x, Tensor dy, Tensor dw);

    public abstract void MaxPool(in PoolGeometry geometry, Tensor x, Tensor y, Tensor argmax);

    public abstract void PoolScatter(in PoolGeometry geometry, Tensor argmax, Tensor dy, Tensor dx);

    public abstract void PoolGather(in PoolGeometry geometry, Tensor argmax, Tensor x, Tensor y);

    public abstract void AveragePool(in PoolGeometry geometry, bool countIncludePad, Tensor x, Tensor y);

    public abstract void AveragePoolBackward(in PoolGeometry geometry, bool countIncludePad, Tensor dy, Tensor dx);

    // Recurrent cells over whole sequences; what the tensors hold is said at the kernels. Without lengths every step is valid; without dhidden it is 0
    public abstract void SimpleRnn<TOp>(TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor state, Tensor hidden)
        where TOp : struct, IUnaryOperation;

    public abstract void SimpleRnnBackward<TOp>(
        TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor hidden, Tensor? dhidden, Tensor dstate, Tensor dz)
        where TOp : struct, IUnaryOperation;

    public abstract void Lstm(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor gates, Tensor state, Tensor cell, Tensor hidden, Tensor cells);

    public abstract void LstmBackward(
        in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor cells, Tensor initial, Tensor? dhidden, Tensor dstate, Tensor dcell, Tensor dgates);

    public abstract void Gru(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor? productBias, Tensor gates, Tensor products, Tensor state, Tensor hidden);

    public abstract void GruBackward(
        in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor products, Tensor hidden, Tensor initial, Tensor? dhidden,
        Tensor dstate, Tensor dgates, Tensor dproducts);

    /// <summary>previous[b, t] = x[b, t], if x is given, and behind it the state that step t of sequence b started from, 0 beyond its length.</summary>
    public abstract void PreviousStates(in RecurrentSizes sizes, Tensor? lengths, Tensor? x, Tensor sequence, Tensor initial, Tensor previous);

    // Softmax over rows
    public abstract void Softmax(bool log, int rows, int columns, Tensor x, Tensor y);

    public abstract void SoftmaxBackward(bool log, int rows, int columns, Tensor y, Tensor dy, Tensor dx);

    public abstract void CrossEntropy(int rows, int columns, Tensor logits, Tensor target, Tensor probability, Tensor loss);

    public abstract void CrossEntropyBackward(int rows, int columns, Tensor probability, Tensor target, Tensor dy, Tensor dx);

    /// <summary>Attention of every head; weights, where its softmax is kept for the backward pass, and mask may be missing. What the tensors hold is said at the kernel.</summary>
    public abstract void Attention(in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor? forbidden, MaskSteps steps, Tensor y, Tensor? weights);

    public abstract void AttentionBackward(
        in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor weights, Tensor dy, Tensor dq, Tensor dk, Tensor dv);

    // Normalisation of x[batch, channels, inner] per channel
    public abstract void Moments(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor variance);

    /// <summary>y = (x − mean)·scale + shift, per channel.</summary>
    public abstract void Normalize(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor beta, Tensor y);

    /// <summary>The gradients of normalisation by the batch's own statistics.</summary>
    public abstract void NormalizeBackward(
        int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta);

    /// <summary>Each row to mean 0 and variance 1, then scaled by γ and shifted by β per column if they are there; keeps mean and 1 / √(variance + ε) of each row.</summary>
    public abstract void NormalizeRows(int rows, int columns, double epsilon, Tensor x, Tensor? gamma, Tensor? beta, Tensor y, Tensor mean, Tensor inverseStd);

    public abstract void NormalizeRowsBackward(
        int rows, int columns, Tensor x, Tensor? gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dx, Tensor? dgamma, Tensor? dbeta);
}

/// <summary>A batch of matrix products: the sizes of one, how many, and the step from one matrix to the next in elements.</summary>
internal readonly record struct MatMulSizes(int M, int N, int K, int Batch, int StepA, int StepB);
