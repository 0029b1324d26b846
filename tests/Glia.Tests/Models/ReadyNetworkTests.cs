using Glia.Layers;
using Glia.Models;
using Glia.Optimizers;

namespace Glia.Tests.Models;

public class ReadyNetworkTests
{
    /// <summary>The published numbers of parameters.</summary>
    public static TheoryData<Func<SequentialNetwork>, long> Published => new()
    {
        { () => LeNet5.Create(), 61_706 },
        { () => Vgg11.Create(), 9_231_114 },
        { () => ResNet.Create18(), 11_689_512 },
        { () => ResNet.Create20(), 272_474 },
        { () => MobileNet.Create(), 4_231_976 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void ParameterCount_IsThePublishedOne(Func<SequentialNetwork> create, long count) => Assert.Equal(count, create().ParameterCount);

    [Fact]
    public void ResNet18_OfImageNet_HasThePublishedShapes()
    {
        var shapes = ResNet.Create18().LayerShapes;
        Assert.Equal((64, 56, 56), shapes[3]);
        Assert.Equal((512, 7, 7), shapes[^4]);
        Assert.Equal(1000, shapes[^1]);
    }

    public static TheoryData<Func<SequentialNetwork>> Small =>
    [
        () => LeNet5.Create(seed: 1),
        () => Vgg11.Create(channels: 1, classes: 4, seed: 1),
        () => ResNet.Create18(size: 32, classes: 4, seed: 1),
        () => ResNet.Create20(size: (16, 12), classes: 4, seed: 1),
        () => MobileNet.Create(size: 64, classes: 4, width: 0.25, seed: 1),
    ];

    [Theory]
    [MemberData(nameof(Small))]
    public void OneStep_OnAFewImages_LowersTheirLoss(Func<SequentialNetwork> create)
    {
        var model = create();
        var x = Numbers.Normal(model.InputShape.Prepend(4), 3, DType.Float32);
        var labels = Tensor.From([0L, 1, 2, 3]);
        var optimizer = new Sgd(1e-5).Attach(model.Parameters);
        var before = LossNow();
        before.Backward();
        Assert.All(model.Parameters, p => Assert.NotNull(p.Grad));
        optimizer.Step();
        Assert.True(LossNow().Item() < before.Item());
        Assert.All(model.Predict(x).ToDoubles(), v => Assert.True(double.IsFinite(v)));

        Tensor LossNow() => Glia.Loss.CrossEntropy.Compute(model.Forward(x, ForwardContext.Training(new Rng(2))), labels);
    }

    [Fact]
    public void MobileNet_WidthNotPositive_Refused() => Assert.Throws<ArgumentOutOfRangeException>(() => MobileNet.Create(width: 0));
}
