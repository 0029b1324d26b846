global using Glia.Interchange.Onnx.Graphs;
