using System;
using System.Collections.Generic;
using System.Text;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>
    /// Which ARKit curve a mesh's blend shape is, in the spellings that exporters use: jawOpen, JawOpen, jaw_open, "Jaw Open",
    /// face_BS.jawOpen, eyeBlink_L, EyeBlinkLeft.
    /// </summary>
    public static class BlendShapeNames
    {
        static readonly Dictionary<string, int> Indices = AllIndices();

        /// <summary>The index of the curve in arkit52; -1 where the shape is none of ARKit's.</summary>
        public static int IndexOf(string shape)
        {
            int index;
            return Indices.TryGetValue(Plain(shape), out index) ? index : -1;
        }

        /// <summary>For each curve of arkit52 the index of the shape that is it, -1 where the mesh has none. The first of two counts.</summary>
        public static int[] Match(string[] shapes)
        {
            var matches = new int[Bases.CurvesOf(Bases.Arkit52).Length];
            for (int curve = 0; curve < matches.Length; curve++)
                matches[curve] = -1;
            for (int shape = shapes.Length - 1; shape >= 0; shape--)
            {
                int curve = IndexOf(shapes[shape]);
                if (curve >= 0)
                    matches[curve] = shape;
            }
            return matches;
        }

        /// <summary>Without what comes before the last point, in small letters, without anything between the words.</summary>
        static string Plain(string shape)
        {
            string name = shape.Substring(shape.LastIndexOf('.') + 1);
            var plain = new StringBuilder();
            foreach (char letter in name)
                if (char.IsLetterOrDigit(letter))
                    plain.Append(char.ToLowerInvariant(letter));
            bool shortSide = name.EndsWith("_L", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith("_R", StringComparison.OrdinalIgnoreCase);
            if (shortSide)
                plain.Append(char.ToLowerInvariant(name[name.Length - 1]) == 'l' ? "eft" : "ight");
            return plain.ToString();
        }

        static Dictionary<string, int> AllIndices()
        {
            string[] curves = Bases.CurvesOf(Bases.Arkit52);
            var indices = new Dictionary<string, int>();
            for (int index = 0; index < curves.Length; index++)
                indices[curves[index].ToLowerInvariant()] = index;
            return indices;
        }
    }
}
