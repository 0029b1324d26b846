namespace Glia.Plots;

/// <summary>A grid of characters on which curves are drawn; every character holds 2 × 4 braille dots or one mark.</summary>
internal sealed class TerminalCanvas
{
    private const int DotColumns = 2;
    private const int DotRows = 4;
    private const char EmptyBraille = '\u2800';
    private const string UnicodeMarks = "⠤●◆■○";
    private const string AsciiMarks = "*ox#@";

    // The bit of each dot in a braille character, by row and column.
    private static readonly byte[,] DotBits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly char[,] _cells;
    private readonly (double First, double Last) _range;
    private readonly double _low;
    private readonly double _high;

    public TerminalCanvas(int width, int height, (double First, double Last) range, double low, double high)
    {
        (Width, Height, _range, _low, _high) = (width, height, range, low, high);
        _cells = new char[height, width];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The mark of a series beyond the first, which is a line of dots unless the terminal is ASCII.</summary>
    public static char Mark(int series, bool asciiOnly) =>
        asciiOnly ? AsciiMarks[series % AsciiMarks.Length] : UnicodeMarks[1 + ((series - 1) % (UnicodeMarks.Length - 1))];

    public static char LegendMark(int series, bool asciiOnly) => series == 0 && !asciiOnly ? UnicodeMarks[0] : Mark(series, asciiOnly);

    public static char BestMark(bool asciiOnly) => asciiOnly ? '^' : '▲';

    public int Row(double value) => DotRow(value, Height);

    public int Column(double x) => DotColumn(x, Width);

    public string Line(int row) =>
        string.Concat(Enumerable.Range(0, Width).Select(column => _cells[row, column] is var cell && cell == 0 ? ' ' : cell));

    /// <summary>Joins the points with a line of braille dots.</summary>
    public void DrawDots(IReadOnlyList<(double X, double Value)> points)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var (toX, toY) = Dot(points[i]);
            var (fromX, fromY) = i == 0 ? (toX, toY) : Dot(points[i - 1]);
            var steps = Math.Max(1, Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)));
            for (var step = 0; step <= steps; step++)
                SetDot(fromX + Rounded((toX - fromX) * step, steps), fromY + Rounded((toY - fromY) * step, steps));
        }
    }

    /// <summary>Puts a mark into every column between the first and the last point, at the height of the curve there.</summary>
    public void DrawMarks(IReadOnlyList<(double X, double Value)> points, char mark)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var (to, from) = (points[i], points[Math.Max(0, i - 1)]);
            var (toColumn, fromColumn) = (Column(to.X), Column(from.X));
            for (var column = fromColumn; column < toColumn; column++)
            {
                var share = (column - fromColumn) / (double)(toColumn - fromColumn);
                _cells[Row(from.Value + (share * (to.Value - from.Value))), column] = mark;
            }

            _cells[Row(to.Value), toColumn] = mark;
        }
    }

    private static int Rounded(int numerator, int denominator) => (int)Math.Round(numerator / (double)denominator);

    private (int X, int Y) Dot((double X, double Value) point) =>
        (DotColumn(point.X, Width * DotColumns), DotRow(point.Value, Height * DotRows));

    private int DotColumn(double x, int count) =>
        _range.First == _range.Last ? count / 2 : (int)Math.Round((x - _range.First) / (_range.Last - _range.First) * (count - 1));

    private int DotRow(double value, int count) =>
        Math.Clamp((int)((_high - value) / (_high - _low) * count), 0, count - 1);

    private void SetDot(int x, int y)
    {
        ref var cell = ref _cells[y / DotRows, x / DotColumns];
        if (cell == 0)
            cell = EmptyBraille;
        cell |= (char)DotBits[y % DotRows, x % DotColumns];
    }
}
