namespace Glia.Cli.Problems;

/// <summary>The kinds of model that the program trains; <see cref="Recipe.For"/> makes the recipe of each.</summary>
internal enum FamilyKind
{
    Mlp,
    Cnn,
    Perceptron,
    Rnn,
    Lstm,
    Gru,
    Transformer,
    CnnLstm,
}
