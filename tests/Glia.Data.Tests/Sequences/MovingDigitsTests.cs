namespace Glia.Data.Tests.Sequences;

public class MovingDigitsTests
{
    private static readonly (int Down, int Right)[] Moves = [(0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)];

    [Fact]
    public void Frames_AreTheFirstOneMovedInTheDirectionOfTheClass()
    {
        const int size = 10;
        var data = MovingDigits.Create(40, frames: 5, size: size, noise: 0, seed: 4);

        for (var i = 0; i < data.Count; i++)
        {
            var (down, right) = Moves[(int)data.Targets[i]];
            for (var t = 0; t < 5; t++)
            {
                for (var p = 0; p < size * size; p++)
                {
                    var (row, column) = (((p / size) - (t * down) + (5 * size)) % size, ((p % size) - (t * right) + (5 * size)) % size);
                    Assert.Equal(data.Inputs[i, 0, 0, row, column], data.Inputs[i, t, 0, p / size, p % size]);
                }
            }
        }
        Assert.Equal(8, data.Targets.ToArray<long>().Distinct().Count());
    }

    [Fact]
    public void Noise_IsOnEveryPixel()
    {
        var data = MovingDigits.Create(20, size: 24, noise: 0.2, seed: 1);
        var clean = MovingDigits.Create(20, size: 24, noise: 0, seed: 1);

        // The digit's place is drawn before the noise, so that it is the same with and without.
        var noise = (data.Inputs - clean.Inputs).ToArray<float>();
        Assert.Equal(0.2, Math.Sqrt(noise.Average(e => e * e)), 0.005);
    }
}
