using Glia.Cli;

return CommandLine.Run(args);
