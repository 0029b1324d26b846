namespace Glia.Training.Tuning;

/// <summary>Every combination of the parameters' grid points, the last parameter changing fastest.</summary>
public sealed class GridSearch : SearchMethod
{
    private const int MostPoints = 1_000_000;

    internal override string Description => "grid";

    internal override int Count(SearchSpace space)
    {
        var count = 1.0;
        foreach (var parameter in space.Parameters)
            count *= parameter.GridPositions.Count;
        return count <= MostPoints
            ? (int)count
            : throw new ArgumentException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"The grid has {count:N0} points, more than {MostPoints:N0}. Give parameters fewer grid points, or search at random."));
    }

    internal override double[] Positions(SearchSpace space, ulong seed, int trial)
    {
        var positions = new double[space.Parameters.Count];
        for (var i = positions.Length - 1; i >= 0; i--)
        {
            var grid = space.Parameters[i].GridPositions;
            (trial, var point) = Math.DivRem(trial, grid.Count);
            positions[i] = grid[point];
        }
        return positions;
    }
}
