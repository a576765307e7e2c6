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

        /// <summary>The colour of a status as a screen shows it.</summary>
        public static Color Shown(StatusColour colour)
        {
            switch (colour)
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
            GUI.color = Shown(stream.Colour);
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
                "\n{0:0} pictures/s  {1:0.0} ms: transport {2:0.0}  wait {3:0.0}  generate {4:0.0}  encode {5:0.0}   dropped {6}  repeated {7}",
                figures.PicturesPerSecond, latency.Total, latency.Transport, latency.Wait, latency.Generate, latency.Encode, figures.Dropped, figures.Repeated);
        }
    }
}
