using UnityEngine;

namespace FaceBridge
{
    /// <summary>ARKit's 52 curves and a head: what the sources that know them have in common.</summary>
    public abstract class HeadSource : CurveSource
    {
        /// <summary>The bone or object that turns with the head, facing along its z axis; none holds the head still.</summary>
        [Tooltip("The bone or object that turns with the head. None: the head is held still.")]
        public Transform head;

        [SerializeField]
        [Tooltip("The head's local rotation when it looks straight ahead.")]
        Quaternion neutral = Quaternion.identity;

        /// <inheritdoc/>
        public override string Basis
        {
            get { return Wire.Bases.Arkit55; }
        }

        /// <summary>Take the head's present rotation for looking straight ahead.</summary>
        [ContextMenu("Head looks straight ahead now")]
        public void SetNeutral()
        {
            if (head != null)
                neutral = head.localRotation;
        }

        /// <summary>Write the head's angles behind the 52 curves.</summary>
        protected void ReadHead(float[] values)
        {
            if (head == null)
                return;
            Vector3 angles = (Quaternion.Inverse(neutral) * head.localRotation).eulerAngles;
            HeadAngles.Write(values, angles.x, angles.y, angles.z);
        }
    }
}
