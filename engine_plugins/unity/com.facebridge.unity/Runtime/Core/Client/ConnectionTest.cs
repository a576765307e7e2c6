using System;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>Tries settings out without blocking: connects, opens a stream, has one neutral face drawn, and says in words how it went.</summary>
    public sealed class ConnectionTest : IDisposable
    {
        const long Patience = 15 * Clock.Second;

        readonly FaceBridgeClient client = new FaceBridgeClient("connection test");
        readonly ReceivedPicture picture = new ReceivedPicture();
        readonly StreamSettings settings;
        readonly float[] neutral;
        readonly long end;

        /// <summary>Begin; then call <see cref="Update"/> until <see cref="Done"/>.</summary>
        public ConnectionTest(StreamSettings settings)
        {
            this.settings = settings.Copy();
            string[] curves = Bases.CurvesOf(settings.Basis);
            neutral = new float[curves == null ? 0 : curves.Length];
            end = Clock.Now + Patience;
            Verdict = "Testing …";
            client.Apply(this.settings);
        }

        /// <summary>Whether the verdict is final.</summary>
        public bool Done { get; private set; }

        /// <summary>Whether a picture came.</summary>
        public bool Passed { get; private set; }

        /// <summary>What the server has; null where none answered.</summary>
        public ServerOffer Offer { get; private set; }

        /// <summary>How it went, and what to do.</summary>
        public string Verdict { get; private set; }

        /// <summary>Go on; call it often.</summary>
        public void Update()
        {
            if (Done)
                return;
            client.Send(settings.Basis, neutral);
            if (client.Update(picture))
                Finish(true, "Works: " + client.Grant.Identity + " at " + client.Grant.Size + " pixels, the first picture after "
                    + Math.Round(client.Figures.Latency.Total) + " ms. " + client.Grant.Notice);
            else if (client.State == ClientState.Refused || client.State == ClientState.Waiting)
                Finish(false, client.Status);
            else if (Clock.Now > end)
                Finish(false, "The server answered but drew nothing in 15 s: look at what it prints.");
        }

        /// <summary>End the test.</summary>
        public void Dispose()
        {
            client.Dispose();
        }

        void Finish(bool passed, string verdict)
        {
            Done = true;
            Passed = passed;
            Verdict = verdict.TrimEnd();
            Offer = client.Offer;
            client.Disconnect();
        }
    }
}
