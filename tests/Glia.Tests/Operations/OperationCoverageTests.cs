using Glia.Autograd;
using Glia.Kernels;

namespace Glia.Tests.Operations;

public class OperationCoverageTests
{
    [Fact]
    public void EveryOperation_IsReachedByARow()
    {
        var reached = Reached();
        var operations = typeof(Tensor).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract);
        Assert.Empty(operations.Where(t => !reached.Contains(t)).Select(t => t.Name));
    }

    [Fact]
    public void EveryFormula_IsReachedByARow()
    {
        var reached = Reached();
        var formulas = typeof(Tensor).Assembly.GetTypes()
            .Where(t => t.IsValueType && (typeof(IUnaryOperation).IsAssignableFrom(t) || typeof(IBinaryOperation).IsAssignableFrom(t)));
        Assert.Empty(formulas.Where(t => !reached.Contains(t)).Select(t => t.Name));
    }

    /// <summary>The operations and formulas in the graphs of all rows and of their gradients.</summary>
    private static HashSet<Type> Reached()
    {
        var types = new HashSet<Type>();
        foreach (var row in OperationTable.Rows.Values)
        {
            var x = row.Inputs();
            foreach (var input in x)
                input.RequiresGrad = true;
            var y = row.Function(x);
            var dy = Tensor.Ones(y.Shape, y.DType);
            dy.RequiresGrad = true;
            foreach (var root in Gradients.Of(y, x, dy, createGraph: true).Append(y))
                Visit(root, [], types);
        }
        return types;
    }

    private static void Visit(Tensor tensor, HashSet<Operation> seen, HashSet<Type> types)
    {
        if (tensor.Creator is not { } creator || !seen.Add(creator))
            return;
        var type = creator.GetType();
        types.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        types.UnionWith(type.GetGenericArguments());
        foreach (var input in creator.Inputs)
            Visit(input, seen, types);
    }
}
