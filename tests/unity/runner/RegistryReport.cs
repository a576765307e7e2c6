using System;
using System.Collections.Generic;
using FaceBridge.Wire;

namespace FaceBridge.Runner
{
    /// <summary>The constants of the wire as the core has them.</summary>
    static class RegistryReport
    {
        public static void Print()
        {
            Console.WriteLine(Json.Of(new Dictionary<string, object>
            {
                { "version", Limits.Version },
                { "bases", BaseNames() },
                { "codecs", CodecSizes() },
                { "row_orders", Codecs.RowOrders },
                { "deliveries", Codecs.Deliveries },
                { "capabilities", Codecs.Capabilities },
                { "limits", LimitValues() },
                { "errors", ErrorNumbers() },
            }));
        }

        static object BaseNames()
        {
            var bases = new Dictionary<string, object>();
            foreach (string basis in Bases.Names)
                bases[basis] = Bases.CurvesOf(basis);
            return bases;
        }

        static object CodecSizes()
        {
            var codecs = new Dictionary<string, object>();
            foreach (string codec in Codecs.All)
                codecs[codec] = Codecs.BytesPerPixel(codec);
            return codecs;
        }

        static object ErrorNumbers()
        {
            var errors = new Dictionary<string, object>();
            foreach (ErrorCode code in Enum.GetValues(typeof(ErrorCode)))
                errors[ErrorNames.Of(code)] = (int)code;
            return errors;
        }

        /// <summary>header_bytes for HeaderBytes, and so on.</summary>
        static object LimitValues()
        {
            var limits = new Dictionary<string, object>();
            foreach (var constant in typeof(Limits).GetFields())
                if (constant.Name != "Version")
                    limits[Underscored(constant.Name)] = constant.GetRawConstantValue();
            return limits;
        }

        static string Underscored(string name)
        {
            string key = "";
            foreach (char letter in name)
                key += char.IsUpper(letter) && key != "" ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString();
            return key;
        }
    }
}
