Console.WriteLine("glia");
