namespace Glia.Plots;

public sealed partial class Chart
{
    /// <summary>How often each true class was predicted as each class, with the share of the true class as colour.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="counts"><c>counts[t, p]</c> is how often the true class t was predicted as p; square, none negative.</param>
    /// <exception cref="ArgumentException">
    /// There is no class, the counts are not classes × classes, or one of them is negative.
    /// </exception>
    public static Chart ConfusionMatrix(string title, IReadOnlyList<string> classNames, long[,] counts) =>
        ConfusionMatrixChart.Create(title, classNames, counts);

    /// <summary>Predicted against true values of a regression, with the diagonal on which predictions are perfect.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="quantity">What is predicted, with its unit if it has one: "price (1000 $)".</param>
    /// <param name="actual">The true values.</param>
    /// <param name="predicted">The prediction for each; pairs with NaN, infinity or values beyond ±1e100 are left out.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or no pair is finite.</exception>
    public static Chart PredictionScatter(
        string title, string quantity, IReadOnlyList<double> actual, IReadOnlyList<double> predicted) =>
        PredictionScatterChart.Create(title, quantity, actual, predicted);

    /// <summary>
    /// A linear classifier of the plane: the samples, the line w·x + b = 0, each side of it shaded in the colour of the class predicted there, and w,
    /// which points to the side where w·x + b &gt; 0. One unit is as long on both axes, so distances from the line can be read off.
    /// </summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="classes">The samples of the class with w·x + b &lt; 0, then those of the other.</param>
    /// <param name="weights">w, two numbers.</param>
    /// <param name="bias">b.</param>
    /// <param name="xLabel">What the first feature is.</param>
    /// <param name="yLabel">What the second feature is.</param>
    /// <exception cref="ArgumentException">There are not two classes and two weights, a weight is not finite, or no point is.</exception>
    public static Chart DecisionLine(
        string title, IReadOnlyList<ChartPoints> classes, IReadOnlyList<double> weights, double bias, string xLabel = "x₁", string yLabel = "x₂") =>
        DecisionLineChart.Create(title, classes, weights, bias, xLabel, yLabel);

    /// <summary>What a classifier says at every point of the plane, the stronger the colour the surer, with samples over it.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="classes">The samples of each class, 2 to 8 classes, in the order of the outputs.</param>
    /// <param name="probabilities">The probabilities of the classes, (points, classes), at points of the plane, (points, 2) in Float32.</param>
    /// <param name="xLabel">What the first coordinate is.</param>
    /// <param name="yLabel">What the second coordinate is.</param>
    /// <exception cref="ArgumentException">There are too few or too many classes, no finite point, or the probabilities have another shape.</exception>
    public static Chart DecisionBoundary(string title, IReadOnlyList<ChartPoints> classes, Func<Tensor, Tensor> probabilities, string xLabel = "x₁", string yLabel = "x₂") =>
        DecisionBoundaryChart.Create(title, classes, probabilities, xLabel, yLabel);

    /// <summary>Receiver operating characteristics in the unit square, with the diagonal of chance.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="curves">True positive rates over false positive rates; the legend shows their names.</param>
    /// <exception cref="ArgumentException">There is no curve, or no point that can be drawn.</exception>
    public static Chart Roc(string title, IReadOnlyList<ChartPoints> curves) => RocChart.Create(title, curves);

    /// <summary>Whether probabilities mean what they say: the share of right predictions over their confidence, bin by bin, with the diagonal on which both are equal.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="confidences">The mean confidence of each of the bins of equal width from 0 to 1; anything where a bin is empty.</param>
    /// <param name="accuracies">The share of right predictions of each bin; anything where a bin is empty.</param>
    /// <param name="counts">The samples of each bin.</param>
    /// <exception cref="ArgumentException">The lists differ in length, there are no samples, or a bin with samples has no share from 0 to 1.</exception>
    public static Chart Calibration(string title, IReadOnlyList<double> confidences, IReadOnlyList<double> accuracies, IReadOnlyList<long> counts) =>
        CalibrationChart.Create(title, confidences, accuracies, counts);

    /// <summary>The errors of a regression over its predictions, and how often each occurs.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="quantity">What is predicted, with its unit if it has one.</param>
    /// <param name="actual">The true values.</param>
    /// <param name="predicted">The prediction for each; pairs with NaN, infinity or values beyond ±1e100 are left out.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or no pair is finite.</exception>
    public static Chart Residuals(string title, string quantity, IReadOnlyList<double> actual, IReadOnlyList<double> predicted) =>
        ResidualChart.Create(title, quantity, actual, predicted);

    /// <summary>One forecast of a time series: the values before it, what was forecast and what came.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="quantity">What the values are, with their unit if they have one.</param>
    /// <param name="known">The values before the forecast.</param>
    /// <param name="forecast">The forecast of the values that follow.</param>
    /// <param name="truth">The values that came; null (the default) where nobody knows.</param>
    /// <param name="errors">The usual error (RMSE) of each step ahead, drawn as a band of twice that to either side; null (the default) for none.</param>
    /// <param name="firstStep">The number of the first known value; 0 by default.</param>
    /// <exception cref="ArgumentException">There are no values, the lists do not fit, or a value is not finite.</exception>
    public static Chart Forecast(
        string title, string quantity, IReadOnlyList<double> known, IReadOnlyList<double> forecast, IReadOnlyList<double>? truth = null, IReadOnlyList<double>? errors = null, int firstStep = 0) =>
        ForecastChart.Create(title, quantity, known, forecast, truth, errors, firstStep);
}
