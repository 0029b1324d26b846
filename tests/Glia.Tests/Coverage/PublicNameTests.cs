using System.Reflection;
using Glia.Initializers;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;
using Glia.Tests.Layers;
using Glia.Tests.Losses;
using Glia.Tests.Operations;
using Glia.Tests.Optimizers;

namespace Glia.Tests.Coverage;

/// <summary>Every public layer, loss, optimiser, initialiser and operation has its gradients checked, a page that mentions it, and a PyTorch vector.</summary>
public class PublicNameTests
{
    private const string Table = "tests/Glia.Tests/Coverage/VectorTable.cs";

    /// <summary>Makers and movers of tensors, which compute nothing that could be differentiated.</summary>
    private static readonly HashSet<string> Makers =
        ["Arange", "Clone", "Detach", "From", "Full", "Normal", "Ones", "Scalar", "Uniform", "Zeros"];

    private static readonly Dictionary<string, string> OperatorNames = new()
    {
        ["op_Addition"] = "Add",
        ["op_Division"] = "Divide",
        ["op_Multiply"] = "Multiply",
        ["op_Subtraction"] = "Subtract",
        ["op_UnaryNegation"] = "Negate",
    };

    [Fact]
    public void EveryLayer_IsCheckedDocumentedAndCompared() => Nothing(
        Unchecked("layer", Types<Layer>(), LayerTable.Rows.Values.Select(r => r.Create(DType.Float32)), "LayerTable, tests/Glia.Tests/Layers/LayerRow.cs")
            .Concat(Evidence.Missing("layer", Names(Types<Layer>()), VectorTable.Layers, $"{Table}, Layers")));

    [Fact]
    public void EveryLoss_IsCheckedDocumentedAndCompared() => Nothing(
        Unchecked("loss", Types<Loss>(), LossRow.Rows.Values.Select(r => r.Create(LossReduction.Mean)), "LossRow, tests/Glia.Tests/Losses/LossRow.cs")
            .Concat(Evidence.Missing("loss", Names(Types<Loss>()), VectorTable.Losses, $"{Table}, Losses")));

    [Fact]
    public void EveryOptimizer_IsCheckedDocumentedAndCompared() => Nothing(
        Unchecked("optimiser", Types<Optimizer>(), UpdateRuleTests.All.Values.Select(create => create(false)), "All, tests/Glia.Tests/Optimizers/UpdateRuleTests.cs")
            .Concat(Evidence.Missing("optimiser", Names(Types<Optimizer>()), VectorTable.Optimizers, $"{Table}, Optimizers")));

    [Fact]
    public void EveryInitializer_IsDocumentedAndCompared()
    {
        var makers = typeof(Initializer).GetMembers(BindingFlags.Public | BindingFlags.Static)
            .Where(m => m is PropertyInfo || m is MethodInfo { IsSpecialName: false, ReturnType: var type } && type == typeof(Initializer));
        Nothing(Evidence.Missing("initialiser", makers.Select(m => m.Name), VectorTable.Initializers, $"{Table}, Initializers"));
    }

    [Fact]
    public void EveryOperation_IsCheckedDocumentedAndCompared()
    {
        var operations = typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(m => Computes(m.ReturnType) && (!m.IsSpecialName || OperatorNames.ContainsKey(m.Name)))
            .Select(m => OperatorNames.GetValueOrDefault(m.Name, m.Name))
            .Where(name => !Makers.Contains(name))
            .Distinct().ToList();
        var rowless = operations
            .Where(name => !VectorTable.WithoutGradient.ContainsKey(name))
            .Where(name => !OperationTable.Rows.Keys.Any(row => row.StartsWith(VectorTable.RowOf.GetValueOrDefault(name, name), StringComparison.Ordinal)))
            .Select(name => $"The operation {name} has no gradient check: add a row named {name} to OperationTable, tests/Glia.Tests/Operations/OperationTable.cs (or to WithoutGradient in {Table}).");
        Assert.True(operations.Count > 60);
        Nothing(rowless.Concat(Evidence.Missing("operation", operations, VectorTable.Operations, $"{Table}, Operations")));
    }

    [Fact]
    public void NameThatNothingSpeaksFor_IsNamedWithWhatToAdd()
    {
        var rows = new Dictionary<string, Vector> { ["Lost"] = "relu", ["Vague"] = "no_such_operation" };

        Assert.Equal(
            [
                "The layer Unheard_Of is mentioned on no page: write about it under docs/, at least a line in docs/operations.md.",
                "The layer Unheard_Of has no row in the table: add [\"Unheard_Of\"] = \"the operation of a PyTorch vector\", or Vector.None(\"why there is none\").",
                "The layer Vague is mentioned on no page: write about it under docs/, at least a line in docs/operations.md.",
                "The layer Vague names the vectors 'no_such_operation', but tests/Glia.Conformance.Tests/Vectors has no file no_such_operation__….safetensors.",
                "the table has a row [\"Lost\"], but there is no public layer of that name: remove or rename the row.",
            ],
            Evidence.Missing("layer", ["Unheard_Of", "Vague"], rows, "the table"));
    }

    private static bool Computes(Type type) =>
        type == typeof(Tensor) || (type.IsGenericType && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal) && type.GetGenericArguments()[0] == typeof(Tensor));

    private static IEnumerable<Type> Types<T>() =>
        typeof(T).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract);

    private static IEnumerable<string> Names(IEnumerable<Type> types) => types.Select(t => t.Name);

    private static IEnumerable<string> Unchecked<T>(string kind, IEnumerable<Type> types, IEnumerable<T> tested, string table)
        where T : class
    {
        var known = tested.Select(t => t.GetType()).ToHashSet();
        return types.Where(t => !known.Contains(t)).Select(t => $"The {kind} {t.Name} has no gradient check: add a row to {table}.");
    }

    /// <summary>Nothing is missing; else the message says all that is.</summary>
    private static void Nothing(IEnumerable<string> missing)
    {
        var all = missing.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
