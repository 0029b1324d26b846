namespace Glia.Interchange.Onnx.Export;

/// <summary>An operation cannot be said in ONNX; the message says why and what to do.</summary>
internal sealed class RefusedException(string reason) : Exception(reason);
