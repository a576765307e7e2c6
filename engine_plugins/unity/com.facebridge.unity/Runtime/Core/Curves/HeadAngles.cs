using System;

namespace FaceBridge
{
    /// <summary>A head's rotation as curves, from Euler angles of an engine whose x is right, y up and z forward, left-handed.</summary>
    public static class HeadAngles
    {
        /// <summary>
        /// Write headYaw, headPitch, headRoll at the end of `values`, radians: + is to the performer's right, down, and towards
        /// their left shoulder. The angles are degrees of any turn.
        /// </summary>
        public static void Write(float[] values, float pitch, float yaw, float roll)
        {
            int head = values.Length - 3;
            values[head] = Radians(yaw);
            values[head + 1] = Radians(pitch);
            values[head + 2] = Radians(roll);
        }

        static float Radians(float degrees)
        {
            double turn = Math.IEEERemainder(degrees, 360);
            return (float)(turn * Math.PI / 180);
        }
    }
}
