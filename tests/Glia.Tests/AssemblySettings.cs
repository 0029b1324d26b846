// The instruction set and the number of threads are process-wide, and tests change both.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
