using System;

namespace FaceBridge.Runner
{
    /// <summary>The core without an engine, driven by tests: `vectors FOLDER`, `registry`, or a `session` of commands from stdin.</summary>
    static class Program
    {
        static int Main(string[] arguments)
        {
            switch (arguments[0])
            {
                case "vectors": Vectors.Print(arguments[1]); return 0;
                case "allocation": Allocation.Print(arguments[1], 200, int.Parse(arguments[2])); return 0;
                case "registry": RegistryReport.Print(); return 0;
                case "session": new Session("runner").Run(Console.In); return 0;
                default: Console.Error.WriteLine("vectors FOLDER, registry or session"); return 2;
            }
        }
    }
}
