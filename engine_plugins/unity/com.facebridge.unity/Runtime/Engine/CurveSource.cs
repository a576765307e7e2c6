using UnityEngine;

namespace FaceBridge
{
    /// <summary>Where the curves come from. Derive from it for a capture of your own.</summary>
    public abstract class CurveSource : MonoBehaviour
    {
        /// <summary>What <see cref="Read"/> writes: one of <see cref="Wire.Bases"/>.</summary>
        public abstract string Basis { get; }

        /// <summary>Write the present curves in the order of the basis. False where there is nobody to read: nothing is sent then.</summary>
        public abstract bool Read(float[] values);
    }
}
