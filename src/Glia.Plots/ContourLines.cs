namespace Glia.Plots;

/// <summary>Lines of equal value over a grid, by marching squares: straight pieces between linearly interpolated crossings of the edges of each square.</summary>
internal static class ContourLines
{
    /// <summary>The pieces of the line of one level, in columns and rows of the grid. Squares with a corner that is NaN have none.</summary>
    public static IEnumerable<((double Column, double Row) From, (double Column, double Row) To)> Of(double[,] values, double level)
    {
        for (var row = 0; row + 1 < values.GetLength(0); row++)
        {
            for (var column = 0; column + 1 < values.GetLength(1); column++)
            {
                var (a, b) = (values[row, column], values[row, column + 1]);
                var (d, c) = (values[row + 1, column], values[row + 1, column + 1]);
                if (double.IsNaN(a + b + c + d))
                    continue;
                var crossings = new List<(double, double)>(4);
                // Round the square, so that neighbours in the list are joined.
                if (Crosses(a, b))
                    crossings.Add((column + Share(a, b), row));
                if (Crosses(b, c))
                    crossings.Add((column + 1, row + Share(b, c)));
                if (Crosses(d, c))
                    crossings.Add((column + Share(d, c), row + 1));
                if (Crosses(a, d))
                    crossings.Add((column, row + Share(a, d)));
                if (crossings.Count == 2)
                    yield return (crossings[0], crossings[1]);
                if (crossings.Count != 4)
                    continue;
                // A saddle: the middle says which corners the lines cut off.
                var cutsOffB = (a >= level) == ((a + b + c + d) / 4 >= level);
                yield return cutsOffB ? (crossings[0], crossings[1]) : (crossings[1], crossings[2]);
                yield return cutsOffB ? (crossings[2], crossings[3]) : (crossings[3], crossings[0]);
            }
        }

        bool Crosses(double from, double to) => (from >= level) != (to >= level);
        double Share(double from, double to) => (level - from) / (to - from);
    }
}
