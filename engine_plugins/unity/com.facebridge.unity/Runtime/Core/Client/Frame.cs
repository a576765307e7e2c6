using System;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>The newest frame that waits to be sent; a newer one is written over it.</summary>
    internal sealed class Frame
    {
        public bool Waiting;
        public long Captured;
        public string Timecode;
        public string Basis;
        public float[] Values;

        /// <summary>Take over a frame. ArgumentException where the values do not fit the basis or the wire.</summary>
        public void Put(string basis, float[] values, string timecode, long captured)
        {
            string[] curves = Bases.CurvesOf(basis);
            if (curves == null || values.Length != curves.Length)
                throw new ArgumentException(
                    "basis " + basis + " takes " + (curves == null ? 0 : curves.Length) + " values, not " + values.Length);
            if (Values == null || Values.Length != values.Length)
                Values = new float[values.Length];
            for (int index = 0; index < values.Length; index++)
                Values[index] = Checked(values[index], curves[index]);
            Basis = basis;
            Timecode = timecode;
            Captured = captured;
            Waiting = true;
        }

        static float Checked(float value, string curve)
        {
            if (value >= -(float)Limits.CurveMagnitude && value <= (float)Limits.CurveMagnitude)
                return value;
            throw new ArgumentException(curve + " must be finite and within ±" + Limits.CurveMagnitude + ", not " + value);
        }
    }
}
