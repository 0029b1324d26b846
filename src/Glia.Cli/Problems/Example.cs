using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>New data that a fresh model can be tried on, taken from the test part.</summary>
internal abstract record Example
{
    /// <summary>A few rows of a table.</summary>
    public sealed record Rows(Table Table) : Example
    {
        private const int Count = 5;

        public static Rows From(Table table, ReadOnlySpan<int> test) => new(table.Select(test[..Math.Min(Count, test.Length)]));
    }

    /// <summary>An image that is in a file already.</summary>
    public sealed record ImageFile(string Path) : Example;

    /// <summary>The beginning of a text.</summary>
    public sealed record Prompt(string Text) : Example;

    /// <summary>Nothing: no file of the program's holds such data.</summary>
    public sealed record None : Example;

    /// <summary>A grey image, numbers from 0 to 1.</summary>
    public sealed record GreyPixels(string ClassName, int Height, int Width, float[] Pixels) : Example;
}
