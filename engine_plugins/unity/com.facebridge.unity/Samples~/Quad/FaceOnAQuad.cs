using UnityEngine;

namespace FaceBridge.Samples
{
    /// <summary>Builds a face on a quad in front of the camera, and moves its jaw: put it on an empty object and press Play.</summary>
    public sealed class FaceOnAQuad : MonoBehaviour
    {
        ScriptSource source;

        void Start()
        {
            GameObject quad = GameObject.CreatePrimitive(PrimitiveType.Quad);
            quad.transform.SetParent(transform, false);
            source = quad.AddComponent<ScriptSource>();
            FaceBridgeStream stream = quad.AddComponent<FaceBridgeStream>();
            stream.source = source;
            stream.target = quad.GetComponent<Renderer>();
            stream.textureProperty = stream.target.sharedMaterial.HasProperty("_BaseMap") ? "_BaseMap" : "_MainTex";
            FaceBridgeOverlay overlay = quad.AddComponent<FaceBridgeOverlay>();
            overlay.stream = stream;
        }

        void Update()
        {
            source.SetCurve("jawOpen", Mathf.PingPong(Time.time, 0.6f));
        }
    }
}
