namespace Glia.Training.Tests;

/// <summary>Tests that set the number of threads or count buffers cannot run beside others.</summary>
[CollectionDefinition("sequential", DisableParallelization = true)]
public sealed class SequentialTests;
