using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class ReferenceBackend
{
    public override void SimpleRnn<TOp>(TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor state, Tensor hidden)
    {
        Share(x, weightInput, hidden);
        for (var step = 0; step < sizes.Steps; step++)
        {
            for (var b = 0; b < sizes.Batch; b++)
            {
                var row = Row(sizes, b, sizes.TimeOf(step));
                var isValid = IsValid(sizes, lengths, b, sizes.TimeOf(step));
                var products = Products(weight, sizes.Hidden, state, b * sizes.Hidden, sizes.Hidden);
                for (var k = 0; k < sizes.Hidden; k++)
                {
                    var h = isValid ? activation.Forward(new LanesScalar<double>(hidden.GetFlat(row + k) + products[k] + At(bias, k))).Value : 0;
                    hidden.SetFlat(row + k, h);
                    if (isValid)
                        state.SetFlat((b * sizes.Hidden) + k, h);
                }
            }
        }
    }

    public override void SimpleRnnBackward<TOp>(
        TOp activation, in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor hidden, Tensor? dhidden, Tensor dstate, Tensor dz)
    {
        for (var step = sizes.Steps - 1; step >= 0; step--)
        {
            for (var b = 0; b < sizes.Batch; b++)
            {
                var (n, row, isValid) = (sizes.Hidden, Row(sizes, b, sizes.TimeOf(step)), IsValid(sizes, lengths, b, sizes.TimeOf(step)));
                for (var k = 0; k < n; k++)
                {
                    var dh = dstate.GetFlat((b * n) + k) + At(dhidden, row + k);
                    var h = Real(hidden, row + k);
                    dz.SetFlat(row + k, isValid ? dh * activation.Derivative(h, h).Value : 0);
                    if (isValid)
                        dstate.SetFlat((b * n) + k, 0);
                }
                if (isValid)
                    AddTransposed(weight, n, n, dz, row, dstate, b * n);
            }
        }
    }

    public override void Lstm(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor gates, Tensor state, Tensor cell, Tensor hidden, Tensor cells)
    {
        Share(x, weightInput, gates);
        var n = sizes.Hidden;
        for (var step = 0; step < sizes.Steps; step++)
        {
            for (var b = 0; b < sizes.Batch; b++)
            {
                var (row, isValid) = (Row(sizes, b, sizes.TimeOf(step)), IsValid(sizes, lengths, b, sizes.TimeOf(step)));
                var products = Products(weight, 4 * n, state, b * n, n);
                for (var k = 0; k < n; k++)
                {
                    if (!isValid)
                    {
                        hidden.SetFlat(row + k, 0);
                        cells.SetFlat(row + k, 0);
                        continue;
                    }
                    double Z(int gate) => gates.GetFlat((4 * row) + (gate * n) + k) + products[(gate * n) + k] + At(bias, (gate * n) + k);
                    var (i, f, g, o) = (Sigmoid(Z(0)), Sigmoid(Z(1)), Math.Tanh(Z(2)), Sigmoid(Z(3)));
                    var c = (f * cell.GetFlat((b * n) + k)) + (i * g);
                    var h = o * Math.Tanh(c);
                    SetBlocks(gates, 4 * row, n, k, i, f, g, o);
                    cell.SetFlat((b * n) + k, c);
                    cells.SetFlat(row + k, c);
                    state.SetFlat((b * n) + k, h);
                    hidden.SetFlat(row + k, h);
                }
            }
        }
    }

    public override void LstmBackward(
        in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor cells, Tensor initial, Tensor? dhidden, Tensor dstate, Tensor dcell, Tensor dgates)
    {
        var n = sizes.Hidden;
        for (var step = sizes.Steps - 1; step >= 0; step--)
        {
            for (var b = 0; b < sizes.Batch; b++)
            {
                var (time, row) = (sizes.TimeOf(step), Row(sizes, b, sizes.TimeOf(step)));
                if (!IsValid(sizes, lengths, b, time))
                {
                    for (var k = 0; k < n; k++)
                        SetBlocks(dgates, 4 * row, n, k, 0, 0, 0, 0);
                    continue;
                }
                for (var k = 0; k < n; k++)
                {
                    double Gate(int gate) => gates.GetFlat((4 * row) + (gate * n) + k);
                    var (i, f, g, o) = (Gate(0), Gate(1), Gate(2), Gate(3));
                    var squashed = Math.Tanh(cells.GetFlat(row + k));
                    var dh = dstate.GetFlat((b * n) + k) + At(dhidden, row + k);
                    var dc = dcell.GetFlat((b * n) + k) + (dh * o * (1 - (squashed * squashed)));
                    var before = Before(sizes, lengths, b, time, k, cells, initial);
                    SetBlocks(dgates, 4 * row, n, k, dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - (g * g)), dh * squashed * o * (1 - o));
                    dcell.SetFlat((b * n) + k, dc * f);
                    dstate.SetFlat((b * n) + k, 0);
                }
                AddTransposed(weight, 4 * n, n, dgates, 4 * row, dstate, b * n);
            }
        }
    }

    public override void Gru(
        in RecurrentSizes sizes, Tensor? lengths, Tensor x, Tensor weightInput, Tensor weight, Tensor? bias, Tensor? productBias, Tensor gates, Tensor products, Tensor state, Tensor hidden)
    {
        Share(x, weightInput, gates);
        var n = sizes.Hidden;
        for (var step = 0; step < sizes.Steps; step++)
        {
            for (var b = 0; b < sizes.Batch; b++)
            {
                var (row, isValid) = (Row(sizes, b, sizes.TimeOf(step)), IsValid(sizes, lengths, b, sizes.TimeOf(step)));
                var shares = Products(weight, 3 * n, state, b * n, n);
                for (var k = 0; k < n; k++)
                {
                    if (!isValid)
                    {
                        hidden.SetFlat(row + k, 0);
                        continue;
                    }
                    double X(int gate) => gates.GetFlat((3 * row) + (gate * n) + k) + At(bias, (gate * n) + k);
                    var (r, z) = (Sigmoid(X(0) + shares[k]), Sigmoid(X(1) + shares[n + k]));
                    var q = shares[(2 * n) + k] + At(productBias, k);
                    var proposal = Math.Tanh(X(2) + (r * q));
                    var h = ((1 - z) * proposal) + (z * state.GetFlat((b * n) + k));
                    SetBlocks(gates, 3 * row, n, k, r, z, proposal);
                    products.SetFlat(row + k, q);
                    state.SetFlat((b * n) + k, h);
                    hidden.SetFlat(row + k, h);
                }
            }
        }
    }

    public override void GruBackward(
        in RecurrentSizes sizes, Tensor? lengths, Tensor weight, Tensor gates, Tensor products, Tensor hidden, Tensor initial, Tensor? dhidden,
        Tensor dstate, Tensor dgates, Tensor dproducts)
    {
        var n = sizes.Hidden;
        for (var step = sizes.Steps - 1; step >= 0; step--)
        {
            for (var b = 0; b < sizes.Batch; b++)
            {
                var (time, row) = (sizes.TimeOf(step), Row(sizes, b, sizes.TimeOf(step)));
                var isValid = IsValid(sizes, lengths, b, time);
                for (var k = 0; k < n; k++)
                {
                    if (!isValid)
                    {
                        SetBlocks(dgates, 3 * row, n, k, 0, 0, 0);
                        SetBlocks(dproducts, 3 * row, n, k, 0, 0, 0);
                        continue;
                    }
                    double Gate(int gate) => gates.GetFlat((3 * row) + (gate * n) + k);
                    var (r, z, proposal) = (Gate(0), Gate(1), Gate(2));
                    var dh = dstate.GetFlat((b * n) + k) + At(dhidden, row + k);
                    var dz = dh * (Before(sizes, lengths, b, time, k, hidden, initial) - proposal) * z * (1 - z);
                    var dn = dh * (1 - z) * (1 - (proposal * proposal));
                    var dr = dn * products.GetFlat(row + k) * r * (1 - r);
                    SetBlocks(dgates, 3 * row, n, k, dr, dz, dn);
                    SetBlocks(dproducts, 3 * row, n, k, dr, dz, dn * r);
                    dstate.SetFlat((b * n) + k, dh * z);
                }
                if (isValid)
                    AddTransposed(weight, 3 * n, n, dproducts, 3 * row, dstate, b * n);
            }
        }
    }

    public override void PreviousStates(in RecurrentSizes sizes, Tensor? lengths, Tensor? x, Tensor sequence, Tensor initial, Tensor previous)
    {
        var features = x?.Shape[2] ?? 0;
        var width = features + sizes.Hidden;
        for (var i = 0; i < previous.Count; i++)
        {
            var (b, time, k) = (i / (sizes.Steps * width), i / width % sizes.Steps, (i % width) - features);
            if (k < 0)
                previous.SetFlat(i, x!.GetFlat((i / width * features) + features + k));
            else
                previous.SetFlat(i, IsValid(sizes, lengths, b, time) ? Before(sizes, lengths, b, time, k, sequence, initial) : 0);
        }
    }

    private void Share(Tensor x, Tensor weight, Tensor share) =>
        MatMul(false, true, new(x.Shape[0] * x.Shape[1], weight.Shape[0], x.Shape[2], 1, 0, 0), x, weight, share);

    private static int Row(in RecurrentSizes sizes, int b, int time) => ((b * sizes.Steps) + time) * sizes.Hidden;

    private static bool IsValid(in RecurrentSizes sizes, Tensor? lengths, int b, int time) => time < (lengths?.GetFlat(b) ?? sizes.Steps);

    private static double Before(in RecurrentSizes sizes, Tensor? lengths, int b, int time, int k, Tensor sequence, Tensor initial)
    {
        var before = sizes.Before(time, (long)(lengths?.GetFlat(b) ?? sizes.Steps));
        return before < 0 ? initial.GetFlat((b * sizes.Hidden) + k) : sequence.GetFlat(Row(sizes, b, before) + k);
    }

    private static double At(Tensor? x, int i) => x?.GetFlat(i) ?? 0;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void SetBlocks(Tensor x, int start, int size, int k, params ReadOnlySpan<double> values)
    {
        for (var block = 0; block < values.Length; block++)
            x.SetFlat(start + (block * size) + k, values[block]);
    }

    /// <summary>Rows of a matrix times a vector.</summary>
    private static double[] Products(Tensor matrix, int rows, Tensor vector, int start, int count)
    {
        var y = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < count; k++)
                y[row] += matrix.GetFlat((row * count) + k) * vector.GetFlat(start + k);
        }
        return y;
    }

    /// <summary>y += matrixᵀ·vector.</summary>
    private static void AddTransposed(Tensor matrix, int rows, int columns, Tensor vector, int start, Tensor y, int to)
    {
        for (var k = 0; k < columns; k++)
        {
            var sum = y.GetFlat(to + k);
            for (var row = 0; row < rows; row++)
                sum += vector.GetFlat(start + row) * matrix.GetFlat((row * columns) + k);
            y.SetFlat(to + k, sum);
        }
    }
}
