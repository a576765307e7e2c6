using System;
using FaceBridge.Wire;
using UnityEngine;

namespace FaceBridge
{
    /// <summary>Curves that a script or an animation sets by name.</summary>
    [AddComponentMenu("FaceBridge/Script Source")]
    public sealed class ScriptSource : HeadSource
    {
        readonly float[] curves = new float[Bases.CurvesOf(Bases.Arkit52).Length];

        /// <summary>Set a curve, 0 neutral .. 1 full, by its ARKit name in any usual spelling. ArgumentException where there is none.</summary>
        public void SetCurve(string curve, float value)
        {
            curves[Index(curve)] = value;
        }

        /// <summary>The present value of a curve.</summary>
        public float GetCurve(string curve)
        {
            return curves[Index(curve)];
        }

        /// <summary>Back to the neutral face.</summary>
        public void Clear()
        {
            Array.Clear(curves, 0, curves.Length);
        }

        /// <inheritdoc/>
        public override bool Read(float[] values)
        {
            curves.CopyTo(values, 0);
            ReadHead(values);
            return true;
        }

        static int Index(string curve)
        {
            int index = BlendShapeNames.IndexOf(curve);
            if (index < 0)
                throw new ArgumentException("ARKit has no curve '" + curve + "'; write for example jawOpen");
            return index;
        }
    }
}
