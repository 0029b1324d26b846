using Glia.Layers;
using Glia.Models;

namespace Glia.Tests.Layers;

public class NetworkSummaryTests
{
    [Fact]
    public void ToString_IsATableWithTotalAndComparison()
    {
        var text = Network.Input(1, 4, 4).Conv2D(2, 3).ReLU().Flatten().Dense(3).Build().Summary().ToString();
        Assert.Equal(
            """
            layer     kind     output shape  parameters  trainable
            input              (1, 4, 4)              0
            conv2d1   Conv2D   (2, 2, 2)             20  yes
            relu1     ReLU     (2, 2, 2)              0
            flatten1  Flatten  (8,)                   0
            dense1    Dense    (3,)                  27  yes
            total 47 parameters, 47 trainable, 188 B
            convolution shares its weights: conv2d1 has 20 parameters, a dense layer between the same shapes would have 136, 7 times as many
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void LeNet_CountsAreThoseOfTheFormulas()
    {
        var model = LeNet5.Create();
        var summary = model.Summary();

        Assert.Equal(61_706, summary.ParameterCount);
        Assert.Equal(model.LayerShapes, summary.Layers.Select(l => l.OutputShape));
        // f_h·f_w·C_in·C_out + C_out against inputs × outputs + outputs.
        Assert.Equal([(5 * 5 * 1 * 6) + 6, (5 * 5 * 6 * 16) + 16], summary.Layers.Where(l => l.DenseParameterCount is not null).Select(l => l.ParameterCount));
        Assert.Equal(
            [(28 * 28 * 6 * 28 * 28) + (6 * 28 * 28), (6 * 14 * 14 * 16 * 10 * 10) + (16 * 10 * 10)],
            summary.Layers.Select(l => l.DenseParameterCount).OfType<long>());
        Assert.Equal(
            "convolution shares its weights: 2 convolutions have 2,572 parameters, dense layers between the same shapes would have 5,575,840, 2,168 times as many",
            summary.SharedWeights);
    }

    [Fact]
    public void DenseCount_IsThatOfTheDenseLayerItself()
    {
        foreach (var useBias in (bool[])[true, false])
        {
            var network = Network.Input(3, 5, 4).Add(new SeparableConv2D(3, 2, 3, options: new() { UseBias = useBias })).Build();
            var dense = Network.Input(3 * 5 * 4).Add(new Dense(60, network.ResultShape.Count, useBias)).Build();
            Assert.Equal(dense.ParameterCount, network.Summary().Layers[0].DenseParameterCount);
        }
    }

    [Fact]
    public void ConvolutionsInsideOtherLayers_AreCompared()
    {
        // 3×3 kernels of 2 channels, padded, on 4×5 images: 2·2·9 + 2 own parameters, 40·40 + 40 of a dense layer.
        static Network Convolution(Network b) => b.Conv2D(2, 3, padding: 1).ReLU();
        var model = Network.Input(2, 4, 5)
            .Residual(b => Convolution(b).Residual(Convolution))
            .Branches(BranchMerge.Concat, Convolution, b => b)
            .Build();
        var video = Network.Input(7, 2, 4, 5).TimeDistributed(Convolution).Build();

        Assert.Equal(
            "convolution shares its weights: 3 convolutions have 114 parameters, dense layers between the same shapes would have 4,920, 43 times as many",
            model.Summary().SharedWeights);
        Assert.Equal(
            "convolution shares its weights: timedistributed1 has 38 parameters, a dense layer between the same shapes would have 1,640, 43 times as many",
            video.Summary().SharedWeights);
    }

    [Fact]
    public void Trainable_FollowsTheParameters()
    {
        var model = Network.Input(2).Dense(2).Dense(2).Tanh().Dense(1).Build();
        var (first, second) = ((Dense)model.Layers[0], (Dense)model.Layers[1]);
        first.Weight.IsTrainable = first.Bias!.IsTrainable = false;
        second.Bias!.IsTrainable = false;

        var summary = model.Summary();

        Assert.Equal(["no", "in part", "", "yes"], summary.Layers.Select(l => l.Trainable));
        Assert.Equal((15, 7), (summary.ParameterCount, summary.TrainableCount));
        Assert.Null(summary.SharedWeights);
    }
}
