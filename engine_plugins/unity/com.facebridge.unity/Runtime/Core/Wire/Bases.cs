using System.Collections.Generic;

namespace FaceBridge.Wire
{
    /// <summary>The bases: lists of curve names in the order they travel in, as in protocol/registry.json.</summary>
    public static class Bases
    {
        /// <summary>The 52 ARKit blend shapes, 0 neutral .. 1 full.</summary>
        public const string Arkit52 = "arkit52";

        /// <summary>The 52, then headYaw, headPitch, headRoll in radians.</summary>
        public const string Arkit55 = "arkit55";

        /// <summary>FLAME: 50 expression coefficients, two eyelids, three jaw angles in radians.</summary>
        public const string Flame55 = "flame55";

        static readonly string[] Arkit =
        {
            "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft",
            "eyeLookUpLeft", "eyeSquintLeft", "eyeWideLeft", "eyeBlinkRight",
            "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
            "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft",
            "jawRight", "jawOpen", "mouthClose", "mouthFunnel",
            "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft",
            "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft",
            "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight", "mouthRollLower",
            "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft",
            "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft",
            "mouthUpperUpRight", "browDownLeft", "browDownRight", "browInnerUp",
            "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
            "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
        };

        static readonly string[] Head =
        {
            "headYaw", "headPitch", "headRoll",
        };

        static readonly string[] Flame =
        {
            "expression00", "expression01", "expression02", "expression03",
            "expression04", "expression05", "expression06", "expression07",
            "expression08", "expression09", "expression10", "expression11",
            "expression12", "expression13", "expression14", "expression15",
            "expression16", "expression17", "expression18", "expression19",
            "expression20", "expression21", "expression22", "expression23",
            "expression24", "expression25", "expression26", "expression27",
            "expression28", "expression29", "expression30", "expression31",
            "expression32", "expression33", "expression34", "expression35",
            "expression36", "expression37", "expression38", "expression39",
            "expression40", "expression41", "expression42", "expression43",
            "expression44", "expression45", "expression46", "expression47",
            "expression48", "expression49", "eyelidLeft", "eyelidRight",
            "jawX", "jawY", "jawZ",
        };

        static readonly Dictionary<string, string[]> Curves = new Dictionary<string, string[]>
        {
            { Arkit52, Arkit },
            { Arkit55, Joined(Arkit, Head) },
            { Flame55, Flame },
        };

        /// <summary>The names of every basis there is.</summary>
        public static readonly string[] Names = { Arkit52, Arkit55, Flame55 };

        /// <summary>The curve names of a basis, in order; null where there is no such basis. Do not change the array.</summary>
        public static string[] CurvesOf(string basis)
        {
            string[] curves;
            return Curves.TryGetValue(basis, out curves) ? curves : null;
        }

        static string[] Joined(string[] first, string[] second)
        {
            var all = new string[first.Length + second.Length];
            first.CopyTo(all, 0);
            second.CopyTo(all, first.Length);
            return all;
        }
    }
}
