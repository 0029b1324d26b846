namespace Glia.Data.Tests.Sequences;

public class SeriesTests
{
    private static readonly double[] Squares = [.. Enumerable.Range(0, 20).Select(t => (double)t * t)];

    [Fact]
    public void Encoder_DecodedTarget_IsTheFuture()
    {
        var encoder = SeriesEncoder.FromJson(SeriesEncoder.Fit(Squares, "y", lookback: 3, horizon: 2).ToJson());
        var target = new float[2];
        encoder.EncodeTarget(Squares[7], Squares.AsSpan(8, 2), target);

        Assert.Equal([64, 81], encoder.Decode(49, target), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal([49, 49], encoder.Decode(49, [0, 0]));
    }

    [Fact]
    public void Encoder_Persistence_HasALossOfOneOnTheTrainingPart()
    {
        var values = BuiltInDatasets.Load("sunspots")["value"].Numbers.ToArray();
        var encoder = SeriesEncoder.Fit(values, "value", lookback: 1, horizon: 12);
        var data = new SeriesDataset(values, encoder, 0, values.Length);
        var batch = new DataLoader(data, data.Count, shuffle: false).Epoch().Single();

        Assert.Equal(1, Loss.MeanSquaredError.Compute(Tensor.Zeros(batch.Target.Shape), batch.Target).Item(), 0.01);
    }

    [Theory]
    [InlineData("sunspots", true)]
    [InlineData("co2", false)]
    public void Encoder_Level_IsAFeatureUnlessThereIsATrend(string name, bool expected) =>
        Assert.Equal(expected, SeriesEncoder.Fit(BuiltInDatasets.Load(name)["value"].Numbers, "value", 24, 12).UsesLevel);

    [Fact]
    public void Encoder_LevelFeature_IsStandardised()
    {
        var encoder = SeriesEncoder.Fit([1, 3, 1, 3, 1, 3], "y", lookback: 2, horizon: 1);
        var input = new float[4];
        encoder.Encode([1, 3], input);

        Assert.Equal([-1, -1, 0, 1], input);
    }

    [Fact]
    public void Dataset_Windows_ForecastOnlyTheirPart()
    {
        var encoder = SeriesEncoder.Fit(Squares, "y", lookback: 3, horizon: 2, usesLevel: false);
        var data = new SeriesDataset(Squares, encoder, 10, 15);
        var batch = new DataLoader(data, 10, shuffle: false).Epoch().Single();

        Assert.Equal((9, 4), (data.FirstOrigin, data.Count));
        Assert.Equal((49 - 81) / encoder.Scale, batch.Input[0, 0, 0], 1e-5);
        Assert.Equal(0, batch.Input[0, 2, 0]);
        Assert.Equal((100 - 81) / encoder.Scale, batch.Target[0, 0], 1e-5);
        Assert.Equal(((14 * 14) - (12 * 12)) / encoder.Scale, batch.Target[3, 1], 1e-5);
        Assert.Equal(2, new SeriesDataset(Squares, encoder, 0, 6).FirstOrigin);
        Assert.Throws<ArgumentException>(() => new SeriesDataset(Squares, encoder, 10, 11));
    }

    [Fact]
    public void Fit_TooShortOrConstant_SaysSo()
    {
        Assert.Equal(
            "y: the training part has 4 values, but a lookback of 3 and a horizon of 2 need 5. Use smaller ones.",
            Assert.Throws<DataFormatException>(() => SeriesEncoder.Fit(Squares.AsSpan(0, 4), "y", 3, 2)).Message);
        Assert.Equal(
            "y: the series never changes, so there is nothing to forecast.",
            Assert.Throws<DataFormatException>(() => SeriesEncoder.Fit([2, 2, 2, 2, 2], "y", 2, 1)).Message);
    }

    [Fact]
    public void Backtest_ByHand()
    {
        var test = Backtest.Run([0, 1, 0, 1, 0, 2], firstOrigin: 1, count: 3, horizon: 2, _ => [0, 0], season: 2);

        // Origins 1, 2, 3: futures (0, 1), (1, 0), (0, 2).
        Assert.Equal([Math.Sqrt(1.0 / 3), Math.Sqrt(5.0 / 3)], test.RmseByStep);
        Assert.Equal([Math.Sqrt(3.0 / 3), Math.Sqrt(1.0 / 3)], test.PersistenceByStep);
        Assert.Equal([0, Math.Sqrt(1.0 / 3)], test.SeasonalByStep!);
        Assert.Equal(1, test.Rmse, 1e-12);
        Assert.Equal(Math.Sqrt(4.0 / 6), test.PersistenceRmse, 1e-12);
        Assert.Equal(1 - Math.Sqrt(6.0 / 4), test.Skill, 1e-12);
        Assert.Equal(3, test.Forecasts);
    }

    [Fact]
    public void Backtest_BeyondTheSeries_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Backtest.Run([1, 2, 3], 0, 2, 2, _ => [0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backtest.Run([1, 2, 3], 0, 1, 1, _ => [0], season: 2));
    }
}
