using Glia.Benchmarks;

SelfMeasurement.Run();
