using UnityEngine;

namespace FaceBridge
{
    /// <summary>A small line on the screen: state, pictures a second, latency, drops.</summary>
    [AddComponentMenu("FaceBridge/FaceBridge Overlay")]
    public sealed class FaceBridgeOverlay : MonoBehaviour
    {
        const float Interval = 0.25f;

        /// <summary>Whose figures are shown.</summary>
        public FaceBridgeStream stream;

        /// <summary>Where it stands, pixels from the top left corner.</summary>
        public Vector2 position = new Vector2(8f, 8f);

        string text = "";
        float next;

        /// <summary>The colour of a state on any screen.</summary>
        public static Color ColourOf(ClientState state)
        {
            switch (ClientStates.Colour(state))
            {
                case StatusColour.Green: return new Color(0.3f, 0.8f, 0.4f);
                case StatusColour.Amber: return new Color(1f, 0.75f, 0.2f);
                case StatusColour.Red: return new Color(1f, 0.35f, 0.3f);
                default: return new Color(0.7f, 0.7f, 0.7f);
            }
        }

        void OnGUI()
        {
            if (stream == null)
                return;
            if (Time.unscaledTime >= next)
                Compose();
            GUI.color = ColourOf(stream.State);
            GUI.Label(new Rect(position.x, position.y, Screen.width - position.x, 60f), text);
        }

        /// <summary>A few times a second only: a text costs memory.</summary>
        void Compose()
        {
            next = Time.unscaledTime + Interval;
            text = stream.Status;
            Figures figures = stream.Figures;
            if (figures == null || stream.State != ClientState.Streaming)
                return;
            Latency latency = figures.Latency;
            text += string.Format(
                "\ntransport {0:0.0}  wait {1:0.0}  generate {2:0.0}  encode {3:0.0} ms   dropped {4}  repeated {5}",
                latency.Transport, latency.Wait, latency.Generate, latency.Encode, figures.Dropped, figures.Repeated);
        }
    }
}
