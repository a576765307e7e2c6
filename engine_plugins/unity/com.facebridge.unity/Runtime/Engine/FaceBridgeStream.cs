using System;
using FaceBridge.Transport;
using FaceBridge.Wire;
using UnityEngine;

namespace FaceBridge
{
    /// <summary>
    /// A face in the scene: reads a <see cref="CurveSource"/> each frame, sends its curves, and shows the newest picture on a
    /// renderer. It works in play and in the editor, never waits for the server, and ends its connection when disabled.
    /// </summary>
    [ExecuteAlways]
    [DefaultExecutionOrder(1000)]
    [AddComponentMenu("FaceBridge/FaceBridge Stream")]
    public sealed class FaceBridgeStream : MonoBehaviour
    {
        /// <summary>Where the server is, who is drawn and how. May be changed at any time.</summary>
        public StreamSettings settings = new StreamSettings();

        /// <summary>A text file of three lines with the keys of an encrypted link, outside the project; empty for none.</summary>
        [Tooltip("A text file with three lines: the server's public key, your public key, your secret key. Keep it outside the project.")]
        public string keyFile = "";

        /// <summary>Whether the face is live in the editor too, outside play.</summary>
        [Tooltip("Connect in the editor too, not only in play.")]
        public bool liveInEditor = true;

        /// <summary>Where the curves come from.</summary>
        public CurveSource source;

        /// <summary>What shows the face; may be none.</summary>
        [Tooltip("Shows the face on its material; none where the event below does it.")]
        public Renderer target;

        /// <summary>The material's texture: _BaseMap in URP and HDRP's _BaseColorMap, _MainTex in the built-in pipeline.</summary>
        public string textureProperty = "_BaseMap";

        /// <summary>The material's colour, whose alpha fades; empty leaves it alone.</summary>
        public string colourProperty = "_BaseColor";

        /// <summary>Seconds the last picture is held after a loss; below 0 for ever.</summary>
        public float hold = 1f;

        /// <summary>Seconds it then takes to fade.</summary>
        public float fade = 0.5f;

        /// <summary>Sent with each frame, and back with its picture; up to 64 bytes.</summary>
        [NonSerialized]
        public string timecode = "";

        /// <summary>Another texture to show; called when size or format change.</summary>
        public TextureEvent onTexture = new TextureEvent();

        /// <summary>Another state.</summary>
        public StateEvent onState = new StateEvent();

        readonly ReceivedPicture picture = new ReceivedPicture();
        readonly FaceTexture texture = new FaceTexture();
        readonly Fade presence = new Fade();
        FaceBridgeClient client;
        MaterialPropertyBlock block;
        float[] values = new float[0];
        string keysRead;
        ClientState told;

        /// <summary>A picture has come, and the texture shows it.</summary>
        public event Action<FaceBridgeStream> FrameReceived;

        /// <summary>The source's curves, basis and values, before they are sent; the array is written over by the next.</summary>
        public event Action<string, float[]> CurvesRead;

        /// <summary>The newest picture, with its sequence, timecode and latency; its pixels are written over by the next.</summary>
        public ReceivedPicture Picture
        {
            get { return picture; }
        }

        /// <summary>What the pictures are shown on; null before the first.</summary>
        public Texture2D Texture
        {
            get { return texture.Texture; }
        }

        /// <summary>0 .. 1, how visible the face is after hold and fade.</summary>
        public float Presence
        {
            get { return presence.Presence(Time.realtimeSinceStartupAsDouble, hold, fade); }
        }

        /// <summary>Where the client stands.</summary>
        public ClientState State
        {
            get { return client == null ? ClientState.Offline : client.State; }
        }

        /// <summary>The colour of the state; amber also where it streams and a change of settings was refused.</summary>
        public StatusColour Colour
        {
            get { return client == null ? StatusColour.Grey : client.Colour; }
        }

        /// <summary>One short sentence: what is, and what to do.</summary>
        public string Status
        {
            get { return client == null ? "Not connected: connect to begin." : client.Status; }
        }

        /// <summary>Rates, counts and latency; null while not connected.</summary>
        public Figures Figures
        {
            get { return client == null ? null : client.Figures; }
        }

        /// <summary>What the server has; null before it answered.</summary>
        public ServerOffer Offer
        {
            get { return client == null ? null : client.Offer; }
        }

        /// <summary>The stream as granted; null while none is open.</summary>
        public Grant Grant
        {
            get { return client == null ? null : client.Grant; }
        }

        /// <summary>Try again what was refused, with the same settings.</summary>
        public void Reconnect()
        {
            keysRead = null;
            if (client != null)
                client.Disconnect();
        }

        /// <summary>End the connection; enabling the component begins another.</summary>
        public void Close()
        {
            if (client != null)
                client.Dispose();
            client = null;
            Tell();
        }

        void OnDisable()
        {
            Close();
            texture.Dispose();
        }

        void OnApplicationQuit()
        {
            Close();
        }

        void LateUpdate()
        {
            if (!Application.isPlaying && !liveInEditor)
            {
                Close();
                return;
            }
            if (client == null || client.State == ClientState.Closed)
                client = new FaceBridgeClient(Application.productName);
            Apply();
            Send();
            if (client.Update(picture))
                Receive();
            Show();
            Tell();
        }

        void Apply()
        {
            if (source != null)
                settings.Basis = source.Basis;
            // Textures have the bottom row first; LoadImage turns a JPEG itself.
            settings.RowOrder = settings.Codec == Codecs.Jpeg ? "top" : "bottom";
            try
            {
                ReadKeys();
                client.Apply(settings);
            }
            catch (ArgumentException error)
            {
                Debug.LogError(error.Message, this);
                enabled = false;
            }
        }

        void ReadKeys()
        {
            if (keyFile == keysRead)
                return;
            keysRead = keyFile;
            settings.Keys = keyFile == "" ? new CurveKeys() : CurveKeys.FromFile(keyFile);
        }

        void Send()
        {
            if (source == null || client.Grant == null)
                return;
            int count = Bases.CurvesOf(source.Basis).Length;
            if (values.Length != count)
                values = new float[count];
            if (!source.Read(values))
                return;
            if (CurvesRead != null)
                CurvesRead(source.Basis, values);
            client.Send(source.Basis, values, timecode);
        }

        void Receive()
        {
            presence.Refresh(Time.realtimeSinceStartupAsDouble);
            if (texture.Show(picture))
                onTexture.Invoke(texture.Texture);
            if (FrameReceived != null)
                FrameReceived(this);
        }

        void Show()
        {
            if (target == null || texture.Texture == null)
                return;
            if (block == null)
                block = new MaterialPropertyBlock();
            target.GetPropertyBlock(block);
            block.SetTexture(textureProperty, texture.Texture);
            if (colourProperty != "")
                block.SetColor(colourProperty, new Color(1f, 1f, 1f, Presence));
            target.SetPropertyBlock(block);
        }

        void Tell()
        {
            if (State == told)
                return;
            told = State;
            onState.Invoke(told);
        }
    }
}
