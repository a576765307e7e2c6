using System;
using System.Globalization;

namespace FaceBridge.Runner
{
    /// <summary>
    /// The core without an engine, driven by tests: `vectors FOLDER`, `registry`, `names SHAPE...`, `record FILE`, `head PITCH YAW ROLL`, `fade ELAPSED HOLD FADE`,
    /// `allocation ADDRESS FRAMES`, `cost ADDRESS FRAMES`, `perform ADDRESS IDENTITY` until it is ended, or a `session` of commands from stdin.
    /// </summary>
    static class Program
    {
        static int Main(string[] arguments)
        {
            switch (arguments[0])
            {
                case "vectors": Vectors.Print(arguments[1]); return 0;
                case "allocation": Allocation.Print(arguments[1], 200, int.Parse(arguments[2])); return 0;
                case "registry": RegistryReport.Print(); return 0;
                case "cost": Cost.Print(arguments[1], int.Parse(arguments[2])); return 0;
                case "perform": Performance.Run(arguments[1], arguments[2]); return 0;
                case "names": Capture.Names(Rest(arguments)); return 0;
                case "record": Capture.Record(arguments[1]); return 0;
                case "head": Capture.Head(Numbers(arguments)); return 0;
                case "fade": Capture.Fade(Numbers(arguments)); return 0;
                case "session": new Session("runner").Run(Console.In); return 0;
                default: Console.Error.WriteLine("no command " + arguments[0]); return 2;
            }
        }

        static string[] Rest(string[] arguments)
        {
            var rest = new string[arguments.Length - 1];
            Array.Copy(arguments, 1, rest, 0, rest.Length);
            return rest;
        }

        static float[] Numbers(string[] arguments)
        {
            return Array.ConvertAll(Rest(arguments), text => float.Parse(text, CultureInfo.InvariantCulture));
        }
    }
}
