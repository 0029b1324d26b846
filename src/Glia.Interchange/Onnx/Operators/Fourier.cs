using Glia.Replay;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>
/// The discrete Fourier transform y[k] = Σⱼ x[j]·e^(∓2πi·jk/n) of the rows of matrices. It is made of products of matrices, through which gradients flow; one of a·b numbers is
/// b transforms of a numbers, a product with the rotations between them, and a transforms of b numbers (Cooley and Tukey 1965).
/// </summary>
internal static class Fourier
{
    private const int LargestStep = 512, LargestFactor = 4096;

    /// <param name="re">The real parts, (rows, n).</param>
    /// <param name="im">The imaginary parts; null for real numbers.</param>
    /// <param name="bins">How many of the n results are wanted.</param>
    /// <param name="isInverse">Whether the exponent is positive. The result is not divided by n.</param>
    public static (Tensor Re, Tensor Im) Transform(Tensor re, Tensor? im, int bins, bool isInverse)
    {
        var (rows, n) = (re.Shape[0], re.Shape[1]);
        var a = n <= LargestStep ? n : LargestDivisor(n);
        if (a == n)
            return Product(re, im, Rotation(n, bins, n, isInverse, re.DType), static (x, y) => x.MatMul(y));
        var b = n / a;
        (re, im) = Transform(Turned(re, a, b), im is null ? null : Turned(im, a, b), a, isInverse);
        var (between, rest) = (Rotation(b, a, n, isInverse, re.DType), new Shape(rows, b, a));
        (re, im) = Product(re.Reshape(rest), im.Reshape(rest), between, static (x, y) => x * y);
        (re, im) = Transform(Turned(re, b, a), Turned(im, b, a), b, isInverse);
        return (Wanted(re), Wanted(im));

        Tensor Turned(Tensor x, int first, int second) => x.Reshape(rows, first, second).Permute(0, 2, 1).Reshape(rows * second, first);

        Tensor Wanted(Tensor x)
        {
            var y = x.Reshape(rows, a, b).Permute(0, 2, 1).Reshape(rows, n);
            return bins == n ? y : y.Slice(1, 0, bins);
        }
    }

    private static int LargestDivisor(int n)
    {
        var divisor = LargestStep;
        while (n % divisor != 0)
            divisor--;
        if (divisor == 1 && n > LargestFactor)
            throw new ArgumentException($"a Fourier transform of a length without prime factors above {LargestFactor} was expected, but {n} is one. Pad or cut the signal.");
        return divisor == 1 ? n : divisor;
    }

    private static (Tensor Re, Tensor Im) Product(Tensor re, Tensor? im, (Tensor Cos, Tensor Sin) by, Func<Tensor, Tensor, Tensor> product)
    {
        var (y, z) = (product(re, by.Cos), product(re, by.Sin));
        return im is null ? (y, z) : (y - product(im, by.Sin), z + product(im, by.Cos));
    }

    /// <summary>cos and ±sin of 2π·row·column/n.</summary>
    private static (Tensor Cos, Tensor Sin) Rotation(int rows, int columns, int n, bool isInverse, DType dtype)
    {
        return (Table(Math.Cos), Table(isInverse ? Math.Sin : static x => -Math.Sin(x)));

        Tensor Table(Func<double, double> function) => Recorder.Fixed((rows, columns, n, function, dtype), static s =>
        {
            var (rows, columns, n, function, dtype) = s;
            var circle = new double[n];
            for (var i = 0; i < n; i++)
                circle[i] = function(2 * Math.PI * i / n);
            var table = new double[rows, columns];
            for (var row = 0; row < rows; row++)
            {
                for (var (column, at) = (0, 0); column < columns; column++, at = (at + row) % n)
                    table[row, column] = circle[at];
            }
            return Tensor.From(table).To(dtype);
        });
    }
}
