#if FACEBRIDGE_ARKIT
using System.Collections.Generic;
using FaceBridge.Wire;
using Unity.Collections;
using UnityEngine;
using UnityEngine.XR.ARFoundation;
using UnityEngine.XR.ARKit;

namespace FaceBridge
{
    /// <summary>The face that ARKit tracks on the device itself, with its head against the camera.</summary>
    [AddComponentMenu("FaceBridge/ARKit Face Source")]
    public sealed class ARKitFaceSource : CurveSource
    {
        /// <summary>Tracks the faces; the first one is read.</summary>
        public ARFaceManager faces;

        /// <summary>The camera the head is turned against.</summary>
        public Transform viewer;

        readonly Dictionary<ARKitBlendShapeLocation, int> indices = new Dictionary<ARKitBlendShapeLocation, int>();

        /// <inheritdoc/>
        public override string Basis
        {
            get { return Bases.Arkit55; }
        }

        /// <inheritdoc/>
        public override bool Read(float[] values)
        {
            var subsystem = faces == null ? null : faces.subsystem as ARKitFaceSubsystem;
            if (subsystem == null)
                return false;
            foreach (ARFace face in faces.trackables)
            {
                ReadCurves(subsystem, face, values);
                ReadHead(face.transform, values);
                return true;
            }
            return false;
        }

        void ReadCurves(ARKitFaceSubsystem subsystem, ARFace face, float[] values)
        {
            using (NativeArray<ARKitBlendShapeCoefficient> all = subsystem.GetBlendShapeCoefficients(face.trackableId, Allocator.Temp))
                for (int entry = 0; entry < all.Length; entry++)
                {
                    int index = IndexOf(all[entry].blendShapeLocation);
                    if (index >= 0)
                        values[index] = all[entry].coefficient;
                }
        }

        int IndexOf(ARKitBlendShapeLocation location)
        {
            int index;
            if (!indices.TryGetValue(location, out index))
                indices[location] = index = BlendShapeNames.IndexOf(location.ToString());
            return index;
        }

        void ReadHead(Transform face, float[] values)
        {
            if (viewer == null)
                return;
            // A tracked face has its z axis into the head, so that pitch and roll turn the other way.
            Vector3 angles = (Quaternion.Inverse(viewer.rotation) * face.rotation).eulerAngles;
            HeadAngles.Write(values, -angles.x, angles.y, -angles.z);
        }
    }
}
#endif
