using Glia.Layers;

namespace Glia.Tests;

public class TensorScopeTests
{
    private const string Released =
        "This tensor of shape (3,) was made in a TensorScope that has ended, and its memory is in use elsewhere. Call scope.Keep(tensor) to let it outlive the scope.";

    private static void AssertReleased(Tensor tensor)
    {
        Action[] uses = [() => tensor.ToArray<float>(), () => _ = tensor + 1, () => tensor.Reshape(3), () => tensor.Detach(), () => tensor.Clone()];
        Assert.All(uses, use => Assert.StartsWith(Released, Assert.Throws<ObjectDisposedException>(use).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void TensorUsedAfterItsScope_Refused()
    {
        Tensor x, view;
        using (new TensorScope())
        {
            x = Tensor.Ones(3);
            view = x.Reshape(1, 3).Reshape(3);
        }
        AssertReleased(x);
        AssertReleased(view);
    }

    [Fact]
    public void MemoryUsedAgain_OldTensorStillRefused()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones(3);
        scope.Reset();
        var y = Tensor.Full(3, 2);
        Assert.Same(x.Block, y.Block);
        AssertReleased(x);
        Assert.Equal([2, 2, 2], y.ToDoubles());
    }

    [Fact]
    public void Keep_LetsATensorAndItsViewsOutliveTheScope()
    {
        Tensor kept;
        using (var scope = new TensorScope())
            kept = scope.Keep(Tensor.Ones((1, 3)).Reshape(3));
        using (new TensorScope())
            _ = Tensor.Zeros(3);
        Assert.Equal([1, 1, 1], kept.ToDoubles());
    }

    [Fact]
    public void Keep_InAnInnerScope_MovesToTheOuterOne()
    {
        Tensor kept, inner;
        using (new TensorScope())
        {
            using (var scope = new TensorScope())
            {
                kept = scope.Keep(Tensor.Ones(3));
                inner = Tensor.Ones(3);
            }
            AssertReleased(inner);
            Assert.Equal([1, 1, 1], kept.ToDoubles());
        }
        AssertReleased(kept);
    }

    [Fact]
    public void TensorOfTheOuterScope_SurvivesTheInnerOne()
    {
        using var outer = new TensorScope();
        var x = Tensor.Ones(3);
        using (new TensorScope())
            Assert.Equal([2, 2, 2], (x + 1).ToDoubles());
        Assert.Equal([1, 1, 1], x.ToDoubles());
    }

    [Fact]
    public void Dispose_InnerScopeOpenOrOtherThread_Refused()
    {
        const string Message = "A TensorScope must end on the thread that opened it, after the scopes inside it have ended.";
        using var outer = new TensorScope();
        using (new TensorScope())
            Assert.Equal(Message, Assert.Throws<InvalidOperationException>(outer.Dispose).Message);
        Exception? elsewhere = null;
        var thread = new Thread(() => elsewhere = Record.Exception(outer.Dispose));
        thread.Start();
        thread.Join();
        Assert.Equal(Message, Assert.IsType<InvalidOperationException>(elsewhere).Message);
    }

    [Fact]
    public void Dispose_Twice_DoesNothing()
    {
        var scope = new TensorScope();
        scope.Dispose();
        using var other = new TensorScope();
        scope.Dispose();
        Assert.Same(other, TensorScope.Current);
    }

    [Fact]
    public void ParametersGradientsAndBuffers_MadeInAScope_OutliveIt()
    {
        BatchNorm layer;
        Parameter weight;
        using (new TensorScope())
        {
            layer = new BatchNorm(2);
            weight = layer.Weight;
            layer.Forward(Tensor.From([1f, 2, 3, 5], (2, 2)), ForwardContext.Training(new Rng(1))).Square().Sum().Backward();
        }
        Assert.Equal(2, weight.Grad!.ToDoubles().Length);
        Assert.NotEqual(0, layer.RunningMean[0]);
    }

    [Fact]
    public void Threads_HaveScopesOfTheirOwn()
    {
        using var scope = new TensorScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = Tensor.Ones(3));
        thread.Start();
        thread.Join();
        scope.Reset();
        Assert.Equal([1, 1, 1], elsewhere!.ToDoubles());
    }
}
