using System.Numerics;

namespace Glia.Layers;

/// <summary>
/// All eigenvalues of a general real matrix: Householder reflections bring it to Hessenberg form, and implicit double-shifted QR steps (Francis 1961) split
/// blocks of one or two rows off its end (Golub and Van Loan, Matrix Computations, 7.4 and 7.5).
/// </summary>
internal sealed class RealEigenvalues
{
    private const double Epsilon = 2.220446049250313e-16;
    private const int MostStepsPerValue = 60;

    private readonly double[] _a;
    private readonly int _size;
    private readonly List<Complex> _values = [];

    private RealEigenvalues(double[] matrix, int size)
    {
        (_a, _size) = (matrix, size);
        ToHessenberg();
        Split();
    }

    /// <summary>The eigenvalues, in no particular order; the row-major matrix is overwritten.</summary>
    public static IReadOnlyList<Complex> Of(double[] matrix, int size)
    {
        // Elements of at most 1 neither overflow when they are squared nor lose the largest when they vanish.
        var largest = matrix.Aggregate(0.0, (max, element) => Math.Max(max, Math.Abs(element)));
        for (var i = 0; i < matrix.Length && largest > 0; i++)
            matrix[i] /= largest;
        return [.. new RealEigenvalues(matrix, size)._values.Select(v => largest > 0 ? v * largest : v)];
    }

    private ref double this[int row, int column] => ref _a[(row * _size) + column];

    private void ToHessenberg()
    {
        for (var k = 0; k + 2 < _size; k++)
        {
            var v = new double[_size - k - 1];
            for (var i = 0; i < v.Length; i++)
                v[i] = this[k + 1 + i, k];
            Reflect(v, k + 1, 0, _size - 1, 0, _size - 1);
            for (var i = k + 2; i < _size; i++)
                this[i, k] = 0;
        }
    }

    /// <summary>
    /// A ← P·A·P with the reflection P of rows and columns from <paramref name="first"/> on that turns the vector to the first axis, inside some rows and
    /// columns. The vector is overwritten.
    /// </summary>
    private void Reflect(Span<double> v, int first, int firstRow, int lastRow, int firstColumn, int lastColumn)
    {
        var largest = 0.0;
        foreach (var element in v)
            largest = Math.Max(largest, Math.Abs(element));
        if (largest == 0)
            return;
        var squares = 0.0;
        for (var i = 0; i < v.Length; i++)
        {
            v[i] /= largest;
            squares += v[i] * v[i];
        }
        var head = v[0];
        v[0] += Math.CopySign(Math.Sqrt(squares), head);
        var length = squares - (head * head) + (v[0] * v[0]);
        if (length == 0)
            return;
        for (var column = firstColumn; column <= lastColumn; column++)
        {
            var product = 0.0;
            for (var i = 0; i < v.Length; i++)
                product += v[i] * this[first + i, column];
            product *= 2 / length;
            for (var i = 0; i < v.Length; i++)
                this[first + i, column] -= product * v[i];
        }
        for (var row = firstRow; row <= lastRow; row++)
        {
            var product = 0.0;
            for (var i = 0; i < v.Length; i++)
                product += this[row, first + i] * v[i];
            product *= 2 / length;
            for (var i = 0; i < v.Length; i++)
                this[row, first + i] -= product * v[i];
        }
    }

    private void Split()
    {
        var (last, steps) = (_size - 1, 0);
        while (last >= 0)
        {
            var first = BlockStart(last);
            if (first == last)
            {
                _values.Add(this[last, last]);
                (last, steps) = (last - 1, 0);
            }
            else if (first == last - 1)
            {
                AddPair(last);
                (last, steps) = (last - 2, 0);
            }
            else
            {
                if (++steps > MostStepsPerValue)
                    throw new ArithmeticException("The eigenvalues did not converge.");
                FrancisStep(first, last, isExceptional: steps % 10 == 0);
            }
        }
    }

    /// <summary>The first row of the block that ends at a row: above it the subdiagonal is negligible.</summary>
    private int BlockStart(int last)
    {
        for (var row = last; row > 0; row--)
        {
            var size = Math.Abs(this[row - 1, row - 1]) + Math.Abs(this[row, row]);
            if (size == 0)
                size = Norm();
            if (Math.Abs(this[row, row - 1]) <= Epsilon * size)
            {
                this[row, row - 1] = 0;
                return row;
            }
        }
        return 0;
    }

    private double Norm()
    {
        var sum = 0.0;
        foreach (var element in _a)
            sum += Math.Abs(element);
        return sum;
    }

    private void AddPair(int last)
    {
        var (a, b, c, d) = (this[last - 1, last - 1], this[last - 1, last], this[last, last - 1], this[last, last]);
        var (half, product) = ((a - d) / 2, b * c);
        var discriminant = (half * half) + product;
        if (discriminant < 0)
        {
            var imaginary = Math.Sqrt(-discriminant);
            _values.Add(new((a + d) / 2, imaginary));
            _values.Add(new((a + d) / 2, -imaginary));
            return;
        }
        // The root farther from d first, the other by the product, so that nothing cancels.
        var far = half + Math.CopySign(Math.Sqrt(discriminant), half);
        _values.Add(d + far);
        _values.Add(far == 0 ? d : d - (product / far));
    }

    /// <summary>One QR step with both eigenvalues of the last two rows as shifts, without complex numbers.</summary>
    private void FrancisStep(int first, int last, bool isExceptional)
    {
        var (sum, product) = (this[last - 1, last - 1] + this[last, last], Determinant(last));
        if (isExceptional)
        {
            // Other shifts, when the usual ones go round in a circle.
            var size = Math.Abs(this[last, last - 1]) + Math.Abs(this[last - 1, last - 2]);
            (sum, product) = (1.5 * size, size * size);
        }
        Span<double> v =
        [
            (this[first, first] * (this[first, first] - sum)) + product + (this[first, first + 1] * this[first + 1, first]),
            this[first + 1, first] * (this[first, first] + this[first + 1, first + 1] - sum),
            this[first + 1, first] * this[first + 2, first + 1],
        ];
        Reflect(v, first, first, Math.Min(first + 3, last), first, last);
        for (var k = first; k < last - 1; k++)
        {
            // What was pushed below the subdiagonal is chased down, column after column.
            var rows = Math.Min(3, last - k);
            for (var i = 0; i < rows; i++)
                v[i] = this[k + 1 + i, k];
            Reflect(v[..rows], k + 1, first, Math.Min(k + 4, last), k, last);
            for (var i = 1; i < rows; i++)
                this[k + 1 + i, k] = 0;
        }
    }

    private double Determinant(int last) =>
        (this[last - 1, last - 1] * this[last, last]) - (this[last - 1, last] * this[last, last - 1]);
}
