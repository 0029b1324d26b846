using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class CpuBackend
{
    public override void SimpleRnn<TOp>(TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor state, Tensor hidden)
    {
        if (hidden.DType == DType.Float32)
            SimpleRnnKernel.Forward(activation, sizes, Of<long>(lengths), x.AsSpan<float>(), weightInput.AsSpan<float>(), weight.AsSpan<float>(), Of<float>(bias), state.Span<float>(), hidden.Span<float>());
        else
            SimpleRnnKernel.Forward(activation, sizes, Of<long>(lengths), x.AsSpan<double>(), weightInput.AsSpan<double>(), weight.AsSpan<double>(), Of<double>(bias), state.Span<double>(), hidden.Span<double>());
    }

    public override void SimpleRnnBackward<TOp>(
        TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor hidden, Tensor? dhidden, Tensor dstate, Tensor dz)
    {
        if (dz.DType == DType.Float32)
        {
            SimpleRnnKernel.Backward(activation, sizes, Of<long>(lengths),
                weight.AsSpan<float>(), hidden.AsSpan<float>(), Of<float>(dhidden), dstate.Span<float>(), dz.Span<float>());
        }
        else
        {
            SimpleRnnKernel.Backward(activation, sizes, Of<long>(lengths),
                weight.AsSpan<double>(), hidden.AsSpan<double>(), Of<double>(dhidden), dstate.Span<double>(), dz.Span<double>());
        }
    }

    public override void Lstm(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor gates, Tensor state, Tensor cell, Tensor hidden, Tensor cells)
    {
        if (gates.DType == DType.Float32)
        {
            LstmKernel.Forward(sizes, Of<long>(lengths),
                x.AsSpan<float>(), weightInput.AsSpan<float>(), weight.AsSpan<float>(), Of<float>(bias), gates.Span<float>(), state.Span<float>(), cell.Span<float>(), hidden.Span<float>(), cells.Span<float>());
        }
        else
        {
            LstmKernel.Forward(sizes, Of<long>(lengths),
                x.AsSpan<double>(), weightInput.AsSpan<double>(), weight.AsSpan<double>(), Of<double>(bias), gates.Span<double>(), state.Span<double>(), cell.Span<double>(), hidden.Span<double>(), cells.Span<double>());
        }
    }

    public override void LstmBackward(
        in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor cells, Tensor initial, Tensor? dhidden, Tensor dstate, Tensor dcell, Tensor dgates)
    {
        if (gates.DType == DType.Float32)
        {
            LstmKernel.Backward(sizes, Of<long>(lengths),
                weight.AsSpan<float>(), gates.AsSpan<float>(), cells.AsSpan<float>(), initial.AsSpan<float>(), Of<float>(dhidden), dstate.Span<float>(), dcell.Span<float>(), dgates.Span<float>());
        }
        else
        {
            LstmKernel.Backward(sizes, Of<long>(lengths),
                weight.AsSpan<double>(), gates.AsSpan<double>(), cells.AsSpan<double>(), initial.AsSpan<double>(), Of<double>(dhidden), dstate.Span<double>(), dcell.Span<double>(), dgates.Span<double>());
        }
    }

    public override void Gru(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor? productBias, Tensor gates, Tensor products, Tensor state, Tensor hidden)
    {
        if (gates.DType == DType.Float32)
        {
            GruKernel.Forward(sizes, Of<long>(lengths),
                x.AsSpan<float>(), weightInput.AsSpan<float>(), weight.AsSpan<float>(), Of<float>(bias), Of<float>(productBias), gates.Span<float>(), products.Span<float>(), state.Span<float>(), hidden.Span<float>());
        }
        else
        {
            GruKernel.Forward(sizes, Of<long>(lengths),
                x.AsSpan<double>(), weightInput.AsSpan<double>(), weight.AsSpan<double>(), Of<double>(bias), Of<double>(productBias), gates.Span<double>(), products.Span<double>(), state.Span<double>(), hidden.Span<double>());
        }
    }

    public override void GruBackward(
        in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor products, Tensor hidden, Tensor initial, Tensor? dhidden,
        Tensor dstate, Tensor dgates, Tensor dproducts)
    {
        if (gates.DType == DType.Float32)
        {
            GruKernel.Backward(sizes, Of<long>(lengths),
                weight.AsSpan<float>(), gates.AsSpan<float>(), products.AsSpan<float>(), hidden.AsSpan<float>(), initial.AsSpan<float>(), Of<float>(dhidden), dstate.Span<float>(), dgates.Span<float>(), dproducts.Span<float>());
        }
        else
        {
            GruKernel.Backward(sizes, Of<long>(lengths),
                weight.AsSpan<double>(), gates.AsSpan<double>(), products.AsSpan<double>(), hidden.AsSpan<double>(), initial.AsSpan<double>(), Of<double>(dhidden), dstate.Span<double>(), dgates.Span<double>(), dproducts.Span<double>());
        }
    }

    public override void PreviousStates(in RecurrentSizes sizes, Tensor? lengths, Tensor? x, Tensor sequence, Tensor initial, Tensor previous)
    {
        if (previous.DType == DType.Float32)
            Recurrence.Previous(sizes, Of<long>(lengths), Of<float>(x), sequence.AsSpan<float>(), initial.AsSpan<float>(), previous.Span<float>());
        else
            Recurrence.Previous(sizes, Of<long>(lengths), Of<double>(x), sequence.AsSpan<double>(), initial.AsSpan<double>(), previous.Span<double>());
    }

    private static ReadOnlySpan<T> Of<T>(Tensor? x)
        where T : unmanaged => x is null ? default : x.AsSpan<T>();
}
