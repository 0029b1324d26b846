namespace Glia.Plots.Tests;

public class CalibrationChartTests
{
    [Fact]
    public void Legend_SaysTheExpectedError()
    {
        // 4 of 24 samples are off by 0.2, 20 by 0.1.
        var texts = Texts.Of(Chart.Calibration("T", [0.3, double.NaN, 0.9], [0.5, double.NaN, 0.8], [4, 0, 20]));
        Assert.Contains("model, calibration error 11.7 %", texts);
        Assert.Contains(Chart.Calibration("T", [0.3, double.NaN, 0.9], [0.5, double.NaN, 0.8], [4, 0, 20]).ToText(), line => line == "expected calibration error 11.7 %");
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        Assert.Equal("There are 1 confidences, 2 accuracies and 1 counts; give one of each for every bin.", Texts.Refusal(() => Chart.Calibration("", [0.5], [0.5, 0.6], [1])));
        Assert.Equal("The bins hold no samples, or fewer than none.", Texts.Refusal(() => Chart.Calibration("", [0.5], [0.5], [0])));
        Assert.Equal("Confidences and accuracies of bins with samples must be shares from 0 to 1.", Texts.Refusal(() => Chart.Calibration("", [0.5], [1.5], [3])));
    }
}
