// Reference declarations of what the package uses of face tracking: names and types, no behaviour.
using System.Collections.Generic;
using Unity.Collections;

namespace UnityEngine.XR.ARSubsystems
{
    public struct TrackableId { }
    public class XRFaceSubsystem { }
}

namespace UnityEngine.XR.ARFoundation
{
    public class ARFace : MonoBehaviour { public ARSubsystems.TrackableId trackableId { get { return new ARSubsystems.TrackableId(); } } }

    public struct TrackableCollection<T> { public IEnumerator<T> GetEnumerator() { return null; } }

    public class ARFaceManager : MonoBehaviour
    {
        public ARSubsystems.XRFaceSubsystem subsystem { get { return null; } }
        public TrackableCollection<ARFace> trackables { get { return new TrackableCollection<ARFace>(); } }
    }
}

namespace UnityEngine.XR.ARKit
{
    public enum ARKitBlendShapeLocation { BrowDownLeft, JawOpen }

    public struct ARKitBlendShapeCoefficient
    {
        public ARKitBlendShapeLocation blendShapeLocation { get { return ARKitBlendShapeLocation.JawOpen; } }
        public float coefficient { get { return 0; } }
    }

    public sealed class ARKitFaceSubsystem : ARSubsystems.XRFaceSubsystem
    {
        public NativeArray<ARKitBlendShapeCoefficient> GetBlendShapeCoefficients(ARSubsystems.TrackableId face, Allocator allocator)
        {
            return new NativeArray<ARKitBlendShapeCoefficient>();
        }
    }
}
