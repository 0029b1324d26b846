return Glia.Conformance.ConformanceProgram.Run(args, Console.Out, Console.Error);
