namespace Glia.Kernels;

/// <summary>A function whose derivative needs the output only, so that it can be fused behind a product that overwrites its input.</summary>
internal interface IOutputDerivative : IUnaryOperation;
